from django.db import migrations

from jobs.lexemes import lexemes


def index_words(apps, schema_editor):
    """What is known without reading titles against occupations; `jobs.tasks.refresh_search` adds the rest at night."""
    Job = apps.get_model("jobs", "Job")
    rows = Job.objects.filter(lexemes="").select_related("company").prefetch_related("skills__skill").order_by("pk")
    batch = []
    for job in rows.iterator(chunk_size=200):
        asked = [row.skill for row in job.skills.all() if row.level != "ignored"]
        names = [name for skill in asked for name in (skill.name_es, skill.name_en)]
        texts = [job.description, job.requirements, job.preferences]
        job.lexemes = lexemes({"A": [job.title], "B": [job.company.name, job.city, *names], "C": texts})
        batch.append(job)
        if len(batch) == 200:
            Job.objects.bulk_update(batch, ["lexemes"])
            batch = []
    Job.objects.bulk_update(batch, ["lexemes"])


class Migration(migrations.Migration):
    dependencies = [("jobs", "0005_saves_postings_and_searches"), ("skills", "0001_initial")]

    operations = [migrations.RunPython(index_words, migrations.RunPython.noop)]
