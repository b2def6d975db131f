import django.db.models.deletion
from django.db import migrations, models


def grant_what_applications_gave(apps, schema_editor):
    """Whoever applied let that company look, from the first application on."""
    grants = apps.get_model("jobs", "CompanyGrant")
    applications = apps.get_model("jobs", "Application").objects.exclude(status="withdrawn").order_by()
    pairs = applications.values_list("student_id", "job__company_id").annotate(models.Min("created_at"))
    rows = (
        grants(student_id=student, company_id=company, source="application", given_at=at)
        for student, company, at in pairs.iterator(chunk_size=2000)
    )
    grants.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("students", "0002_lets_students_restrict_what_is_done"),
        ("jobs", "0003_makes_room_for_several_cities"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("application", "you applied"), ("invitation", "you accepted an invitation")],
                        max_length=11,
                        verbose_name="because",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="jobs.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="students.student",
                        verbose_name="student",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent to a company",
                "verbose_name_plural": "consents to companies",
                "constraints": [
                    models.UniqueConstraint(fields=("student", "company"), name="student_consents_to_a_company_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeStatistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                ("programme", models.CharField(blank=True, max_length=200, verbose_name="degree programme")),
                ("outcome", models.CharField(max_length=12, verbose_name="outcome")),
                ("applications", models.PositiveIntegerField(default=0, verbose_name="applications")),
            ],
            options={
                "verbose_name": "statistic of outcomes",
                "verbose_name_plural": "statistics of outcomes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "programme", "outcome"), name="month_programme_and_outcome_are_counted_once"
                    )
                ],
            },
        ),
        migrations.RunPython(grant_what_applications_gave, migrations.RunPython.noop, elidable=True),
    ]
