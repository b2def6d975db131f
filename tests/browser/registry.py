"""Every page, and as whom to look at it. Ordinary pages come from the table of rules; other states are below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.urls import reverse

from tests.trust import rules
from tests.trust.world import ROLES

#: GET routes whose answer is not a page of ours, with the reason.
EXEMPT = {
    "healthz": "JSON",
    "readyz": "JSON",
    "security_txt": "plain text",
    "robots": "plain text",
    "sitemap": "XML",
    "sitemap_section": "XML",
    "jobs:feed": "Atom",
    "jobs:interview_file": "a file for calendars",
    "calendar_feed": "a file for calendars",
    "students:cv_file": "a file",
    "jobs:application_cv": "a file",
    "jobs:company_document": "a file",
    "students:cohort_errors": "a file",
    "office:report_file": "a file",
    "students:survey_file": "a file",
}  # fmt: skip
#: Routes that differ with their object: each is looked at.
VARIED = {"jobs:job", "jobs:company", "jobs:company_home"}
URLCONF = "tests.browser.urls"
VISITOR, STUDENTS, RECRUITERS = "anonymous", ("owner", "other_student"), ("recruiter", "colleague", "other_recruiter")


@dataclass(frozen=True)
class Page:
    """An address as somebody sees it; ``target`` names things of the world, words begin with ``'``."""

    route: str
    role: str = VISITOR
    target: str = "-"
    query: str = ""
    status: int = 200

    def __str__(self) -> str:
        return " ".join(filter(None, [self.route, self.role, self.target.strip("-"), self.query]))

    def address(self, values: dict[str, object]) -> str:
        """Its path, with ``values`` in the place of things."""
        parts = [part.strip() for part in self.target.split(",")] if self.target != "-" else []
        args = [part[1:] if part.startswith("'") else values[part] for part in parts]
        return reverse(self.route, urlconf=URLCONF if self in planted() else None, args=args) + self.query


def served_to(cells: list[str]) -> list[str]:
    """Of those whom a route serves: a visitor, a student and a recruiter, or whoever comes first."""
    served = [role for role, cell in zip(ROLES, cells, strict=True) if cell == "+"]
    groups = [[role for role in served if role in group] for group in ((VISITOR,), STUDENTS, RECRUITERS)]
    return [group[0] for group in groups if group] or served[:1]


def ordinary() -> list[Page]:
    """One page for each GET line that serves somebody; texts, which are the same for everybody, once."""
    found: dict[tuple[str, str, str], Page] = {}
    for line in filter(None, map(str.strip, rules.TABLE.splitlines())):
        words = line.split()
        route, target, method, cells = words[0], " ".join(words[1:-10]), words[-10], words[-9:]
        if method != "GET" or route in EXEMPT or "+" not in cells:
            continue
        roles = served_to(cells)
        for role in roles if ":" in route or route == "home" else roles[:1]:
            key = (route, role.partition("_")[0], target if route in VARIED else "")
            found.setdefault(key, Page(route, role, target))
    return list(found.values())


#: Empty, waiting and refused: what the ordinary walk does not show.
STATES = [
    Page("matching:for_you", "other_student", query="?q=nada-de-esto"),
    Page("students:outcome", "owner", "survey link of owner"),
    Page("students:outcome", target="survey link of owner"),
    Page("students:profile", "newcomer"),
    Page("students:upload_cv", "newcomer"),
    Page("students:reading", "reading"),
    Page("students:reading", "late"),
    Page("students:reading", "unreadable"),
    Page("students:profile", "unreadable"),
    Page("jobs:applications", "newcomer"),
    Page("notifications:list", "newcomer"),
    Page("jobs:job_list", query="?q=nada-de-esto&city=Puebla"),
    Page("jobs:job_list", query="?q=zz&kind=internship"),
    Page("jobs:register_company", "founder"),
    Page("jobs:company_home", "beginner"),
    Page("jobs:company_home", "unverified"),
    Page("matching:candidates", "other_recruiter", "draft of B"),
    Page("jobs:job", target="no job, 'nada", status=404),
    Page("jobs:job", "owner", "no job, 'nada", status=404),
]


#: Pages of the admin, which are Django's but for what we add: axe looks at them, and no more.
ADMIN = [
    Page("admin:index", "staff"),
    Page("admin:jobs_job_changelist", "superuser"),
    Page("admin:jobs_company_changelist", "superuser", query="?status__exact=pending"),
    Page("admin:jobs_company_change", "superuser", "'1"),
    Page("admin:skills_aliasproposal_changelist", "superuser"),
    Page("admin:students_student_changelist", "superuser"),
]


def pages() -> list[Page]:
    return list(dict.fromkeys([*ordinary(), *STATES]))


def planted() -> list[Page]:
    """Pages of ``tests/browser/urls.py`` alone."""
    wrong = [Page("goes_wrong", target=f"'{status}", status=status) for status in (400, 403, 413, 429, 500)]
    return [Page("styleguide"), *wrong]


def is_page(content_type: str) -> bool:
    return re.match(r"text/html\b", content_type) is not None
