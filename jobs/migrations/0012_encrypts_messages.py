"""What students and companies wrote to each other, encrypted under the key of the student."""

from django.db import migrations

from moirai.crypto.migrating import encrypt


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0011_makes_room_for_encrypted_messages'),
    ]

    operations = [
        encrypt('jobs', 'Application', 'message'),
        encrypt('jobs', 'ApplicationEvent', 'note'),
    ]
