"""What recruiters are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.wordings.parts import Words, day, number, posting, texts


def application_received(data: dict[str, Any]) -> Words:
    return Words(
        _("New application for %(job)s") % {"job": data.get("job", "")},
        _("An early answer helps, whatever it is."),
        _("See applications"),
    )


def application_waiting(data: dict[str, Any]) -> Words:
    waiting, date = number(data, "waiting"), day(data)
    title = ngettext(
        "%(count)d application for %(job)s waits for your answer",
        "%(count)d applications for %(job)s wait for your answer",
        waiting,
    )
    closing = _("Without an answer they are closed on %(date)s, and the applicants are told.") % {"date": date}
    return Words(title % {"count": waiting, "job": data.get("job", "")}, closing if date else "", _("Answer now"))


def invitation_accepted(data: dict[str, Any]) -> Words:
    return Words(
        _("Somebody you invited has shared their profile"),
        posting(str(data.get("job", ""))),
        _("See the profile"),
    )


def posting_moved(data: dict[str, Any]) -> Words:
    job, status, note = texts(data, "job", "status", "note")
    said = {
        "published": _("%(job)s is published"),
        "returned": _("%(job)s came back with a comment"),
        "declined": _("%(job)s was not published"),
        "closed": _("%(job)s is closed"),
        "hidden": _("%(job)s is hidden while we look into a report"),
    }
    return Words(said.get(status, _("%(job)s has changed")) % {"job": job}, note, _("See the posting"))


def posting_expiring(data: dict[str, Any]) -> Words:
    date = day(data)
    title = _("%(job)s is about to close") % {"job": data.get("job", "")}
    text = _("It closes on %(date)s. If the place is still open, confirm it with one click.") % {"date": date}
    return Words(title, text if date else "", _("Confirm or close"))


def company_moved(data: dict[str, Any]) -> Words:
    company, status, note = texts(data, "company", "status", "note")
    said = {
        "verified": _("%(company)s is verified: you can publish"),
        "declined": _("%(company)s was not verified"),
        "asked": _("We need one more thing to verify %(company)s"),
        "suspended": _("%(company)s is suspended"),
    }
    title = said.get(status, _("%(company)s has changed")) % {"company": company}
    return Words(title, note, _("See my company"))


def team_invitation(data: dict[str, Any]) -> Words:
    company, who = texts(data, "company", "who")
    title = _("You are invited to the team of %(company)s") % {"company": company}
    return Words(title, _("By %(who)s.") % {"who": who} if who else "", _("See the invitation"))


def webhook_off(data: dict[str, Any]) -> Words:
    return Words(
        _("A webhook of your company is off"),
        _("Its address did not answer for three days, so nothing is sent there any more."),
        _("See the integrations"),
    )
