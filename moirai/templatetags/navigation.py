"""The main navigation, by role."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moirai.accounts.models import User

register = template.Library()

# Views by name: the ground floor imports no app.
PLACES = {
    "": [
        ("jobs:job_list", _("Postings")),
        ("how_we_score", _("How it works")),
        ("help", _("Help")),
    ],
    "student": [
        ("matching:for_you", pgettext_lazy("navigation", "For you")),
        ("jobs:job_list", _("Explore")),
        ("jobs:saved", pgettext_lazy("navigation", "Saved")),
        ("jobs:applications", _("My applications")),
        ("students:profile", _("My profile")),
    ],
    "recruiter": [
        ("jobs:company_home", _("My company")),
        ("jobs:new_job", _("Post a job")),
        ("jobs:job_list", _("Explore")),
    ],
    "staff": [
        ("jobs:desk", _("What waits")),
        ("office:reports", _("Reports")),
        ("admin:index", _("Administration")),
        ("jobs:job_list", _("Explore")),
    ],
}
#: Pages of staff that not every role of the office opens.
ONLY_WITH = {
    "jobs:desk": ("jobs.change_job", "jobs.change_company"),
    "office:reports": ("moirai.view_reports",),
}


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    is_current: bool


@register.simple_tag(takes_context=True)
def main_navigation(context: Context) -> list[Link]:
    """The links of the visitor's role; the one that leads closest to this page is the current one."""
    request: HttpRequest = context["request"]
    user = getattr(request, "user", None)
    role = user.role if user is not None and user.is_authenticated else ""
    places = [(reverse(name), str(label)) for name, label in PLACES[role] if may_open(user, name)]
    above = [url for url, _label in places if request.path.startswith(url)]
    current = max(above, key=len, default="")
    return [Link(url, label, url == current) for url, label in places]


def may_open(user: User | AnonymousUser | None, name: str) -> bool:
    """Whether the permissions of this person open the page, as far as it asks for any."""
    wanted = ONLY_WITH.get(name, ())
    return not wanted or (user is not None and any(map(user.has_perm, wanted)))
