from django.db import migrations

HAS_LZ4 = "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"


def keep_in_row(apps, schema_editor):
    """A search for a common word reads the words of most postings: unpacked quickly, from the row itself, a quarter
    of the time. It holds for what is written from now on."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("ALTER TABLE jobs_job ALTER COLUMN lexemes SET STORAGE MAIN")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(HAS_LZ4)
        if cursor.fetchone() == (True,):
            cursor.execute("ALTER TABLE jobs_job ALTER COLUMN lexemes SET COMPRESSION lz4")


def keep_as_ever(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE jobs_job ALTER COLUMN lexemes SET STORAGE EXTENDED")
        schema_editor.execute("ALTER TABLE jobs_job ALTER COLUMN lexemes SET COMPRESSION DEFAULT")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0014_feeds_calendars")]

    operations = [migrations.RunPython(keep_in_row, keep_as_ever)]
