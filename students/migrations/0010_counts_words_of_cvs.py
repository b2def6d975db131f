import students.models.cv
from django.db import migrations

from moirai.skills.text import words_in


def count(apps, editor):
    CV = apps.get_model("students", "CV")
    for cv in CV.objects.exclude(text="").only("text").iterator(chunk_size=500):
        CV.objects.filter(pk=cv.pk).update(words=words_in(cv.text))


class Migration(migrations.Migration):
    dependencies = [
        ("students", "0009_asks_graduates"),
    ]

    operations = [
        migrations.AddField(
            model_name="cv",
            name="words",
            field=students.models.cv.WordCount(default=0, editable=False, verbose_name="words"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
