"""Sentences that proposals quote, encrypted under the key of the house."""

from django.db import migrations

from moirai.crypto.migrating import encrypt


class Migration(migrations.Migration):

    dependencies = [
        ('skills', '0003_makes_room_for_encrypted_sentences'),
    ]

    operations = [
        encrypt('skills', 'AliasProposal', 'sentence'),
    ]
