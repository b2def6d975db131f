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
from django.core.files.base import ContentFile
from django.db.models import F, Q, QuerySet

from conftest import DAY, NOW
from jobs.models import Application, ApplicationEvent, Company, Job, JobSkill
from jobs.tests.factories import ApplicationFactory, CompanyFactory, JobFactory, RecruiterFactory
from matching import ranking
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from notifications.models import Kind, Notification
from students.models import CV, Evidence, ProfileEntry, Student, StudentSkill
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
    for name in ("owner", "other", "consenting", "private"):
        ranking.refresh_student(student=world.things[name], now=NOW)
    world.users["superuser"] = StaffFactory(full_name="Super")
    staff = StaffFactory(full_name="Staff", is_superuser=False)
    staff.user_permissions.set(office_permissions())
    world.users["staff"] = staff
    for role in OFFICE:  # the admin asks for a second factor
        Authenticator.objects.create(user=world.users[role], type=Authenticator.Type.TOTP, data={"secret": "x"})
    return world


def office_permissions() -> list[Permission]:
    """What the careers office needs: to see everything, and to change what it answers for."""
    apps = ["students", "jobs", "matching", "notifications", "skills"]
    ledger = ["view_auditevent", "view_consent", "view_erasurerequest"]
    rows = Permission.objects.filter(Q(content_type__app_label__in=apps) | Q(codename__in=ledger))
    return [row for row in rows if row.codename.startswith("view_") or row.codename in OFFICE_MAY]


OFFICE_MAY = {"change_company", "change_job", "change_application", "change_cv", "change_aliasproposal"}


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
            world.users[role] = RecruiterFactory(user__full_name=f"Recruiter {role}", company=company).user
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


def _postings_of_every_kind(world: World) -> None:
    """Those that look almost open, and those that are over."""
    company = world.things["company A"]
    for name, readers, fields in (
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


def _students(world: World) -> None:
    """The owner and another student, one who consented to be suggested, a private one, and two that withdrew."""
    for name, visibility, role in (
        ("owner", "companies", "owner"),
        ("other", "private", "other_student"),
        ("consenting", "companies", None),
        ("private", "private", None),
        ("withdrawn", "companies", None),
        ("applicant to C", "private", None),
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
        notice = Notification.objects.create(
            user=user, kind=Kind.NEW_MATCHES, data={"new": 3}, url="/para-ti/", key=key, created_at=NOW
        )
        world.things |= {
            name: student, f"cv of {name}": cv, f"skill of {name}": row, f"evidence of {name}": evidence,
            f"entry of {name}": entry, f"notice of {name}": notice,
        }  # fmt: skip
        if role:
            world.users[role] = user


def evidence_readers(name: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Quotes go to whoever may see the profile: consenting students' to every verified company."""
    companies = {
        "owner": (*COMPANY_A, "other_recruiter"), "consenting": (*COMPANY_A, "other_recruiter"),
        "other": ("other_recruiter",), "withdrawn": (*COMPANY_A, "other_recruiter"),
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
    record(
        action=AuditEvent.Action.CV_OPENED, actor=world.users["recruiter"], subject=world.things["owner"].public_id,
        on_behalf_of=world.mark("zz-looker", "owner"), at=NOW,
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


def opted_out(world: World) -> None:
    """Nobody wants matches, so nobody is suggested; applications stay."""
    Student.objects.update(wants_matching=False)
    for mark, readers in world.marks.items():
        if mark.endswith("consenting") or mark == "zzwordsowner":
            world.marks[mark] = tuple(role for role in readers if role != "other_recruiter")
    world.marks["zzwordsconsenting"] = world.marks["zzwordswithdrawn"] = OFFICE


def company_unverified(world: World) -> None:
    """Company A is suspended: its postings leave the public, applicants are closed to it, drafts stay its own."""
    Company.objects.filter(pk=world.things["company A"].pk).update(status=Company.Status.SUSPENDED)
    for mark, readers in world.marks.items():
        if mark in ("zz-company-A", "zz-published-A", "zz-expired-of-A"):
            # An applicant keeps the title of what was applied to.
            mine = ("owner",) if mark == "zz-published-A" else ()
            world.marks[mark] = (*COMPANY_A, *OFFICE, *mine)
        elif mark not in ("zz-draft-A", "zz-changed-of-A", "zz-coming-of-A", "zz-dropped-of-A"):
            world.marks[mark] = readers if readers == ROLES else tuple(r for r in readers if r not in COMPANY_A)


def users_deactivated(world: World) -> None:
    """Every account is closed; whoever had a session has none."""
    User.objects.update(is_active=False)
    for mark, readers in world.marks.items():
        world.marks[mark] = ROLES if readers == ROLES else ()


STATES: dict[str, Callable[[World], None]] = {
    "normal": as_it_is,
    "consent withdrawn": consent_withdrawn,
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
    notices = [world.things[f"notice of {name}"].pk for name in PEOPLE]
    hold(Student.objects.all(), lambda row: people.get(row["id"], "new student"))
    hold(CV.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(StudentSkill.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(ProfileEntry.objects.all(), lambda row: people.get(row["student_id"], "new student"))
    hold(
        Evidence.objects.annotate(student_id=F("student_skill__student")),
        lambda row: people.get(row["student_id"], "new student"),
    )
    hold(User.objects.all(), lambda row: users.get(row["id"]) or roles.get(row["id"], "new user"))
    hold(EmailAddress.objects.all(), lambda row: users.get(row["user_id"]) or roles.get(row["user_id"], "new user"))
    hold(Notification.objects.filter(pk__in=notices), lambda row: users[row["user_id"]])
    hold(Application.objects.all(), lambda row: f"application of {people.get(row['student_id'])}")
    hold(Company.objects.all(), lambda row: companies.get(row["id"], "new company"))
    hold(Job.objects.all(), lambda row: jobs[row["id"]])
    hold(JobSkill.objects.all(), lambda row: jobs[row["job_id"]])
    return held


PEOPLE = ("owner", "other", "consenting", "private", "withdrawn", "applicant to C")
UNIMPORTANT = {"needs_matching_since", "needs_detection_since", "updated_at", "last_login", "search_text"}


#: Whose rows a page may hold in its hands for each role, marks or not.
SHOWN: dict[str, set[str]] = {
    "owner": {"owner"},
    "other_student": {"other"},
    "recruiter": {"owner", "consenting", "withdrawn"},
    "colleague": {"owner", "consenting", "withdrawn"},
    "other_recruiter": {"owner", "other", "consenting", "withdrawn"},
}

#: Which holders' rows each role may change; `application of x` by its student and by the company it went to.
MAY_CHANGE: dict[str, set[str]] = {
    "anonymous": set(),
    "owner": {"owner", "application of owner", "user owner"},
    "other_student": {"other", "application of other", "user other_student"},
    "recruiter": {"company A", "application of owner", "user recruiter"},
    "colleague": {"company A", "application of owner", "user colleague"},
    "other_recruiter": {"company B", "application of other", "user other_recruiter"},
    "unverified": {"company C", "user unverified"},
    "staff": {"user staff"},
    "superuser": {"user superuser"},
}
