"""Earlier applications shared name, e-mail, CV and explanation, as their form said: the receipt says so too."""

from django.db import migrations
from django.db.models import F


def write(apps, schema_editor):
    Application = apps.get_model("jobs", "Application")
    rows = (
        Application.objects.filter(receipt={})
        .select_related("cv")
        .only("id", "created_at", "status", "cv__public_id", "cv__uploaded_at")
    )
    # Which ones have a message is asked of the database: its text may be encrypted already.
    with_message = set(Application.objects.exclude(message="").values_list("pk", flat=True))
    for row in rows.iterator(chunk_size=1000):
        row.receipt = {
            "name": True,
            "email": True,
            "phone": False,
            "cv": {"id": row.cv.public_id, "uploaded_at": row.cv.uploaded_at.isoformat()} if row.cv_id else None,
            "explanation": True,
            "message": row.pk in with_message,
            "at": row.created_at.isoformat(),
        }
        Application.objects.filter(pk=row.pk).update(receipt=row.receipt)
    # Who was asked to an interview before there were blind reviews is known by name.
    Application.objects.filter(status__in=["interview", "accepted"]).update(revealed_at=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("jobs", "0009_conversations_invitations_and_interviews")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop, elidable=True)]
