import django.db.models.deletion
import jobs.lexemes
import moirai.public_ids
from django.db import migrations, models


def index_words(apps, schema_editor):
    """PostgreSQL finds words by an index; elsewhere the column is plain text."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX words_of_postings ON jobs_job USING gin (lexemes)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS words_of_postings")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_writes_down_consent_to_each_company")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="lexemes",
            field=jobs.lexemes.LexemesField(
                blank=True, default="", editable=False, help_text="Their stems with weights; see jobs/lexemes.py."
            ),
            preserve_default=False,
        ),
        migrations.RunPython(index_words, drop_index),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=50, unique=True, verbose_name="word")),
                ("postings", models.PositiveIntegerField(verbose_name="postings")),
            ],
            options={"verbose_name": "word of postings", "verbose_name_plural": "words of postings"},
        ),
        migrations.CreateModel(
            name="SavedJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(verbose_name="saved")),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="posting",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_jobs",
                        to="students.student",
                        verbose_name="student",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved posting",
                "verbose_name_plural": "saved postings",
                "indexes": [models.Index(fields=["student", "-created_at", "-id"], name="saved_jobs_newest_first")],
                "constraints": [models.UniqueConstraint(fields=("student", "job"), name="student_saves_a_job_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=moirai.public_ids.new_public_id,
                        editable=False,
                        max_length=10,
                        unique=True,
                        verbose_name="public id",
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True, help_text="As in the address.", max_length=1000, verbose_name="search"
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[("daily", "daily"), ("weekly", "weekly")],
                        default="daily",
                        max_length=6,
                        verbose_name="frequency",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("due_at", models.DateTimeField(verbose_name="looks next at")),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to="students.student",
                        verbose_name="student",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "indexes": [models.Index(fields=["due_at"], name="searches_that_are_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("student", "query"), name="student_saves_a_search_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SentJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="posting",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="students.student",
                        verbose_name="student",
                    ),
                ),
            ],
            options={
                "verbose_name": "posting sent by an alert",
                "verbose_name_plural": "postings sent by alerts",
                "constraints": [models.UniqueConstraint(fields=("student", "job"), name="student_is_sent_a_job_once")],
            },
        ),
    ]
