"""What the rules decide, what staff decide, and who may decide what at which status."""

import pytest

from conftest import DAY, HOUR, NOW
from jobs import moderation, posting
from jobs.merging import merge_companies
from jobs.models import Company, Job, Recruiter, Report, Ruling
from jobs.moderation import COMPANY_STEPS, JOB_STEPS, BlockedError, CommentMissingError, Step, Why
from jobs.posting import NotPossibleError
from jobs.report import report_job
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from jobs.tests.test_lint import FAIR, GOOD
from moirai.accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
DRAFT = {"status": "draft", "published_at": None, "closes_at": None}


@pytest.fixture
def staff():
    return StaffFactory()


def good_job(**fields):
    return JobFactory(**GOOD | FAIR | DRAFT | fields)


def submitted(job, now=NOW):
    ruling = moderation.submit(job=job, now=now)
    job.refresh_from_db()
    return ruling


def trusted(**fields):
    return CompanyFactory(is_trusted=True, **fields)


def test_a_trusted_company_publishes_at_once_what_has_no_blemish():
    job = good_job(company=trusted())
    ruling = submitted(job)
    assert (ruling.step, ruling.actor, ruling.comment, ruling.job) == (Step.AUTOMATIC, None, "", job)
    assert (job.status, job.published_at, job.closes_at, job.findings) == ("published", NOW, NOW + 30 * DAY, 0)


def test_advice_does_not_keep_a_posting_from_being_published():
    job = good_job(company=trusted(), description=GOOD["description"] + " Trabajo bajo presión.")
    assert submitted(job).step == Step.AUTOMATIC
    assert job.findings == Job.Findings.ADVICE


@pytest.mark.parametrize(
    ("why", "company", "fields"),
    [(Why.NOT_TRUSTED, {"is_trusted": False}, {}), (Why.FINDINGS, {}, {"pay_from": None, "pay_to": None})],
)
def test_the_rules_leave_a_posting_to_a_person_and_say_why(why, company, fields):
    job = good_job(company=CompanyFactory(**{"is_trusted": True} | company), **fields)
    ruling = submitted(job)
    assert (ruling.step, ruling.comment, ruling.actor) == (Step.QUEUED, why.value, None)
    assert (job.status, job.review_since, job.published_at) == ("in_review", NOW, None)


def test_a_company_with_a_past_is_looked_at(staff):
    company = trusted()
    reported, returned = JobFactory(company=company), good_job(company=company, title="Devuelta")
    report_job(job=reported, reporter=UserFactory(), reason="fake", note="", now=NOW)
    assert submitted(good_job(company=company)).comment == Why.REPORTED.value
    Report.objects.update(closed_at=NOW, outcome="dismissed")
    Ruling.objects.create(company=company, job=returned, step=Step.RETURNED, at=NOW - 60 * DAY)
    assert submitted(returned).comment == Why.RETURNED.value
    Ruling.objects.create(company=company, step=Step.SUSPENDED, at=NOW - 29 * DAY)
    assert submitted(good_job(company=company, title="Otra")).comment.endswith(Why.SUSPENDED.value)


def test_only_so_many_are_published_by_the_rules_in_a_day():
    company = trusted()
    for number in range(moderation.TRUSTED_A_DAY):
        Ruling.objects.create(company=company, step=Step.AUTOMATIC, at=NOW - (HOUR if number else 25 * HOUR))
    assert submitted(good_job(company=company)).step == Step.AUTOMATIC
    last = good_job(company=company, title="La última", description=GOOD["description"][::-1] + " Harás tableros.")
    assert Why.MANY.value in submitted(last).comment


def test_what_the_law_forbids_is_not_sent_by_anybody():
    job = good_job(company=trusted(), requirements="Solo mujeres\nMenores de 30 años")
    with pytest.raises(BlockedError) as error:
        moderation.submit(job=job, now=NOW)
    assert {finding.rule.id for finding in error.value.findings} == {"sex_asked", "age_limit"}
    job.refresh_from_db()
    assert (job.status, Ruling.objects.count()) == ("draft", 0)


def test_a_posting_sent_twice_is_judged_once():
    job = good_job()
    assert submitted(job).step == Step.QUEUED
    assert submitted(job, NOW + HOUR) is None
    assert (job.review_since, Ruling.objects.count()) == (NOW, 1)


def test_a_twin_of_an_open_posting_is_not_published_by_itself():
    company = trusted()
    good_job(company=company, status="published", published_at=NOW - DAY, closes_at=NOW + DAY)
    assert submitted(good_job(company=company)).comment == Why.FINDINGS.value
    other = GOOD | {"title": "Técnica en química", "description": "Prepararás muestras y reactivos. " * 9}
    assert submitted(good_job(**{"company": company, **other})).step == Step.AUTOMATIC


# --- Staff ------------------------------------------------------------------------------------------------------------

AFTER = {
    Step.PUBLISHED: "published", Step.RETURNED: "returned", Step.REFUSED: "declined", Step.EXTENDED: "published",
    Step.CLOSED: "closed",
}  # fmt: skip


@pytest.mark.parametrize("status", Job.Status.values)
@pytest.mark.parametrize("step", AFTER)
def test_a_posting_is_judged_only_where_its_page_offers_it(staff, status, step):
    dates = {} if status in ("published", "closed") else {"published_at": None, "closes_at": None}
    job = JobFactory(status=status, **dates)
    offered = step in JOB_STEPS[status]
    try:
        moderation.judge_job(job=job, step=step, actor=staff, comment="Porque sí.", now=NOW)
    except NotPossibleError:
        assert not offered
        assert not Ruling.objects.exists()
        return
    job.refresh_from_db()
    assert job.status == AFTER[step]
    assert Ruling.objects.get().actor == staff


@pytest.mark.parametrize("status", Company.Status.values)
def test_a_company_is_judged_only_where_its_page_offers_it(staff, status):
    for step in {step for steps in COMPANY_STEPS.values() for step in steps}:
        company = CompanyFactory(status=status)
        offered = step in moderation.steps_of(company)
        try:
            moderation.judge_company(company=company, step=step, actor=staff, comment="Porque sí.", now=NOW)
        except NotPossibleError:
            assert not offered
        else:
            assert offered


@pytest.mark.parametrize("step", sorted(moderation.WITH_COMMENT))
def test_what_somebody_reads_needs_words(staff, step):
    job = JobFactory()
    judge, row = moderation.judge_job, {"job": job}
    if step in (Step.ASKED, Step.DECLINED, Step.SUSPENDED):
        judge, row = moderation.judge_company, {"company": job.company}
    elif step in (Step.WARNED, Step.DISMISSED):
        judge = moderation.judge_reports
    with pytest.raises(CommentMissingError):
        judge(**row, step=step, actor=staff, comment=" ", now=NOW)
    assert not Ruling.objects.exists()


def test_a_suspended_company_is_trusted_no_more_and_nothing_of_it_is_open(staff):
    job = JobFactory(company=trusted())
    moderation.judge_company(company=job.company, step=Step.SUSPENDED, actor=staff, comment="Fraude", now=NOW)
    company = Company.objects.get()
    assert (company.status, company.is_trusted, company.status_reason) == ("suspended", False, "Fraude")
    assert not Job.objects.open(at=NOW).exists()
    assert not Job.objects.public(at=NOW).exists()
    moderation.judge_company(company=company, step=Step.VERIFIED, actor=staff, now=NOW)
    assert Job.objects.open(at=NOW).exists()


def test_an_answer_brings_the_company_back_to_the_desk(staff):
    recruiter = RecruiterFactory()
    company = recruiter.company
    moderation.judge_company(company=company, step=Step.ASKED, actor=staff, comment="Falta la constancia", now=NOW)
    moderation.answer(company=company, comment="Va la constancia.", actor=recruiter.user, now=NOW + HOUR)
    assert list(Company.objects.waiting()) == [company]
    assert [ruling.step for ruling in Ruling.objects.newest_first()] == [Step.ANSWERED, Step.ASKED]


@pytest.mark.parametrize(
    ("step", "job_status", "company_status", "outcome"),
    [(Step.DISMISSED, "published", "verified", "dismissed"), (Step.HIDDEN, "in_review", "verified", ""),
     (Step.WARNED, "published", "verified", ""), (Step.CLOSED, "closed", "verified", "upheld"),
     (Step.SUSPENDED, "published", "suspended", "upheld")],
)  # fmt: skip
def test_a_case_of_reports_is_judged(staff, step, job_status, company_status, outcome):
    job = JobFactory()
    for _ in range(2):
        report_job(job=job, reporter=UserFactory(), reason="money", note="Piden dinero", now=NOW)
    moderation.judge_reports(job=job, step=step, actor=staff, comment="Visto.", now=NOW + HOUR)
    job = Job.objects.select_related("company").get()
    assert (job.status, job.company.status) == (job_status, company_status)
    assert {report.outcome for report in Report.objects.all()} == {outcome}
    assert Report.objects.open().count() == (0 if outcome else 2)
    assert Ruling.objects.get().job == job


def test_reports_hide_nothing_by_themselves_and_come_first():
    quiet, loud = JobFactory(), JobFactory()
    report_job(job=quiet, reporter=UserFactory(), reason="fake", note="", now=NOW - 9 * DAY)
    for _ in range(3):
        report_job(job=loud, reporter=UserFactory(), reason="money", note="", now=NOW)
    assert Job.objects.open(at=NOW).count() == 2
    assert list(Job.objects.reported(several=3)) == [loud, quiet]


def test_a_person_reports_a_posting_once_at_a_time():
    job, person = JobFactory(), UserFactory()
    first, again = (report_job(job=job, reporter=person, reason="fake", note="x", now=NOW) for _ in range(2))
    assert first == again
    Report.objects.update(closed_at=NOW, outcome="dismissed")
    assert report_job(job=job, reporter=person, reason="fake", note="y", now=NOW) != first


# --- Merging, revisions -----------------------------------------------------------------------------------------------


def test_two_companies_become_one_with_all_that_both_had(staff):
    source, target = RecruiterFactory(company__name="Telar SA").company, RecruiterFactory(company__name="Telar").company
    job = JobFactory(company=source)
    application = ApplicationFactory(job=job)
    Ruling.objects.create(company=source, step=Step.VERIFIED, at=NOW)
    merge_companies(source=source, target=target, actor=staff, now=NOW)
    job.refresh_from_db()
    assert (job.company, job.applications.get(), Company.objects.get()) == (target, application, target)
    assert sorted(Recruiter.objects.values_list("company", "is_owner")) == [(target.pk, False), (target.pk, True)]
    assert "telar" in job.search_text
    assert job.needs_matching_since == NOW
    assert [ruling.step for ruling in target.rulings.newest_first()] == [Step.MERGED, Step.VERIFIED]
    with pytest.raises(ValueError, match="itself"):
        merge_companies(source=target, target=target, actor=staff, now=NOW)


def test_a_revision_is_kept_of_what_people_write_and_not_of_background_work():
    job = JobFactory(description="Antes")
    posting.touch(job=job, now=NOW)
    assert job.revisions.count() == 1
    posting.edit_job(job=job, fields={"title": job.title, "description": "Después"}, now=NOW)
    assert list(job.revisions.order_by("history_id").values_list("description", flat=True)) == ["Antes", "Después"]
    assert "search_text" not in {field.name for field in Job.revisions.model._meta.get_fields()}
