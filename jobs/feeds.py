"""Open postings as an Atom feed, with the filters of the list."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from jobs.models import Job, JobQuerySet
from jobs.search import Filters

MOST = 50
CHARACTERS = 600


def _open(filters: Filters) -> JobQuerySet:
    return filters.apply(Job.objects.open(at=timezone.now()))


class OpenPostings(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> Filters:
        return Filters.read(request.GET)

    def title(self, filters: Filters) -> str:
        title = _("Postings of %(site)s") % {"site": settings.SITE_NAME}
        return f"{title}: {filters.query}" if filters.query else title

    def link(self, filters: Filters) -> str:
        query = filters.querystring
        return reverse("jobs:job_list") + (f"?{query}" if query else "")

    def items(self, filters: Filters) -> list[Job]:
        return list(_open(filters).select_related("company").newest_first().defer("search_text", "lexemes")[:MOST])

    def item_title(self, item: Any) -> str:
        return f"{item.title} · {item.company.name}"

    def item_description(self, item: Any) -> str:
        return Truncator(item.description).chars(CHARACTERS)

    def item_link(self, item: Any) -> str:
        return str(item.get_absolute_url())

    def item_guid(self, item: Any) -> str:
        """The same whatever its title and the reader's language."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{item.public_id}"

    def item_author_name(self, item: Any) -> str:
        return str(item.company.name)

    def item_pubdate(self, item: Any) -> datetime | None:
        return item.published_at  # type: ignore[no-any-return]

    def item_updateddate(self, item: Any) -> datetime:
        return item.updated_at  # type: ignore[no-any-return]


def _state(request: HttpRequest) -> dict[str, Any]:
    """What the feed's content follows from, in one query a request."""
    if not hasattr(request, "feed_state"):
        found = _open(Filters.read(request.GET)).order_by()
        state = found.aggregate(changed=Max("updated_at"), published=Max("published_at"), number=Count("pk"))
        request.feed_state = state  # type: ignore[attr-defined]
    return request.feed_state  # type: ignore[attr-defined,no-any-return]


def _etag(request: HttpRequest) -> str:
    said = f"{get_language()} {request.get_full_path()} {sorted(_state(request).items())}"
    return f'"{blake2b(said.encode(), digest_size=12).hexdigest()}"'


def _last_modified(request: HttpRequest) -> datetime | None:
    moments = [moment for name in ("changed", "published") if (moment := _state(request)[name])]
    return max(moments, default=None)


@login_not_required
@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def postings_feed(request: HttpRequest) -> HttpResponse:
    """The newest open postings that the filters let through."""
    return FEED(request)


FEED = OpenPostings()
