"""A small careers office in which every row has an owner and every text a mark that shows where it leaks.

``MARKS`` says who may read each mark, whatever the page; ``holdings`` says what rows each holder has, so that a change
by somebody who does not hold them shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.core import signing
from django.core.files.base import ContentFile
from django.db.models import F, Q, QuerySet

from conftest import DAY, NOW
from jobs import saved, team
from jobs.calendar_feed import make_feed
from jobs.documents import add_document
from jobs.grants import grant, revoke
from jobs.models import (
    Application,
    ApplicationEvent,
    CalendarFeed,
    Company,
    CompanyDocument,
    CompanyGrant,
    Interview,
    Invitation,
    Job,
    JobSkill,
    Message,
    Recruiter,
    Report,
    Ruling,
    SavedJob,
    SavedSearch,
    TeamInvitation,
)
from jobs.report import report_job
from jobs.tests.factories import (
    ApplicationFactory,
    CompanyFactory,
    InterviewFactory,
    InvitationFactory,
    JobFactory,
    MessageFactory,
    RecruiterFactory,
)
from matching import ranking
from matching.models import Match
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.api.models import Scope, Token
from moirai.api.tokens import make_token
from moirai.privacy import requests
from notifications import webhooks
from notifications.models import Delivery, Kind, Notification, Webhook
from notifications.writing import UNSUBSCRIBE_SALT
from students.cohort import upload_cohort
from students.models import (
    CV,
    CohortRow,
    Evidence,
    OutcomeAnswer,
    OutcomeSurvey,
    ProfileEntry,
    Student,
    StudentSkill,
)
from students.survey import token_of
from students.tests.factories import CVFactory, StudentFactory

ROLES = (
    "anonymous", "owner", "other_student", "recruiter", "colleague", "other_recruiter", "unverified", "staff",
    "superuser",
)  # fmt: skip
COMPANY_A = ("recruiter", "colleague")
OFFICE = ("staff", "superuser")


@dataclass
class World:
    """Users by role, objects by name, and for each mark the roles that may read it."""

    users: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # the secret of each role

    def mark(self, text: str, *readers: str) -> str:
        self.marks[text] = readers
        return text


def make_world() -> World:
    """Everybody of the nine roles, and what each of them holds."""
    world = World()
    _companies(world)
    _postings_of_every_kind(world)
    _students(world)
    _applications(world)
    _cohort(world)
    for name in ("owner", "other", "consenting", "private", "withdrawn", "blind"):
        ranking.refresh_student(student=world.things[name], now=NOW)
    stale = Match.objects.get(student=world.things["owner"], job=world.things["posting of A"])
    stale.pk, stale.job = None, world.things["changed of A"]  # it was open when this was computed
    stale.save(force_insert=True)
    world.users["superuser"] = StaffFactory(full_name="Super")
    staff = StaffFactory(full_name="Staff", is_superuser=False)
    staff.user_permissions.set(office_permissions())
    world.users["staff"] = staff
    for role in OFFICE:  # the admin asks for a second factor
        Authenticator.objects.create(
            user=world.users[role], type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
        )
    _webhooks(world)
    _links(world)
    for role, user in world.users.items():
        token, world.tokens[role] = make_token(user=user, name="x", scopes=Scope.values, days=90, now=NOW)
        world.things[f"token of {role}"] = token
    return world


def _webhooks(world: World) -> None:
    """One of company A, with something sent."""
    url = f"https://{world.mark('zz-hook-a', 'recruiter', *OFFICE)}.example/"
    webhook, _secret = webhooks.add_webhook(company=world.things["company A"], url=url, now=NOW)
    data = {"application": world.things["application of owner"].public_id}
    delivery = Delivery.objects.create(
        webhook=webhook, event="application.moved", data=data, key="x", status="sent", created_at=NOW,
        next_attempt_at=NOW, give_up_at=NOW,
    )  # fmt: skip
    world.things |= {"webhook of A": webhook, "delivery of A": delivery}


def _links(world: World) -> None:
    """Addresses that open without a session, for whoever has them: of people with nothing to hide there."""
    private = world.things["private"]
    world.marks["zz-alert-private"] = ROLES
    world.things |= {
        "feed of unverified": make_feed(user=world.users["unverified"], now=NOW),
        "team link of A": team.token_of(world.things["team invitation of A"]),
        "alert link of private": saved.token_of(world.things["alert of private"]),
        "mail link of private": signing.Signer(salt=UNSUBSCRIBE_SALT).sign_object([private.user_id, Kind.NEW_MATCHES]),
    }


def office_permissions() -> list[Permission]:
    """What the careers office needs: to see everything, and to change what it answers for."""
    apps = ["students", "jobs", "matching", "notifications", "skills"]
    ledger = ["view_auditevent", "view_consent", "view_privacyrequest", "view_reports"]
    rows = Permission.objects.filter(Q(content_type__app_label__in=apps) | Q(codename__in=ledger))
    return [row for row in rows if row.codename.startswith("view_") or row.codename in OFFICE_MAY]


OFFICE_MAY = {
    "change_company", "change_job", "change_application", "change_cv", "change_aliasproposal", "add_cohort",
    "add_outcomesurvey",
}  # fmt: skip


def _companies(world: World) -> None:
    for key, roles, status in (
        ("A", COMPANY_A, Company.Status.VERIFIED),
        ("B", ("other_recruiter",), Company.Status.VERIFIED),
        ("C", ("unverified",), Company.Status.PENDING),
    ):
        is_verified = status == Company.Status.VERIFIED
        company = CompanyFactory(name=f"Empresa {key}", slug=f"empresa-{key.lower()}", status=status)
        readers = ROLES if is_verified else (*roles, *OFFICE)
        company.description = world.mark(f"zz-company-{key}", *readers)
        company.save()
        for role in roles:
            name, is_owner = f"Recruiter {role}", role != "colleague"
            member = RecruiterFactory(user__full_name=name, company=company, is_owner=is_owner)
            world.users[role], world.things[f"member {role}"] = member.user, member
        _papers(world, key, roles)
        published = world.mark(f"zz-published-{key}", *(ROLES if is_verified else (*roles, *OFFICE)))
        draft = world.mark(f"zz-draft-{key}", *roles, *OFFICE)
        world.things |= {
            f"company {key}": company,
            f"posting of {key}": JobFactory(company=company, title=published, slug="puesto", skills=["python"]),
            f"draft of {key}": JobFactory(
                company=company, title=draft, slug="borrador", status=Job.Status.DRAFT, published_at=None,
                closes_at=None, skills=["python"],
            ),
        }  # fmt: skip


def _papers(world: World, key: str, roles: tuple[str, ...]) -> None:
    """A paper that only staff open, and an invitation to the team that only its owner sees."""
    company, owner = Company.objects.get(slug=f"empresa-{key.lower()}"), roles[0]
    name, content = world.mark(f"zz-paper-{key}", *roles, *OFFICE), world.mark(f"zz-scan-{key}", *OFFICE)
    file = ContentFile(f"%PDF-1.7 {content}".encode(), name=name)
    world.things[f"document of {key}"] = add_document(
        company=company, kind="tax", file=file, uploaded_by=world.users[owner], now=NOW
    )
    world.things[f"revision of company {key}"] = company.revisions.latest("history_id")
    world.things[f"team invitation of {key}"] = TeamInvitation.objects.create(
        company=company, email=world.mark(f"zz-invited-to-{key.lower()}@mail.example", owner, *OFFICE),
        invited_by=world.users[owner], invited_at=NOW,
    )  # fmt: skip


def _postings_of_every_kind(world: World) -> None:
    """Those that look almost open, and those that are over."""
    company = world.things["company A"]
    for name, readers, fields in (
        ("blind of A", ROLES, {"is_blind": True}),
        ("changed of A", (*COMPANY_A, *OFFICE), {"status": Job.Status.IN_REVIEW}),
        ("coming of A", (*COMPANY_A, *OFFICE), {"published_at": NOW + DAY}),
        ("expired of A", ROLES, {"published_at": NOW - 9 * DAY, "closes_at": NOW - DAY}),
        ("dropped of A", (*COMPANY_A, *OFFICE), {"status": Job.Status.CLOSED, "published_at": None}),
        ("closed of C", ("unverified", *OFFICE), {"status": Job.Status.CLOSED, "company": world.things["company C"]}),
    ):
        title = world.mark(f"zz-{name.replace(' ', '-')}", *readers)
        world.things[name] = JobFactory(
            **{"company": company, "title": title, "slug": "otro", "skills": ["python"], **fields}
        )
        world.things[f"revision of {name}"] = world.things[name].revisions.latest("history_id")


def _students(world: World) -> None:
    """The owner and another student, one who consented to be suggested, a private one, and two that withdrew."""
    for name, visibility, role in (
        ("owner", "companies", "owner"),
        ("other", "private", "other_student"),
        ("consenting", "companies", None),
        ("private", "private", None),
        ("withdrawn", "companies", None),
        ("applicant to C", "private", None),
        ("blind", "private", None),
    ):
        own = (role,) if role else ()
        key = name.replace(" ", "")
        person = {
            "owner": (*own, *COMPANY_A, *OFFICE),  # applied to A
            "other": (*own, "other_recruiter", *OFFICE),  # applied to B
        }.get(name, (*own, *OFFICE))
        full_name, email = world.mark(f"zzname{key}", *person), world.mark(f"zz-{key}@mail.example", *person)
        user = UserFactory(full_name=f"{full_name} Apellido", email=email)
        student = StudentFactory(user=user, visibility=visibility, phone=world.mark(f"zz-phone-{key}", *own, *OFFICE))
        words = world.mark(f"zzwords{key}", *evidence_readers(name, own))
        text = f"Experiencia\nProgramé servicios {words} en python para una biblioteca.\n"
        cv = CVFactory(student=student, text=text, original_name=world.mark(f"zz-file-{key}.pdf", *own, *OFFICE))
        cv.file.save("cv", ContentFile(world.mark(f"zz-bytes-{key}", *own, *person).encode()))
        row = StudentSkill.objects.create(student=student, skill=_python(), status="confirmed")
        start = text.index("python")
        evidence = Evidence.objects.create(
            student_skill=row, cv=cv, start=start, end=start + 6, sentence_start=text.index("Programé"),
            sentence_end=len(text) - 1,
        )  # fmt: skip
        entry = ProfileEntry.objects.create(
            student=student, kind="project", title=world.mark(f"zz-entry-{key}", *own, *OFFICE)
        )
        SavedJob.objects.create(student=student, job=world.things["posting of A"], created_at=NOW)
        if name == "private":  # saved while it was public
            SavedJob.objects.create(student=student, job=world.things["draft of A"], created_at=NOW)
        alert = SavedSearch.objects.create(
            student=student, query=f"q={world.mark(f'zz-alert-{key}', *own, *OFFICE)}", created_at=NOW, due_at=NOW + DAY
        )
        notice = Notification.objects.create(
            user=user, kind=Kind.NEW_MATCHES, data={"new": 3}, url="/para-ti/", key=key, created_at=NOW
        )
        world.things |= {
            name: student, f"cv of {name}": cv, f"skill of {name}": row, f"evidence of {name}": evidence,
            f"entry of {name}": entry, f"alert of {name}": alert, f"notice of {name}": notice,
        }  # fmt: skip
        if role:
            world.users[role] = user


def evidence_readers(name: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Quotes go to whoever may see the profile: consenting students' to every verified company."""
    companies = {
        "owner": (*COMPANY_A, "other_recruiter"), "consenting": (*COMPANY_A, "other_recruiter"),
        "other": ("other_recruiter",), "withdrawn": (*COMPANY_A, "other_recruiter"), "blind": COMPANY_A,
    }  # fmt: skip
    return (*own, *companies.get(name, ()), *OFFICE)


def _python() -> Any:
    from moirai.skills.tests.factories import SkillFactory

    return SkillFactory(code="python")


def _applications(world: World) -> None:
    for name, company, status, readers in (
        ("owner", "A", Application.Status.SENT, ("owner", *COMPANY_A, *OFFICE)),
        ("other", "B", Application.Status.SENT, ("other_student", "other_recruiter", *OFFICE)),
        ("withdrawn", "A", Application.Status.WITHDRAWN, OFFICE),
        ("applicant to C", "C", Application.Status.SENT, OFFICE),
    ):
        key = name.replace(" ", "")
        application = ApplicationFactory(
            student=world.things[name], job=world.things[f"posting of {company}"], cv=world.things[f"cv of {name}"],
            status=status, message=world.mark(f"zz-message-{key}", *readers),
        )  # fmt: skip
        ApplicationEvent.objects.create(application=application, status=status, at=NOW)
        world.things[f"application of {name}"] = application
        if status != Application.Status.WITHDRAWN:
            grant(student=application.student, company=application.job.company, now=NOW, source="application")
    _what_is_said_on_them(world)
    note = world.mark("zz-report-owner", "owner", *OFFICE)
    report_job(job=world.things["posting of B"], reporter=world.users["owner"], reason="fake", note=note, now=NOW)
    record(
        action=AuditEvent.Action.CV_OPENED, actor=world.users["recruiter"], subject=world.things["owner"].public_id,
        on_behalf_of=world.mark("zz-looker", "owner"), at=NOW,
    )  # fmt: skip


def _cohort(world: World) -> None:
    """A file of the office that waits for its dry run, with a row refused before."""
    name, number = world.mark("zz-cohort.csv", *OFFICE), world.mark("zz-cohort-row", *OFFICE)
    file = ContentFile(f"matricula\n{number}\n".encode())
    cohort = upload_cohort(file=file, name=name, by=None, now=NOW)
    row = CohortRow(cohort=cohort, line=2, outcome="error", reason="columns", data={"raw": [number]})
    CohortRow.objects.bulk_create([row])
    world.things["cohort"] = cohort
    owner = world.things["owner"]
    survey = OutcomeSurvey.objects.create(
        degree_program=owner.degree_program, graduation_year=2026, closes_on=(NOW + 30 * DAY).date(), created_at=NOW
    )
    place = world.mark("zz-outcome-owner", "owner")
    said = {"status": "answered", "answered_at": NOW, "is_working": True, "is_studying": False, "place": place}
    outcome = OutcomeAnswer.objects.create(survey=survey, student=owner, invited_at=NOW, **said)
    world.things |= {"survey": survey, "survey link of owner": token_of(outcome)}


# --- What may be counted ----------------------------------------------------------------------------------------------


def applications_to(world: World, company: str) -> QuerySet[Application]:
    return Application.objects.filter(job__company=world.things[f"company {company}"])


def matches_of(world: World, student: str) -> QuerySet[Match]:
    return Match.objects.filter(student=world.things[student]).of_open_jobs(at=NOW)


def candidates_of(world: World, company: str) -> int:
    """How many may stand on the page of a company's posting: nobody, once the company is not verified."""
    posting = world.things[f"posting of {company}"]
    posting.company.refresh_from_db()
    shown = [world.things[name] for name in SHOWN["recruiter"] if "recruiter" in world.marks[f"zzwords{name}"]]
    return Match.objects.filter(job=posting, student__in=shown).count() if posting.company.is_verified else 0


def _what_is_said_on_them(world: World) -> None:
    """A blind application, messages of both sides, an interview, and invitations that wait."""
    things = world.things
    blind = ApplicationFactory(student=things["blind"], job=things["blind of A"], cv=things["cv of blind"])
    things["application of blind"] = blind
    grant(student=blind.student, company=blind.job.company, now=NOW, source="application")
    MessageFactory(application=blind, side="student", body="zznameblind les escribe. Apellido.")
    for name, role, companies in (("owner", "owner", COMPANY_A), ("other", "other_student", ("other_recruiter",))):
        application, readers = things[f"application of {name}"], (role, *companies, *OFFICE)
        MessageFactory(application=application, body=world.mark(f"zz-company-says-{name}", *readers))
        MessageFactory(application=application, side="student", body=world.mark(f"zz-student-says-{name}", *readers))
        sender = things["posting of B" if name == "owner" else "posting of A"]
        note = world.mark(f"zz-invited-{name}", role, *OFFICE)
        things[f"invitation of {name}"] = InvitationFactory(student=things[name], job=sender, note=note)
    things["interview of owner"] = InterviewFactory(
        application=things["application of owner"], place=world.mark("zz-place-owner", "owner", *COMPANY_A, *OFFICE),
        slots=["2026-11-04T12:00:00+00:00", "2026-11-05T12:00:00+00:00"], status="agreed", starts_at=NOW + 2 * DAY,
    )  # fmt: skip


# --- States -----------------------------------------------------------------------------------------------------------


def as_it_is(world: World) -> None:
    """Nothing changes."""


def consent_withdrawn(world: World) -> None:
    """Nobody is shown to companies any more, and the owner withdraws the application."""
    Student.objects.update(visibility=Student.Visibility.PRIVATE)
    Application.objects.filter(pk=world.things["application of owner"].pk).update(status=Application.Status.WITHDRAWN)
    for mark, readers in world.marks.items():
        if any(word in mark for word in ("owner", "consenting", "wordswithdrawn")):
            world.marks[mark] = tuple(role for role in readers if role in ("owner", *OFFICE))


def one_company_shut_out(world: World) -> None:
    """The owner takes consent back from company A alone; company B may be shown the anonymous profile still."""
    owner = world.things["owner"]
    revoke(student=owner, company=world.things["company A"], actor=owner.user, now=NOW)
    shut_out(world, COMPANY_A)


def restricted(world: World) -> None:
    """The owner keeps everything, and nothing is done with it."""
    requests.restrict(user=world.things["owner"].user, now=NOW)
    shut_out(world, (*COMPANY_A, "other_recruiter"))


def shut_out(world: World, roles: tuple[str, ...]) -> None:
    for mark, readers in world.marks.items():
        if "owner" in mark:
            world.marks[mark] = tuple(role for role in readers if role not in roles)


def opted_out(world: World) -> None:
    """Nobody wants matches, so nobody is suggested; applications stay."""
    Student.objects.update(wants_matching=False)
    for mark, readers in world.marks.items():
        if mark.endswith("consenting") or mark == "zzwordsowner":
            world.marks[mark] = tuple(role for role in readers if role != "other_recruiter")
    world.marks["zzwordsconsenting"] = world.marks["zzwordswithdrawn"] = OFFICE


OWN_TO_A = ("zz-hook-a", "zz-paper-A", "zz-invited-to-a@mail.example")


def company_unverified(world: World) -> None:
    """Company A is suspended: its postings leave the public, applicants are closed to it, drafts stay its own."""
    Company.objects.filter(pk=world.things["company A"].pk).update(status=Company.Status.SUSPENDED)
    for mark, readers in world.marks.items():
        if mark in ("zz-company-A", "zz-published-A", "zz-expired-of-A"):
            # An applicant keeps the title of what was applied to.
            mine = ("owner",) if mark == "zz-published-A" else ()
            world.marks[mark] = (*COMPANY_A, *OFFICE, *mine)
        elif mark not in (*OWN_TO_A, "zz-draft-A", "zz-changed-of-A", "zz-coming-of-A", "zz-dropped-of-A"):
            world.marks[mark] = readers if readers == ROLES else tuple(r for r in readers if r not in COMPANY_A)


def users_deactivated(world: World) -> None:
    """Every account is closed; whoever had a session has none."""
    User.objects.update(is_active=False)
    for mark, readers in world.marks.items():
        world.marks[mark] = ROLES if readers == ROLES else ()


STATES: dict[str, Callable[[World], None]] = {
    "normal": as_it_is,
    "consent withdrawn": consent_withdrawn,
    "one company shut out": one_company_shut_out,
    "restricted": restricted,
    "opted out": opted_out,
    "company unverified": company_unverified,
    "deactivated": users_deactivated,
}

# --- What changed -----------------------------------------------------------------------------------------------------


def holdings(world: World) -> dict[str, list[Any]]:
    """For each holder, the values of the rows held; work marks, times of change and notices of others left out."""
    held: dict[str, list[Any]] = {}

    def hold(rows: QuerySet[Any], holder_of: Callable[[dict[str, Any]], str]) -> None:
        for row in rows.order_by("pk").values():
            kept = {name: value for name, value in row.items() if name not in UNIMPORTANT}
            held.setdefault(holder_of(row), []).append(kept)

    people = {world.things[name].pk: name for name in PEOPLE}
    users = {world.things[name].user_id: name for name in PEOPLE}
    companies = {world.things[f"company {key}"].pk: f"company {key}" for key in "ABC"}
    roles = {user.pk: f"user {role}" for role, user in world.users.items()}
    jobs = {pk: companies.get(company, "new company") for pk, company in Job.objects.values_list("pk", "company")}
    applications = Application.objects.values_list("pk", "student")
    notices = [world.things[f"notice of {name}"].pk for name in PEOPLE]
    hold(Student.objects.all(), lambda row: people.get(row["id"], "new student"))
    hold(CV.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(StudentSkill.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(OutcomeAnswer.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(SavedJob.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    linked = world.things["alert of private"].pk  # whoever has its link may end it
    hold(SavedSearch.objects.exclude(pk=linked), lambda row: people.get(row["student_id"], "new student"))
    hold(ProfileEntry.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(CompanyGrant.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(CalendarFeed.objects.all(), lambda row: users.get(row["user_id"]) or roles[row["user_id"]])
    hold(
        Evidence.objects.annotate(student_id=F("student_skill__student")),
        lambda row: people.get(row["student_id"], "new student"),
    )
    hold(User.objects.all(), lambda row: users.get(row["id"]) or roles.get(row["id"], "new user"))
    hold(EmailAddress.objects.all(), lambda row: users.get(row["user_id"]) or roles.get(row["user_id"], "new user"))
    hold(Token.objects.all(), lambda row: users.get(row["user_id"]) or roles.get(row["user_id"], "new user"))
    hold(Notification.objects.filter(pk__in=notices), lambda row: users[row["user_id"]])
    hold(Application.objects.all(), lambda row: f"application of {people.get(row['student_id'])}")
    of_application = {pk: f"application of {people.get(row)}" for pk, row in applications}
    for model in (Message, Interview):
        hold(model.objects.all(), lambda row: of_application[row["application_id"]])
    hold(Invitation.objects.all(), lambda row: f"invitation of {people.get(row['student_id'])}")
    hold(Company.objects.all(), lambda row: companies.get(row["id"], "new company"))
    for model in (CompanyDocument, TeamInvitation, Recruiter, Ruling):
        hold(model.objects.all(), lambda row: companies.get(row["company_id"], "new company"))
    hold(Webhook.objects.all(), lambda row: companies.get(row["company_id"], "new company"))
    hold(Delivery.objects.filter(key="x"), lambda row: "company A")
    hold(Report.objects.all(), lambda row: f"report of {roles.get(row['reporter_id'], '').removeprefix('user ')}")
    hold(Job.objects.all(), lambda row: jobs[row["id"]])
    hold(JobSkill.objects.all(), lambda row: jobs[row["job_id"]])
    return held


PEOPLE = ("owner", "other", "consenting", "private", "withdrawn", "applicant to C", "blind")
UNIMPORTANT = {
    "needs_matching_since",
    "needs_detection_since",
    "updated_at",
    "last_login",
    "last_used_at",
    "search_text",
    "lexemes",
}


#: Whose rows a page may hold in its hands for each role, marks or not.
SHOWN: dict[str, set[str]] = {
    "owner": {"owner"},
    "other_student": {"other"},
    "recruiter": {"owner", "consenting", "withdrawn", "blind"},
    "colleague": {"owner", "consenting", "withdrawn", "blind"},
    "other_recruiter": {"owner", "other", "consenting", "withdrawn"},
}

OF_A = ("application of owner", "application of blind", "invitation of consenting")
#: Which holders' rows each role may change; `application of x` by its student and by the company it went to.
MAY_CHANGE: dict[str, set[str]] = {
    "anonymous": set(),
    "owner": {"owner", "application of owner", "invitation of owner", "user owner"},
    "other_student": {"other", "application of other", "invitation of other", "user other_student"},
    "recruiter": {"company A", *OF_A, "user recruiter"},
    "colleague": {"company A", *OF_A, "user colleague"},
    "other_recruiter": {"company B", "application of other", "invitation of consenting", "user other_recruiter"},
    "unverified": {"company C", "user unverified"},
    "staff": {"user staff", "company A", "company B", "report of owner"},
    "superuser": {"user superuser", "company A", "company B", "report of owner"},
}
for _role, _allowed in MAY_CHANGE.items():
    _allowed.add(f"report of {_role}")


def may_change(world: World, role: str) -> set[str]:
    """The holders of above, without applications that the role may not read as things stand."""
    shut = {f"application of {name}" for name in ("owner", "other") if role not in world.marks[f"zz-message-{name}"]}
    return MAY_CHANGE[role] - shut
