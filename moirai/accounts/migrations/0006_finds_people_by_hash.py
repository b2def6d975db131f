from django.db import migrations, models

import moirai.crypto.fields
from moirai.crypto.borrowed import On
from moirai.crypto.fields import LookupHash


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_encrypts_people'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(LookupHash('email'), name='user_email_is_unique_whatever_its_case'),
        ),
        On('account', migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.UniqueConstraint(LookupHash('email'), condition=models.Q(verified=True), name='unique_verified_email'),
        )),
        On('account', migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.UniqueConstraint('user', LookupHash('email'), name='person_has_an_address_once'),
        )),
    ]
