"""Words that come in by files, careers pages and bounced mails: no page runs them, no mail or CSV carries them."""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes, policy

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conftest import DAY, NOW
from jobs import moderation
from jobs.careers_import import take_careers_page
from jobs.models import CareersPage, Job
from jobs.tests.factories import RecruiterFactory
from jobs.tests.test_careers import Site, page_of
from jobs.tests.test_careers import posting as found_posting
from moirai.accounts.tests.factories import StaffFactory
from notifications import bounces, outbox
from notifications.models import OutboxMail
from notifications.tests.telling import told
from notifications.tests.test_bounces import report
from students.cohort import check_cohort, store_cohort
from students.cohort_work import work
from students.models import Cohort, Student
from tests.trust.payloads import LINK, PAYLOAD, executable
from tests.trust.test_payloads import judged

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("https://evil.example";"x")'
TEXT = f"Programarás servicios web y bases de datos para bibliotecas. {PAYLOAD}"


@pytest.fixture(autouse=True)
def on_a_day(time_machine, settings):
    settings.ZEAL_ALLOWLIST = [{"model": "*", "field": "*"}]
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def office():
    client = Client()
    client.force_login(StaffFactory(is_superuser=True))
    return client


@pytest.fixture
def recruiter(client):
    recruiter = RecruiterFactory()
    client.force_login(recruiter.user)
    return recruiter


def visited(figure, what, *pages):
    """Pages by the browser that asks for them; nothing on them may run."""
    wrong = [found for browser, url in pages for found in judged(browser.get(url), f"{what}: {url}")]
    figure(15, f"{what}: {len(pages)} pages show what was imported, {len(wrong)} let it run")
    assert not wrong, "\n".join(wrong)


def mails_are_harmless():
    """Whatever waits goes out; how many were looked at."""
    outbox.send_waiting(now=NOW)
    for message in mail.outbox:
        parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert "Bcc" not in parsed
        html = parsed.get_body(("html",))
        assert html is None or not [found for found in executable(html.get_content()) if "style" not in found]
    return len(mail.outbox)


def published(job):
    ends = {"published_at": NOW, "closes_at": NOW + 30 * DAY}
    Job.objects.filter(pk=job.pk).update(status=Job.Status.PUBLISHED, **ends)
    return reverse("jobs:job", args=[job.public_id, job.slug])


def test_a_cohort(office, figure):
    table, width = io.StringIO(), 150
    writer = csv.writer(table)
    writer.writerow(["Matrícula", "Nombre", "Correo", "Carrera", "Semestre", "Ciudad", PAYLOAD])
    writer.writerow(["A1", PAYLOAD[:width], "ana@uni.example", PAYLOAD[:width], "3", PAYLOAD[:100], FORMULA])
    for cell in (PAYLOAD, FORMULA, "@SUM(1)", "\t=1", "+1|cmd", "-1|cmd"):
        writer.writerow(["A2", cell[:width], f"{cell}@x.example", cell, cell, cell, cell])
    file = SimpleUploadedFile(f"{PAYLOAD}.csv", table.getvalue().encode())
    office.post(reverse("students:cohorts"), {"file": file})
    cohort = Cohort.objects.get()
    page = reverse("students:cohort", args=[cohort.public_id])
    visited(figure, "a cohort before its check", (office, page), (office, reverse("students:cohorts")))
    check_cohort(cohort=cohort, mapping=cohort.mapping, now=NOW)
    work(cohort_id=cohort.pk, now=NOW)
    cohort.refresh_from_db()
    assert cohort.counts["new"] == 1
    store_cohort(cohort=cohort, now=NOW)
    work(cohort_id=cohort.pk, now=NOW)
    student = Student.objects.get()
    assert student.enrolled_name.startswith('zz"')
    visited(
        figure, "a cohort", (office, page), (office, reverse("admin:students_student_changelist")),
        (office, reverse("admin:students_student_change", args=[student.pk])),
        (office, reverse("admin:students_cohort_changelist")),
    )  # fmt: skip
    errors = office.get(reverse("students:cohort_errors", args=[cohort.public_id]))
    content = b"".join(errors.streaming_content) if errors.streaming else errors.content
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert len(cells) > 30
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@") and cell]


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_a_file_of_postings(client, office, recruiter, figure, shape):
    row = {"Clave": "A1", "Título": PAYLOAD[:120], "Descripción": TEXT, "Requisitos": f"Python|{PAYLOAD[:60]}",
           "Ciudad": PAYLOAD[:80], "Modalidad": "Híbrido", PAYLOAD: LINK}  # fmt: skip
    bad = row | {"Clave": PAYLOAD[:80], "Modalidad": PAYLOAD, "Título": FORMULA}
    table = io.StringIO()
    writer = csv.DictWriter(table, list(row))
    writer.writeheader()
    writer.writerows([row, bad])
    content = table.getvalue() if shape == "csv" else json.dumps([row, bad], ensure_ascii=False)
    name = f"{PAYLOAD}.{shape}"
    tried = client.post(reverse("jobs:import_jobs"), {"file": SimpleUploadedFile(name, content.encode())})
    assert not judged(tried, f"dry run of {shape}")
    client.post(reverse("jobs:import_jobs"), {"rows": tried.context["packed"]})
    job = Job.objects.get()
    assert '"><i' in job.title or "<img" in job.title
    mine = [reverse(f"jobs:{name}", args=[job.public_id]) for name in ("edit_job", "review_job")]
    url, visitor = published(job), Client()
    visited(
        figure, f"postings from {shape}", (client, reverse("jobs:company_home")), *((client, page) for page in mine),
        (visitor, url), (visitor, reverse("jobs:job_list")), (visitor, reverse("jobs:feed")),
        (office, reverse("admin:jobs_job_changelist")), (office, reverse("admin:jobs_job_change", args=[job.pk])),
    )  # fmt: skip


def test_a_careers_page(office, figure):
    company = RecruiterFactory().company
    page = CareersPage.objects.create(company=company, url="https://empresa.example/empleos", due_at=NOW)
    place = {"@type": "Place", "address": {"addressLocality": PAYLOAD[:80]}}
    said = found_posting(
        title=PAYLOAD[:120], description=f"<p onclick=x>{TEXT}</p><script>window.__pwned=1</script>",
        identifier={"@type": "PropertyValue", "value": PAYLOAD}, url=LINK, jobLocation=place,
        hiringOrganization={"name": PAYLOAD}, employmentType=PAYLOAD, validThrough=PAYLOAD, skills=PAYLOAD,
    )  # fmt: skip
    assert take_careers_page(page_id=page.pk, now=NOW, fetcher=Site(page_of(said))) == 1
    job = Job.objects.get()
    url, visitor = published(job), Client()
    visited(
        figure, "a careers page", (visitor, url), (visitor, reverse("jobs:job_list")), (visitor, reverse("jobs:feed")),
        (office, reverse("admin:jobs_careerspage_changelist")),
        (office, reverse("admin:jobs_careerspage_change", args=[page.pk])),
        (office, reverse("admin:jobs_job_change", args=[job.pk])),
    )  # fmt: skip
    assert LINK not in visitor.get(url).content.decode()


def test_a_bounced_mail(client, office, recruiter, figure):
    told(recruiter.user)
    OutboxMail.objects.update(status=OutboxMail.Status.SENT)
    sent = OutboxMail.objects.get()
    diagnostic = f"smtp; 550 {PAYLOAD} <ana@uni.example>\n  Bcc: evil@x.example"
    found = bounces.read_report(report(bounces.message_id(sent), diagnostic=diagnostic))
    assert found is not None
    assert bounces.record(report=found, now=NOW)
    sent.refresh_from_db()
    assert "__pwned" in sent.error or "zz" in sent.error
    visited(
        figure, "a bounced mail", (client, reverse("notifications:list")), (client, reverse("account")),
        (office, reverse("admin:notifications_outboxmail_changelist")),
        (office, reverse("admin:notifications_deadaddress_changelist")),
    )  # fmt: skip


def test_mails_about_what_was_imported(client, recruiter, figure, django_capture_on_commit_callbacks):
    staff, row = StaffFactory(), {"Clave": "A1", "Título": PAYLOAD[:120], "Descripción": TEXT, "Modalidad": "remote"}
    content = json.dumps([row]).encode()
    tried = client.post(reverse("jobs:import_jobs"), {"file": SimpleUploadedFile("a.json", content)})
    client.post(reverse("jobs:import_jobs"), {"rows": tried.context["packed"]})
    job = Job.objects.get()
    Job.objects.update(status=Job.Status.IN_REVIEW)
    job.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        moderation.judge_job(job=job, step=moderation.Step.RETURNED, actor=staff, comment=PAYLOAD, now=NOW)
    count = mails_are_harmless()
    figure(15, f"{count} mails about what was imported carry it as text")
    assert count
    assert site.DEFAULT_FROM_EMAIL in str(mail.outbox[0].from_email)
