"""Names and addresses, encrypted under a key of each person."""

from django.db import migrations
from django.db.models import F, Func, TextField, Value

from moirai.crypto.migrating import encrypt, give_key_ids


def drop_the_masks(apps, editor):
    """PostgreSQL writes an address of the type inet with its mask when it becomes text."""
    rows = apps.get_model("usersessions", "UserSession").objects
    for mask in ("/32", "/128"):
        bare = Func(F("ip"), Value(mask), Value(""), function="replace", output_field=TextField())
        rows.update(ip=bare)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_makes_room_for_encrypted_people'),
    ]

    operations = [
        give_key_ids('accounts', 'User'),
        encrypt('accounts', 'User', 'email', 'full_name'),
        encrypt('account', 'EmailAddress', 'email'),
        encrypt('mfa', 'Authenticator', 'data'),
        encrypt('socialaccount', 'SocialAccount', 'extra_data'),
        migrations.RunPython(drop_the_masks, migrations.RunPython.noop),
        encrypt('usersessions', 'UserSession', 'ip', 'user_agent'),
        encrypt('admin', 'LogEntry', 'object_repr', 'change_message'),
    ]
