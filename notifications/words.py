"""The words of a notification, in the language that is active: made from kind and data when somebody reads.

What each kind takes as ``data`` (every key may be missing; dates are ISO 8601; texts are those of the moment):

===================== ============================================================================================
new_matches           ``new``: how many
saved_search          ``search``: its name; ``new``: how many; ``jobs``: list of ``{title, company, url}``;
                      ``unsubscribe``: path that ends this alert
cv_read               ``skills``: how many
cv_failed             ``failure``: a `students.CV.Failure`
application_received  ``job``
application_waiting   ``job``, ``waiting``: how many, ``date``: when they are closed
application_moved     ``job``, ``company``, ``status``: a `jobs.Application.Status`, or no_news
application_closed    ``job``, ``company``
message               ``job``, ``who``: name of the writer, never the message itself
invitation            ``job``, ``company``
invitation_accepted   ``job``
interview             ``job``, ``who``: the company, ``status``: proposed, confirmed, moved or cancelled, ``date``
posting_moved         ``job``, ``status``: published, returned, declined or closed, ``note``
posting_expiring      ``job``, ``date``
company_moved         ``company``, ``status``: verified, declined, asked or suspended, ``note``
team_invitation       ``company``, ``who``
outcome_survey        ``date``: last day to answer, ``is_reminder``, ``link``: that of the mail
fraud_case            ``job``, ``status``: opened, hidden, banned or dismissed, ``note``
import_done           ``new``, ``changed``, ``errors``: how many of each
privacy_request       ``status``: received, answered or late, ``date``: when it is due
inactive_warning      ``date``: when the account is erased
mail_bounced          nothing
webhook_off           nothing
===================== ============================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from moirai.stops import one_stop
from notifications.models import Kind
from notifications.wordings import companies, everybody, students
from notifications.wordings.parts import Words

WRITERS: dict[str, Callable[[dict[str, Any]], Words]] = {
    Kind.NEW_MATCHES: students.new_matches,
    Kind.SAVED_SEARCH: students.saved_search,
    Kind.CV_READ: students.cv_read,
    Kind.CV_FAILED: students.cv_failed,
    Kind.APPLICATION_RECEIVED: companies.application_received,
    Kind.APPLICATION_WAITING: companies.application_waiting,
    Kind.APPLICATION_MOVED: students.application_moved,
    Kind.APPLICATION_CLOSED: students.application_closed,
    Kind.MESSAGE: everybody.message,
    Kind.INVITATION: students.invitation,
    Kind.INVITATION_ACCEPTED: companies.invitation_accepted,
    Kind.INTERVIEW: everybody.interview,
    Kind.POSTING_MOVED: companies.posting_moved,
    Kind.POSTING_EXPIRING: companies.posting_expiring,
    Kind.COMPANY_MOVED: companies.company_moved,
    Kind.TEAM_INVITATION: companies.team_invitation,
    Kind.OUTCOME_SURVEY: students.outcome_survey,
    Kind.FRAUD_CASE: everybody.fraud_case,
    Kind.IMPORT_DONE: everybody.import_done,
    Kind.PRIVACY_REQUEST: everybody.privacy_request,
    Kind.INACTIVE_WARNING: everybody.inactive_warning,
    Kind.MAIL_BOUNCED: everybody.mail_bounced,
    Kind.WEBHOOK_OFF: companies.webhook_off,
}


def words(kind: str, data: dict[str, Any]) -> Words:
    """What to say; data of an older version, or of a kind that is gone, never breaks the page."""
    write = WRITERS.get(kind)
    said = write(data) if write else Words(_("Something has changed"), "", _("Open"))
    return replace(said, title=one_stop(said.title), text=one_stop(said.text))
