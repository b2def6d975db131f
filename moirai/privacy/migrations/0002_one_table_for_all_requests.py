import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import moirai.crypto.fields


def close_the_erased(apps, schema_editor):
    requests = apps.get_model("privacy", "PrivacyRequest")
    requests.objects.filter(closed_at__isnull=False).update(outcome="done")


def keep_erasures_alone(apps, schema_editor):
    """The table before knew one request a person, to be erased."""
    requests = apps.get_model("privacy", "PrivacyRequest")
    requests.objects.exclude(kind="erase").delete()
    seen = set()
    for pk, user in requests.objects.filter(user__isnull=False).order_by("-asked_at").values_list("pk", "user_id"):
        if user in seen:
            requests.objects.filter(pk=pk).delete()
        seen.add(user)


KINDS = [
    ("access", "a copy of my data"),
    ("correct", "correct my data"),
    ("restrict", "restrict what is done with my data"),
    ("object", "a person looks at a match or a decision"),
    ("erase", "erase my data"),
    ("inactive", "erasing after years without a sign-in"),
]
OUTCOMES = [("open", "open"), ("done", "done"), ("declined", "declined, with a reason"), ("taken_back", "taken back")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("crypto", "0001_keys_of_people"),
        ("privacy", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex("ErasureRequest", "erasures_that_are_due"),
        migrations.RenameModel("ErasureRequest", "PrivacyRequest"),
        migrations.AlterModelOptions(
            "PrivacyRequest", {"verbose_name": "privacy request", "verbose_name_plural": "privacy requests"}
        ),
        migrations.RenameField("PrivacyRequest", "erased_at", "closed_at"),
        migrations.AlterField(
            "PrivacyRequest", "closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")
        ),
        migrations.AddField(
            "PrivacyRequest",
            "kind",
            models.CharField(choices=KINDS, default="erase", max_length=8, verbose_name="kind"),
            preserve_default=False,
        ),
        migrations.AddField(
            "PrivacyRequest",
            "about",
            models.CharField(
                blank=True, help_text="A posting or application, by its id.", max_length=60, verbose_name="about"
            ),
        ),
        migrations.AddField(
            "PrivacyRequest",
            "text",
            moirai.crypto.fields.EncryptedTextField(
                blank=True, max_length=2000, person="user", verbose_name="what the person wrote"
            ),
        ),
        migrations.AddField(
            "PrivacyRequest",
            "answer",
            moirai.crypto.fields.EncryptedTextField(
                blank=True, help_text="The person reads it.", max_length=2000, person="user", verbose_name="answer"
            ),
        ),
        migrations.AddField(
            "PrivacyRequest",
            "outcome",
            models.CharField(choices=OUTCOMES, default="open", max_length=10, verbose_name="state"),
        ),
        migrations.AddField(
            "PrivacyRequest",
            "closed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.RunPython(close_the_erased, keep_erasures_alone),
        migrations.AlterField(
            "PrivacyRequest",
            "user",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="privacy_requests",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddIndex(
            "PrivacyRequest",
            models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["due_at"], name="requests_that_are_due"
            ),
        ),
        migrations.AddConstraint(
            "PrivacyRequest",
            models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("user", "kind", "about"),
                name="person_asks_for_a_thing_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "PrivacyRequest",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("outcome", "open")),
                    models.Q(models.Q(("outcome", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="closed_request_says_when",
            ),
        ),
    ]
