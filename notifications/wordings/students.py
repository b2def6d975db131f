"""What students are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Application
from notifications.wordings.parts import Item, Words, day, number, posting, sentences, texts
from students.models import CV

MOST_ITEMS = 10  # of a list inside one notification


def new_matches(data: dict[str, Any]) -> Words:
    new = number(data, "new")
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


def saved_search(data: dict[str, Any]) -> Words:
    jobs, new = data.get("jobs"), number(data, "new")
    rows = [row for row in jobs if isinstance(row, dict)][:MOST_ITEMS] if isinstance(jobs, list) else []
    items = [Item(" · ".join(filter(None, texts(row, "title", "company"))), str(row.get("url", ""))) for row in rows]
    title = ngettext("%(count)d new posting for “%(search)s”", "%(count)d new postings for “%(search)s”", new)
    return Words(title % {"count": new, "search": data.get("search", "")}, "", _("See the postings"), items)


def cv_read(data: dict[str, Any]) -> Words:
    skills = number(data, "skills")
    found = ngettext("We found %(count)d skill.", "We found %(count)d skills.", skills) % {"count": skills}
    advice = _("Check that they are right.")
    return Words(_("We have read your CV"), f"{found} {advice}", _("Check my skills"))


def cv_failed(data: dict[str, Any]) -> Words:
    failure = str(data.get("failure", ""))
    reason = str(CV.Failure(failure).label) if failure in CV.Failure.values else ""
    text = _("The reason: %(reason)s.") % {"reason": reason} if reason else ""
    advice = _("Upload the original file, or fill in your details by hand.")
    return Words(_("We could not read your CV"), sentences(text, advice), _("Upload another file"))


def application_moved(data: dict[str, Any]) -> Words:
    job, company, status = texts(data, "job", "company", "status")
    said: dict[str, str] = {
        Application.Status.SEEN: _("%(company)s has seen your application"),
        Application.Status.IN_REVIEW: _("%(company)s is reviewing your application"),
        Application.Status.INTERVIEW: _("%(company)s wants to interview you"),
        Application.Status.ACCEPTED: _("%(company)s has accepted your application"),
        Application.Status.REJECTED: _("%(company)s went on with other applications"),
        "no_news": _("No news yet from %(company)s"),
    }
    title = said.get(status, _("Your application to %(company)s has moved"))
    return Words(title % {"company": company}, posting(job), _("See my application"))


def application_closed(data: dict[str, Any]) -> Words:
    job, company = texts(data, "job", "company")
    advice = _("It says nothing about you: the company did not answer in time, and we close what waits too long.")
    title = _("Your application to %(company)s was closed without an answer") % {"company": company}
    return Words(title, sentences(posting(job), advice), _("See my application"))


def invitation(data: dict[str, Any]) -> Words:
    job, company = texts(data, "job", "company")
    advice = _("It sees your name only if you share your profile. If you say no, nobody is told.")
    title = _("%(company)s wants to contact you") % {"company": company}
    return Words(title, sentences(posting(job), advice), _("See the invitation"))


def outcome_survey(data: dict[str, Any]) -> Words:
    date = day(data)
    until = _("You can answer until %(date)s.") % {"date": date} if date else ""
    advice = _("One minute, if you like. Your answer is counted, never published with your name.")
    title = _("What came after graduating?")
    if data.get("is_reminder"):
        title = _("A reminder: what came after graduating?")
    return Words(title, sentences(advice, until), _("Answer the survey"))
