"""What staff decide about companies and postings, and what the rules decide for them; each decision is a row."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jobs import closing, posting
from jobs.lint import Finding, Severity
from jobs.lint.engine import worst
from jobs.models import Company, Job, Report, Ruling
from jobs.proofread import blocking, proofread_with_twins
from jobs.register import refuse_company, verify_company
from jobs.signals import ruled
from moirai.accounts.models import User

Step = Ruling.Step
TRUSTED_A_DAY = 10  # postings that the rules publish for one company in a day
NEW_FOR = timedelta(days=30)  # a company that was suspended so lately is looked at

#: The decisions that staff may take at each status, in the order of the buttons.
COMPANY_STEPS: dict[str, tuple[Step, ...]] = {
    Company.Status.PENDING: (Step.VERIFIED, Step.ASKED, Step.DECLINED),
    Company.Status.NEEDS_INFO: (Step.VERIFIED, Step.DECLINED),
    Company.Status.VERIFIED: (Step.TRUSTED, Step.UNTRUSTED, Step.ASKED, Step.SUSPENDED),
    Company.Status.DECLINED: (Step.VERIFIED, Step.ASKED),
    Company.Status.SUSPENDED: (Step.VERIFIED, Step.ASKED),
}
JOB_STEPS: dict[str, tuple[Step, ...]] = {
    Job.Status.DRAFT: (),
    Job.Status.IN_REVIEW: (Step.PUBLISHED, Step.RETURNED, Step.REFUSED),
    Job.Status.RETURNED: (Step.PUBLISHED, Step.CLOSED),
    Job.Status.PUBLISHED: (Step.EXTENDED, Step.RETURNED, Step.REFUSED, Step.CLOSED),
    Job.Status.DECLINED: (Step.PUBLISHED,),
    Job.Status.CLOSED: (),
}
REPORT_STEPS = (Step.DISMISSED, Step.HIDDEN, Step.WARNED, Step.CLOSED, Step.SUSPENDED)
#: Somebody reads why.
WITH_COMMENT = {
    Step.ASKED, Step.DECLINED, Step.SUSPENDED, Step.RETURNED, Step.REFUSED, Step.WARNED, Step.DISMISSED,
}  # fmt: skip


class Why(models.TextChoices):
    """Why the rules left a posting to a person."""

    NOT_TRUSTED = "not_trusted", _("the company is not trusted for automatic approval")
    FINDINGS = "findings", _("the linter found more than advice")
    REPORTED = "reported", _("there are open reports about the company")
    RETURNED = "returned", _("staff returned this posting before")
    MANY = "many", _("the company has published many postings today")
    SUSPENDED = "was_suspended", _("the company was suspended lately")


class BlockedError(Exception):
    """The posting breaks a law, so it cannot be sent; ``findings`` says where."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(len(findings))
        self.findings = findings


class CommentMissingError(Exception):
    """This decision needs words that the other side reads."""


def rule(
    *, company: Company, job: Job | None = None, step: Step, actor: User | None, comment: str = "", now: datetime
) -> Ruling:
    """Write a decision down and announce it; call it in the transaction that carried it out."""
    ruling = Ruling.objects.create(company=company, job=job, step=step, actor=actor, comment=comment.strip(), at=now)
    ruled.send(sender=Ruling, ruling_id=ruling.pk)
    return ruling


# --- Postings ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, job: Job, now: datetime) -> Ruling | None:
    """A recruiter sends a posting: blocked, published by the rules, or left to staff. None where it was sent before."""
    findings = proofread_with_twins(job)
    if blocked := blocking(findings):
        raise BlockedError(blocked)
    if not posting.send_for_review(job=job, findings=worst(findings), now=now):
        return None
    return decide(job=job, findings=findings, now=now)


@transaction.atomic
def decide(*, job: Job, findings: list[Finding], now: datetime) -> Ruling:
    """Publish a posting in review where the rules allow it; else say why a person has to look."""
    Job.objects.filter(pk=job.pk).update(findings=worst(findings))
    reasons = exceptions(job=job, findings=findings, now=now)
    if reasons:
        return rule(company=job.company, job=job, step=Step.QUEUED, actor=None, comment=",".join(reasons), now=now)
    posting.publish(job=job, now=now)
    return rule(company=job.company, job=job, step=Step.AUTOMATIC, actor=None, now=now)


def submit_if_possible(*, job: Job, now: datetime) -> bool:
    """Whether it went; what did not stays a draft of the company, which sees on its pages what is wrong."""
    try:
        return submit(job=job, now=now) is not None
    except (BlockedError, posting.NotPossibleError):
        return False


def exceptions(*, job: Job, findings: list[Finding], now: datetime) -> list[str]:
    """What keeps the rules from publishing; empty for a trusted company's posting without a blemish."""
    rulings = Ruling.objects.filter(company=job.company)
    today = rulings.filter(step=Step.AUTOMATIC, at__gt=now - timedelta(days=1))
    reasons = {
        Why.NOT_TRUSTED: not (job.company.is_trusted and job.company.is_verified),
        Why.FINDINGS: worst(findings) > Severity.ADVISES,
        Why.REPORTED: Report.objects.open().filter(job__company=job.company).exists(),
        Why.RETURNED: rulings.filter(job=job, step__in=[Step.RETURNED, Step.REFUSED, Step.HIDDEN]).exists(),
        Why.MANY: today.count() >= TRUSTED_A_DAY,
        Why.SUSPENDED: rulings.filter(step=Step.SUSPENDED, at__gt=now - NEW_FOR).exists(),
    }
    return [str(why.value) for why, holds in reasons.items() if holds]


@transaction.atomic
def judge_job(*, job: Job, step: Step, actor: User, comment: str = "", now: datetime) -> Ruling:
    """Take a decision about a posting; raises ``NotPossibleError`` where its status does not allow it."""
    _need_comment(step, comment)
    if step == Step.PUBLISHED:
        posting.publish(job=job, now=now)
    elif step == Step.RETURNED:
        posting.return_job(job=job, comment=comment, now=now)
    elif step == Step.REFUSED:
        posting.decline_job(job=job, comment=comment, now=now)
    elif step == Step.EXTENDED:
        if closing.extend(job=job, now=now, shown=job.closes_at) is None:
            raise posting.NotPossibleError
    elif step == Step.CLOSED:
        posting.close_job(job=job, reason=Job.ClosedReason.OFFICE, now=now)
    else:
        raise posting.NotPossibleError
    return rule(company=job.company, job=job, step=step, actor=actor, comment=comment, now=now)


# --- Companies --------------------------------------------------------------------------------------------------------

REFUSALS = {
    Step.ASKED: Company.Status.NEEDS_INFO,
    Step.DECLINED: Company.Status.DECLINED,
    Step.SUSPENDED: Company.Status.SUSPENDED,
}


def steps_of(company: Company) -> tuple[Step, ...]:
    """What may be decided about a company now."""
    idle = Step.TRUSTED if company.is_trusted else Step.UNTRUSTED
    return tuple(step for step in COMPANY_STEPS[company.status] if step != idle)


@transaction.atomic
def judge_company(
    *, company: Company, step: Step, actor: User, comment: str = "", job: Job | None = None, now: datetime
) -> Ruling:
    """Take a decision about a company; raises ``NotPossibleError`` where its status does not allow it."""
    _need_comment(step, comment)
    company = Company.objects.select_for_update().get(pk=company.pk)
    if step not in steps_of(company):
        raise posting.NotPossibleError
    if step == Step.VERIFIED:
        verify_company(company=company, now=now)
    elif step in REFUSALS:
        refuse_company(company=company, status=REFUSALS[step], reason=comment, now=now)
    else:
        company.is_trusted = step == Step.TRUSTED
        company.save(update_fields=["is_trusted"])
    return rule(company=company, job=job, step=step, actor=actor, comment=comment, now=now)


@transaction.atomic
def answer(*, company: Company, comment: str, actor: User, now: datetime) -> Ruling | None:
    """The company has sent what was asked for, so staff look again; None where nothing was asked."""
    company = Company.objects.select_for_update().get(pk=company.pk)
    if company.status != Company.Status.NEEDS_INFO:
        return None
    company.status = Company.Status.PENDING
    company.save(update_fields=["status"])
    return rule(company=company, step=Step.ANSWERED, actor=actor, comment=comment, now=now)


# --- Reports ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def judge_reports(*, job: Job, step: Step, actor: User, comment: str = "", now: datetime) -> Ruling:
    """Take a decision about all open reports of a posting. Hiding it or telling applicants leaves the case open."""
    _need_comment(step, comment)
    reports = Report.objects.open().filter(job=job)
    if step == Step.DISMISSED:
        reports.update(closed_at=now, outcome=Report.Outcome.DISMISSED)
    elif step in (Step.CLOSED, Step.SUSPENDED):
        reports.update(closed_at=now, outcome=Report.Outcome.UPHELD)
    if step == Step.SUSPENDED:
        return judge_company(company=job.company, step=step, actor=actor, comment=comment, job=job, now=now)
    if step == Step.CLOSED:
        return judge_job(job=job, step=step, actor=actor, comment=comment, now=now)
    if step == Step.HIDDEN:
        posting.hide_job(job=job, now=now)
    elif step not in (Step.DISMISSED, Step.WARNED):
        raise posting.NotPossibleError
    return rule(company=job.company, job=job, step=step, actor=actor, comment=comment, now=now)


def _need_comment(step: Step, comment: str) -> None:
    if step in WITH_COMMENT and not comment.strip():
        raise CommentMissingError
