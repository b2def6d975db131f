"""Papers by which a company shows that it exists; only staff open them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from jobs.models.company import Company
from moirai.crypto.fields import EncryptedCharField, EncryptedFileField
from moirai.public_ids import new_public_id


def document_path(document: CompanyDocument, _filename: str) -> str:
    """A random name: what the company called its file is in the row."""
    return f"companies/{new_public_id()}{new_public_id()}"


class CompanyDocument(models.Model):
    class Kind(models.TextChoices):
        TAX = "tax", _("tax certificate (constancia de situación fiscal)")
        DEED = "deed", _("deed of incorporation")
        POWER = "power", _("power of attorney")
        ADDRESS = "address", _("proof of address")
        OTHER = "other", _("another document")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="documents", verbose_name=_("company"))
    kind = models.CharField(_("document"), max_length=7, choices=Kind)
    file = EncryptedFileField(_("file"), person="house", upload_to=document_path)
    original_name = EncryptedCharField(_("name of the file"), max_length=255, person="house")
    content_type = models.CharField(_("type"), max_length=20)
    size = models.PositiveIntegerField(_("bytes"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("document of a company")
        verbose_name_plural = _("documents of companies")

    def __str__(self) -> str:
        return f"{self.company}: {self.kind}"


@receiver(post_delete, sender=CompanyDocument, dispatch_uid="remove_the_file_of_a_document")
def remove_file(sender: type[CompanyDocument], instance: CompanyDocument, **_kwargs: Any) -> None:
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
