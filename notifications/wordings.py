"""What each kind of notification says: sentences with the data that they name, which may be missing.

Data are texts, whole numbers, and ``date`` in ISO 8601. A message's own words are never among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from jobs.models import Application
from notifications.models import Kind

Sentence: TypeAlias = str | Promise
Sentences: TypeAlias = tuple[Sentence, ...]


@dataclass(frozen=True)
class Wording:
    """``title`` and ``text`` are by status where they depend on it, with "" for any other status.

    A sentence of the text whose data is missing is left out, and a title is then ``nameless``, or says a blank.
    ``count`` is the number that decides between singular and plural, ``who`` what somebody without a name is called.
    """

    title: Sentence | Mapping[str, Sentence]
    text: Sentences | Mapping[str, Sentences] = ()
    action: Sentence = ""
    count: str = "new"
    who: Sentence = ""
    nameless: Sentence = ""
    date_format: str = "DATE_FORMAT"


POSTING = _("Posting: %(job)s.")
NOTE = "%(note)s"
S = Application.Status
CARE = (NOTE, _("Send no money and no documents. If you already did, write to the careers office."))
CHANGED = Wording(_("Something has changed"), action=_("Open"))
WORDINGS: dict[str, Wording] = {
    Kind.NEW_MATCHES: Wording(
        ngettext_lazy(
            "%(count)d new posting shares threads with your CV",
            "%(count)d new postings share threads with your CV",
            "count",
        ),
        (_("Each one says why, with the sentences of your CV that prove it."),),
        _("See my postings"),
    ),
    Kind.SAVED_SEARCH: Wording(
        ngettext_lazy("%(count)d new posting for “%(search)s”", "%(count)d new postings for “%(search)s”", "count"),
        action=_("See the postings"),
    ),
    Kind.CV_READ: Wording(
        _("We have read your CV"),
        (
            ngettext_lazy("We found %(count)d skill.", "We found %(count)d skills.", "count"),
            _("Check that they are right."),
        ),
        _("Check my skills"),
        count="skills",
    ),
    Kind.CV_FAILED: Wording(
        _("We could not read your CV"),
        (_("The reason: %(reason)s."), _("Upload the original file, or fill in your details by hand.")),
        _("Upload another file"),
    ),
    Kind.APPLICATION_RECEIVED: Wording(
        _("New application for %(job)s"), (_("An early answer helps, whatever it is."),), _("See applications")
    ),
    Kind.APPLICATION_WAITING: Wording(
        ngettext_lazy(
            "%(count)d application for %(job)s waits for your answer",
            "%(count)d applications for %(job)s wait for your answer",
            "count",
        ),
        (_("Without an answer they are closed on %(date)s, and the applicants are told."),),
        _("Answer now"),
        count="waiting",
    ),
    Kind.APPLICATION_MOVED: Wording(
        {
            S.SEEN: _("%(company)s has seen your application"),
            S.IN_REVIEW: _("%(company)s is reviewing your application"),
            S.INTERVIEW: _("%(company)s wants to interview you"),
            S.ACCEPTED: _("%(company)s has accepted your application"),
            S.REJECTED: _("%(company)s went on with other applications"),
            "no_news": _("No news yet from %(company)s"),
            "": _("Your application to %(company)s has moved"),
        },
        (POSTING,),
        _("See my application"),
    ),
    Kind.APPLICATION_CLOSED: Wording(
        _("Your application to %(company)s was closed without an answer"),
        (
            POSTING,
            _("It says nothing about you: the company did not answer in time, and we close what waits too long."),
        ),
        _("See my application"),
    ),
    Kind.MESSAGE: Wording(
        _("%(who)s has written to you"), (POSTING,), _("Read the message"), nameless=_("You have a new message")
    ),
    Kind.INVITATION: Wording(
        _("%(company)s wants to contact you"),
        (POSTING, _("It sees your name only if you share your profile. If you say no, nobody is told.")),
        _("See the invitation"),
    ),
    Kind.INVITATION_ACCEPTED: Wording(
        _("Somebody you invited has shared their profile"), (POSTING,), _("See the profile")
    ),
    Kind.INTERVIEW: Wording(
        {
            "proposed": _("%(who)s proposes dates for an interview"),
            "confirmed": _("Your interview with %(who)s has a date"),
            "moved": _("Your interview with %(who)s has another date"),
            "cancelled": _("Your interview with %(who)s was cancelled"),
            "": _("News of your interview with %(who)s"),
        },
        (POSTING, _("When: %(date)s.")),
        _("See the interview"),
        who=_("an applicant"),
        date_format="DATETIME_FORMAT",
    ),
    Kind.POSTING_MOVED: Wording(
        {
            "published": _("%(job)s is published"),
            "returned": _("%(job)s came back with a comment"),
            "declined": _("%(job)s was not published"),
            "closed": _("%(job)s is closed"),
            "hidden": _("%(job)s is hidden while we look into a report"),
            "": _("%(job)s has changed"),
        },
        (NOTE,),
        _("See the posting"),
    ),
    Kind.POSTING_EXPIRING: Wording(
        _("%(job)s is about to close"),
        (_("It closes on %(date)s. If the place is still open, confirm it with one click."),),
        _("Confirm or close"),
    ),
    Kind.COMPANY_MOVED: Wording(
        {
            "verified": _("%(company)s is verified: you can publish"),
            "declined": _("%(company)s was not verified"),
            "asked": _("We need one more thing to verify %(company)s"),
            "suspended": _("%(company)s is suspended"),
            "": _("%(company)s has changed"),
        },
        (NOTE,),
        _("See my company"),
    ),
    Kind.TEAM_INVITATION: Wording(
        _("You are invited to the team of %(company)s"), (_("By %(who)s."),), _("See the invitation")
    ),
    Kind.OUTCOME_SURVEY: Wording(
        {"reminder": _("A reminder: what came after graduating?"), "": _("What came after graduating?")},
        (
            _("One minute, if you like. Your answer is counted, never published with your name."),
            _("You can answer until %(date)s."),
        ),
        _("Answer the survey"),
    ),
    Kind.FRAUD_CASE: Wording(
        {
            "opened": _("Somebody reported %(job)s"),
            "hidden": _("%(job)s is hidden while we look into a report"),
            "banned": _("%(job)s was withdrawn after a report"),
            "suspended": _("%(job)s is not offered at present: its company is suspended"),
            "warned": _("Take care with %(job)s: somebody reported it"),
            "dismissed": _("We looked into the report about %(job)s"),
            "": _("News of the report about %(job)s"),
        },
        {"hidden": CARE, "banned": CARE, "warned": CARE, "": (NOTE,)},
        _("See what happened"),
    ),
    Kind.IMPORT_DONE: Wording(
        _("The import has finished"),
        (_("New: %(new)d. Changed: %(changed)d. With errors: %(errors)d."),),
        _("See the import"),
    ),
    Kind.PRIVACY_REQUEST: Wording(
        {
            "received": _("We have your request about your data"),
            "answered": _("We have answered your request about your data"),
            "late": _("A request about personal data is late"),
            "": _("News of your request about your data"),
        },
        (_("The answer is due on %(date)s."),),
        _("See the request"),
    ),
    Kind.INACTIVE_WARNING: Wording(
        _("Your account has not been used for a long time"),
        (_("If you do not sign in before %(date)s, we erase your account and everything in it."),),
        _("Keep my account"),
    ),
    Kind.MAIL_BOUNCED: Wording(
        _("Our mails do not reach you"),
        (_("Your address refuses them, so we send no more. Change it, or tell us that it works again."),),
        _("Repair it"),
    ),
    Kind.WEBHOOK_OFF: Wording(
        _("A webhook of your company is off"),
        (_("Its address did not answer for three days, so nothing is sent there any more."),),
        _("See the integrations"),
    ),
}
