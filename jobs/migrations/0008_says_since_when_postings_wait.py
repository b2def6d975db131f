"""Postings that wait for staff since before there was a column for it wait since they were last changed."""

from django.db import migrations
from django.db.models import F


def say_since_when(apps, schema_editor):
    jobs = apps.get_model("jobs", "Job").objects
    jobs.filter(status="in_review", review_since__isnull=True).update(review_since=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("jobs", "0007_tells_revisions_reports_and_rulings")]

    operations = [migrations.RunPython(say_since_when, migrations.RunPython.noop)]
