"""What people of any role are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from notifications.wordings.parts import Words, day, number, posting, sentences, texts


def message(data: dict[str, Any]) -> Words:
    job, who = texts(data, "job", "who")
    title = _("%(who)s has written to you") % {"who": who} if who else _("You have a new message")
    return Words(title, posting(job), _("Read the message"))


def interview(data: dict[str, Any]) -> Words:
    job, who, status = texts(data, "job", "who", "status")
    who = who or _("an applicant")
    said = {
        "proposed": _("%(who)s proposes dates for an interview"),
        "confirmed": _("Your interview with %(who)s has a date"),
        "moved": _("Your interview with %(who)s has another date"),
        "cancelled": _("Your interview with %(who)s was cancelled"),
    }
    title = said.get(status, _("News of your interview with %(who)s")) % {"who": who}
    date = day(data, "DATETIME_FORMAT")
    when = _("When: %(date)s.") % {"date": date} if date else ""
    return Words(title, sentences(posting(job), when), _("See the interview"))


def fraud_case(data: dict[str, Any]) -> Words:
    job, status, note = texts(data, "job", "status", "note")
    said = {
        "opened": _("Somebody reported %(job)s"),
        "hidden": _("%(job)s is hidden while we look into a report"),
        "banned": _("%(job)s was withdrawn after a report"),
        "suspended": _("%(job)s is not offered at present: its company is suspended"),
        "warned": _("Take care with %(job)s: somebody reported it"),
        "dismissed": _("We looked into the report about %(job)s"),
    }
    title = said.get(status, _("News of the report about %(job)s")) % {"job": job}
    care = _("Send no money and no documents. If you already did, write to the careers office.")
    return Words(
        title, sentences(note, care if status in ("hidden", "banned", "warned") else ""), _("See what happened")
    )


def import_done(data: dict[str, Any]) -> Words:
    text = _("New: %(new)d. Changed: %(changed)d. With errors: %(errors)d.")
    return Words(
        _("The import has finished"),
        text % {name: number(data, name) for name in ("new", "changed", "errors")},
        _("See the import"),
    )


def privacy_request(data: dict[str, Any]) -> Words:
    date, status = day(data), str(data.get("status", ""))
    said = {
        "received": _("We have your request about your data"),
        "answered": _("We have answered your request about your data"),
        "late": _("A request about personal data is late"),
    }
    due = _("The answer is due on %(date)s.") % {"date": date} if date else ""
    return Words(said.get(status, _("News of your request about your data")), due, _("See the request"))


def inactive_warning(data: dict[str, Any]) -> Words:
    date = day(data)
    text = _("If you do not sign in before %(date)s, we erase your account and everything in it.") % {"date": date}
    return Words(_("Your account has not been used for a long time"), text if date else "", _("Keep my account"))


def mail_bounced(_data: dict[str, Any]) -> Words:
    return Words(
        _("Our mails do not reach you"),
        _("Your address refuses them, so we send no more. Change it, or tell us that it works again."),
        _("Repair it"),
    )
