"""Aliases that people propose: put forward, approve, decline, take back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from moirai.accounts.models import User
from moirai.skills.models import AliasProposal, Language, Skill, SkillAlias, Source
from moirai.skills.signals import aliases_changed
from moirai.skills.text import fold

LONGEST = 200
SENTENCE = 500
Status = AliasProposal.Status


class AliasRefusedError(ValueError):
    """The alias cannot be proposed or approved; the message says why."""


class AliasTakenError(AliasRefusedError):
    """The words name a skill already."""

    def __init__(self, alias: SkillAlias) -> None:
        super().__init__(f"{alias.text!r} names {alias.skill} already.")
        self.alias = alias


class AlreadyDecidedError(AliasRefusedError):
    """Somebody else was faster, or the page was old."""


@transaction.atomic
def propose_alias(
    *, skill: Skill, language: str, text: str, sentence: str, by: User | None, at: datetime
) -> AliasProposal:
    """Put an alias before staff; the same words for the same skill wait there once.

    Raises AliasTakenError where the words name a skill already, AliasRefusedError where they are no name.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST or "\x00" in text or language not in Language.values:
        raise AliasRefusedError(f"{text[:50]!r} ({language}) cannot be an alias.")
    if alias := alias_of(language=language, text=text):
        raise AliasTakenError(alias)
    proposal, _ = AliasProposal.objects.get_or_create(
        skill=skill,
        language=language,
        folded=fold(text),
        status=Status.PROPOSED,
        defaults={"text": text, "sentence": sentence[:SENTENCE], "proposed_by": by, "proposed_at": at},
    )
    return proposal


def alias_of(*, language: str, text: str) -> SkillAlias | None:
    """The alias that these words are in a language, if they are one."""
    return SkillAlias.objects.select_related("skill").filter(language=language, folded=fold(text)).first()


@transaction.atomic
def approve_alias(*, proposal: AliasProposal, by: User, at: datetime) -> SkillAlias:
    """The words name the skill from now on. Raises AlreadyDecidedError, AliasTakenError."""
    if alias := alias_of(language=proposal.language, text=proposal.text):
        raise AliasTakenError(alias)
    _decide(proposal, Status.APPROVED, since=Status.PROPOSED, by=by, at=at)
    try:
        with transaction.atomic():
            alias = SkillAlias.objects.create(
                skill=proposal.skill,
                language=proposal.language,
                text=proposal.text,
                folded=proposal.folded,
                source=Source.STAFF,
            )
    except IntegrityError as error:  # the same words, approved for another skill at the same moment
        raise AlreadyDecidedError(f"{proposal.text!r} was given a meaning a moment ago.") from error
    aliases_changed.send(sender=SkillAlias, texts=[proposal.text])
    return alias


@transaction.atomic
def decline_alias(*, proposal: AliasProposal, by: User, at: datetime) -> None:
    """The words do not name the skill. Raises AlreadyDecidedError."""
    _decide(proposal, Status.DECLINED, since=Status.PROPOSED, by=by, at=at)


@transaction.atomic
def take_back_alias(*, proposal: AliasProposal, by: User, at: datetime) -> None:
    """Undo an approval: the alias goes, the proposal stays as a record. Raises AlreadyDecidedError."""
    _decide(proposal, Status.WITHDRAWN, since=Status.APPROVED, by=by, at=at)
    SkillAlias.objects.filter(
        skill=proposal.skill, language=proposal.language, folded=proposal.folded, source=Source.STAFF
    ).delete()
    aliases_changed.send(sender=SkillAlias, texts=[proposal.text])


def _decide(proposal: AliasProposal, status: str, *, since: str, by: User, at: datetime) -> None:
    """Claim the row: two who decide at once do not both succeed."""
    claimed = AliasProposal.objects.filter(pk=proposal.pk, status=since).update(
        status=status, decided_by=by, decided_at=at, sentence=""
    )
    if not claimed:
        raise AlreadyDecidedError(f"{proposal.text!r} was decided already.")
    proposal.refresh_from_db()
