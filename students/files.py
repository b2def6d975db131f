"""A CV's file goes when its row goes, whoever deletes it: a person erased must not live on in a folder."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from students.models import CV


@receiver(post_delete, sender=CV, dispatch_uid="students.files.remove_file")
def remove_file(sender: type[CV], instance: CV, **_kwargs: Any) -> None:
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)
