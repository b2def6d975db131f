from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("students", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "student",
            "restricted_since",
            models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="processing restricted since"
            ),
        ),
    ]
