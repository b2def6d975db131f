"""What students wrote and uploaded, encrypted under a key of each student."""

from django.db import migrations

from moirai.crypto.migrating import encrypt, encrypt_files, give_key_ids
from moirai.crypto.ring import keyed_hash


def hash_with_key(apps, editor):
    """Plain SHA-256 tells whoever holds a file that it was uploaded here."""
    CV = apps.get_model("students", "CV")
    for cv in CV.objects.exclude(content_hash="").only("content_hash", "student__key_id").select_related("student"):
        about = f"students.cv.file {cv.student.key_id}"
        CV.objects.filter(pk=cv.pk).update(content_hash=keyed_hash(cv.content_hash, about=about))


def forget_hashes(apps, editor):
    apps.get_model("students", "CV").objects.update(content_hash="")


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0004_makes_room_for_encrypted_texts'),
    ]

    operations = [
        give_key_ids('students', 'Student'),
        encrypt('students', 'Student', 'external_id', 'student_number', 'phone', 'headline', 'declared_skills'),
        encrypt('students', 'CV', 'text', 'original_name'),
        encrypt('students', 'Evidence', 'statement'),
        encrypt('students', 'ProfileEntry', 'title', 'organisation', 'description'),
        migrations.RunPython(hash_with_key, forget_hashes),
        encrypt_files('students', 'CV', 'file'),
    ]
