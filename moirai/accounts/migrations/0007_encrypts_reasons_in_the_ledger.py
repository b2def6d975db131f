"""Reasons that staff gave, encrypted. Hashes are of the plain words, so the chain holds as it is."""

from importlib import import_module

from django.db import migrations

import moirai.crypto.fields
from moirai.crypto.migrating import encrypt

ledger = import_module('moirai.accounts.migrations.0003_refuses_to_change_the_ledger')


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_finds_people_by_hash'),
    ]

    operations = [
        migrations.RunPython(ledger.backwards, ledger.forwards),
        migrations.AlterField(
            model_name='auditevent',
            name='reason',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=500, person='house', verbose_name='reason'),
        ),
        encrypt('accounts', 'AuditEvent', 'reason'),
        migrations.RunPython(ledger.forwards, ledger.backwards),
    ]
