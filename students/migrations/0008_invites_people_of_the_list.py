from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("students", "0007_imports_cohorts")]

    operations = [
        migrations.AddField(
            model_name="student",
            name="invited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="invited"),
        ),
        migrations.AddField(
            model_name="student",
            name="needs_inviting_since",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="waits to be invited since"),
        ),
        migrations.AddIndex(
            model_name="student",
            index=models.Index(
                condition=models.Q(("needs_inviting_since__isnull", False)),
                fields=["needs_inviting_since"],
                name="student_waits_to_be_invited",
            ),
        ),
    ]
