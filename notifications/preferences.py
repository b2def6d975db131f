"""Which kinds reach whom by which way: the defaults of each role, and what people chose instead.

A person's choice is kept only where it differs from the default, so a better default reaches everybody else.
"""

from __future__ import annotations

from django.db import transaction

from moirai.accounts.models import User
from notifications.models import Channel, Kind, Notification, Preference

#: Law or safety asks that the person knows: no choice, here and by mail at once.
NECESSARY = {Kind.PRIVACY_REQUEST, Kind.INACTIVE_WARNING}
#: Here only, since mail is what fails.
APP_ALONE = {Kind.MAIL_BOUNCED}
DIGESTS = (Channel.DAILY, Channel.WEEKLY)
#: Kinds that wait for nobody: a digest would come too late, or the search has a frequency of its own.
NO_DIGEST = {Kind.SAVED_SEARCH, Kind.CV_FAILED, Kind.INTERVIEW, Kind.TEAM_INVITATION}

DEFAULTS: dict[str, dict[Kind, Channel]] = {
    User.Role.STUDENT: {
        Kind.NEW_MATCHES: Channel.WEEKLY,
        Kind.SAVED_SEARCH: Channel.NOW,
        Kind.CV_READ: Channel.APP,
        Kind.CV_FAILED: Channel.NOW,
        Kind.APPLICATION_MOVED: Channel.NOW,
        Kind.APPLICATION_CLOSED: Channel.NOW,
        Kind.POSTING_MOVED: Channel.NOW,
        Kind.MESSAGE: Channel.NOW,
        Kind.INVITATION: Channel.NOW,
        Kind.INTERVIEW: Channel.NOW,
        Kind.OUTCOME_SURVEY: Channel.NOW,
        Kind.FRAUD_CASE: Channel.NOW,
    },
    User.Role.RECRUITER: {
        Kind.APPLICATION_RECEIVED: Channel.NOW,
        Kind.APPLICATION_WAITING: Channel.DAILY,
        Kind.MESSAGE: Channel.NOW,
        Kind.INVITATION_ACCEPTED: Channel.NOW,
        Kind.INTERVIEW: Channel.NOW,
        Kind.POSTING_MOVED: Channel.NOW,
        Kind.POSTING_EXPIRING: Channel.NOW,
        Kind.COMPANY_MOVED: Channel.NOW,
        Kind.TEAM_INVITATION: Channel.NOW,
        Kind.FRAUD_CASE: Channel.NOW,
        Kind.WEBHOOK_OFF: Channel.NOW,
    },
    User.Role.STAFF: {
        Kind.FRAUD_CASE: Channel.DAILY,
        Kind.IMPORT_DONE: Channel.APP,
    },
}


def choices_of(role: str) -> list[Kind]:
    """The kinds that somebody of this role may decide about, in the order of the page."""
    return list(DEFAULTS.get(role, {}))


def channels_for(kind: str) -> list[Channel]:
    """What may be chosen for a kind."""
    return [c for c in Channel if kind not in NO_DIGEST or c not in DIGESTS]


def default_of(role: str, kind: str) -> Channel:
    if kind in NECESSARY:
        return Channel.NOW
    if kind in APP_ALONE:
        return Channel.APP
    return DEFAULTS.get(role, {}).get(Kind(kind), Channel.APP) if kind in Kind.values else Channel.APP


def channel(*, user: User, kind: str, mail: bool | None = None) -> Channel:
    """How to tell this person now.

    What the person chose holds. Without a choice the caller may insist: ``mail`` true is a mail at once (it was
    promised), false is a step too small for one; None leaves it to the default.
    """
    if kind not in NECESSARY | APP_ALONE:
        chosen = Preference.objects.filter(user=user, kind=kind).values_list("channel", flat=True).first()
        if chosen:
            return Channel(chosen)
        if mail:
            return Channel.NOW
        if mail is False:
            return Channel.APP
    return default_of(user.role, kind)


def channels_of(user: User) -> dict[Kind, Channel]:
    """For each kind that the person may decide about, the way in force."""
    chosen = dict(Preference.objects.filter(user=user).values_list("kind", "channel"))
    return {kind: Channel(chosen.get(kind, default_of(user.role, kind))) for kind in choices_of(user.role)}


@transaction.atomic
def choose(*, user: User, channels: dict[Kind, Channel]) -> None:
    """Keep what differs from the default; what waits for a digest moves with the choice.

    Raises ValueError for a kind that nobody may switch off, or a way that the kind does not have.
    """
    for kind, way in channels.items():
        if kind in NECESSARY | APP_ALONE or way not in channels_for(kind):
            raise ValueError(f"{kind} cannot be told by {way}.")
    Preference.objects.filter(user=user, kind__in=channels).delete()
    Preference.objects.bulk_create(
        [
            Preference(user=user, kind=kind, channel=way)
            for kind, way in channels.items()
            if way != default_of(user.role, kind)
        ]
    )
    waiting = Notification.objects.filter(user=user).exclude(digest="")
    for way in set(channels.values()) - {Channel.NOW}:  # what waited before that goes out with its digest still
        kinds = [kind for kind, chosen in channels.items() if chosen == way]
        waiting.filter(kind__in=kinds).update(digest=way if way in DIGESTS else "")


def stop_mails(*, user: User, kind: Kind | None = None, digest: str = "") -> None:
    """One click in a mail: the kind, or every kind of a digest, is from now on shown in the app alone."""
    kinds = [kind] if kind else [kind for kind, way in channels_of(user).items() if way == digest]
    choose(user=user, channels={kind: Channel.APP for kind in kinds if kind not in NECESSARY | APP_ALONE})
