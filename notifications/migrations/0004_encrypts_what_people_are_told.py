"""What people were told, encrypted under the key of each."""

from django.db import migrations

from moirai.crypto.migrating import encrypt


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_makes_room_for_encrypted_words'),
    ]

    operations = [
        encrypt('notifications', 'Notification', 'data'),
        encrypt('notifications', 'OutboxMail', 'subject', 'text', 'html'),
    ]
