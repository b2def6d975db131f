"""Columns wide enough for ciphertext, an id of the key of each person; `0005_…` fills them."""

import django.db.models.functions.text
from django.db import migrations, models

import moirai.crypto.fields
import moirai.crypto.models
from moirai.crypto.borrowed import On


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_ledger_knows_requests_and_restrictions'),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
        ('usersessions', '0001_initial'),
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('crypto', '0001_keys_of_people'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='user_email_is_unique_whatever_its_case',
        ),
        migrations.AddField(
            model_name='user',
            name='key_id',
            field=moirai.crypto.models.KeyIdField(verbose_name='id of the key'),
        ),
        migrations.AlterField(
            model_name='user',
            name='email',
            field=moirai.crypto.fields.EncryptedEmailField(max_length=254, person='self', verbose_name='e-mail address'),
        ),
        migrations.AlterField(
            model_name='user',
            name='full_name',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=150, person='self', verbose_name='full name'),
        ),
        On('account', migrations.AlterUniqueTogether(name='emailaddress', unique_together=set())),
        On('account', migrations.RemoveConstraint(model_name='emailaddress', name='unique_verified_email')),
        On('account', migrations.AlterField(
            model_name='emailaddress',
            name='email',
            field=moirai.crypto.fields.EncryptedEmailField(max_length=254, person='user', verbose_name='email address'),
        )),
        On('mfa', migrations.AlterField(
            model_name='authenticator',
            name='data',
            field=moirai.crypto.fields.EncryptedJSONField(person='user'),
        )),
        On('socialaccount', migrations.AlterField(
            model_name='socialaccount',
            name='extra_data',
            field=moirai.crypto.fields.EncryptedJSONField(default=dict, person='user', verbose_name='extra data'),
        )),
        On('usersessions', migrations.AlterField(
            model_name='usersession',
            name='ip',
            field=moirai.crypto.fields.EncryptedCharField(max_length=45, person='user'),
        )),
        On('usersessions', migrations.AlterField(
            model_name='usersession',
            name='user_agent',
            field=moirai.crypto.fields.EncryptedCharField(max_length=200, person='user'),
        )),
        On('admin', migrations.AlterField(
            model_name='logentry',
            name='object_repr',
            field=moirai.crypto.fields.EncryptedCharField(max_length=200, person='house', verbose_name='object repr'),
        )),
        On('admin', migrations.AlterField(
            model_name='logentry',
            name='change_message',
            field=moirai.crypto.fields.EncryptedTextField(blank=True, person='house', verbose_name='change message'),
        )),
    ]
