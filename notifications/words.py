"""The words of a notification, in the language that is active: made from kind and data when somebody reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Application
from notifications.models import Kind
from students.models import CV


@dataclass(frozen=True)
class Words:
    title: str
    text: str
    action: str


def words(kind: str, data: dict[str, Any]) -> Words:
    """What to say; data of an older version, or of a kind that is gone, never breaks the page."""
    write = WRITERS.get(kind)
    return write(data) if write else Words(_("Something has changed"), "", _("Open"))


def _new_matches(data: dict[str, Any]) -> Words:
    new = int(data.get("new", 0))
    return Words(
        ngettext(
            "%(count)d new posting shares threads with your CV",
            "%(count)d new postings share threads with your CV",
            new,
        )
        % {"count": new},
        _("Each one says why, with the sentences of your CV that prove it."),
        _("See my postings"),
    )


def _cv_read(data: dict[str, Any]) -> Words:
    skills = int(data.get("skills", 0))
    found = ngettext("We found %(count)d skill.", "We found %(count)d skills.", skills) % {"count": skills}
    advice = _("Check that they are right.")
    return Words(_("We have read your CV"), f"{found} {advice}", _("Check my skills"))


def _cv_failed(data: dict[str, Any]) -> Words:
    failure = str(data.get("failure", ""))
    reason = str(CV.Failure(failure).label) if failure in CV.Failure.values else ""
    text = _("The reason: %(reason)s.") % {"reason": reason} if reason else ""
    advice = _("Upload the original file, or fill in your details by hand.")
    return Words(_("We could not read your CV"), f"{text} {advice}".strip(), _("Upload another file"))


def _application_received(data: dict[str, Any]) -> Words:
    return Words(
        _("New application for %(job)s") % {"job": data.get("job", "")},
        _("An early answer helps, whatever it is."),
        _("See applications"),
    )


def _application_moved(data: dict[str, Any]) -> Words:
    job, company, status = (str(data.get(name, "")) for name in ("job", "company", "status"))
    said = {
        Application.Status.SEEN: _("%(company)s has seen your application"),
        Application.Status.IN_REVIEW: _("%(company)s is reviewing your application"),
        Application.Status.INTERVIEW: _("%(company)s wants to interview you"),
        Application.Status.ACCEPTED: _("%(company)s has accepted your application"),
        Application.Status.REJECTED: _("%(company)s went on with other applications"),
    }
    title = next((text for key, text in said.items() if key == status), _("Your application to %(company)s has moved"))
    return Words(title % {"company": company}, _("Posting: %(job)s.") % {"job": job}, _("See my application"))


WRITERS: dict[str, Callable[[dict[str, Any]], Words]] = {
    Kind.NEW_MATCHES: _new_matches,
    Kind.CV_READ: _cv_read,
    Kind.CV_FAILED: _cv_failed,
    Kind.APPLICATION_RECEIVED: _application_received,
    Kind.APPLICATION_MOVED: _application_moved,
}
