"""The database itself refuses to change the ledger. Data and schema stay as they are."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION refuse_to_change_the_ledger() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'The ledger is append-only.'; END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_ledger();
"""
# Deleting is left to verify_audit to find: Django empties tables of SQLite by DELETE after tests.
SQLITE = """
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE ON accounts_auditevent
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
"""


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER ledger_is_append_only ON accounts_auditevent")
            cursor.execute("DROP FUNCTION refuse_to_change_the_ledger()")
        else:
            cursor.execute("DROP TRIGGER ledger_is_append_only")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_keeps_a_ledger_of_who_saw_whom")]
    operations = [migrations.RunPython(forwards, backwards)]
