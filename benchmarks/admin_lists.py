"""Every list of the admin with 100,000 rows in each table: its page, a search, and the first choice of every filter,
beside a page that lists nothing and the admin's start page, in the same process.

Copies point at copies: the thousandth application is the thousandth student's for the thousandth posting.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks import world
from matching import modelstore
from moirai.accounts.models import User
from moirai.crypto.fields import EncryptedLookupField

ROWS = {"desk": 100_000, "full": 100_000}
FIXED = ("auth", "matching.fittedmodel", "matching.fittedmodelfile", "skills")  # as large as they get
GROWING = ("skills.aliasproposal", "skills.enrichmentlog")
TIMES = 2
MOST_QUERIES = 15
GOAL = 5.0  # times the bare page
BARE = "/accesibilidad/"
WORD = "python"


def run(size: str) -> None:
    from tests.trust.world import make_world  # one row of everything

    call_command("migrate", verbosity=0)
    call_command("load_taxonomy", verbosity=0)
    modelstore.fit(now=timezone.now())
    user = make_world().users["superuser"]
    call_command("seed_demo", force=True, stdout=sys.stderr)
    grow(ROWS[size])
    judge(user)


def judge(user: User) -> None:
    """One line for the start page, one for each list with its slowest page."""
    client = Client(headers={"host": urlsplit(settings.SITE_URL).netloc})
    client.force_login(user)
    bare, start = measured(client, BARE)[0], measured(client, reverse("admin:index"))
    world.report("admin_lists", start[0], ratio=start[0] / bare / GOAL, page="start", queries=start[1])
    for site in admin.site._registry.values():
        asked = {what: measured(client, address) for what, address in pages(site, user)}
        slowest = max(asked, key=lambda what: asked[what][0])
        seconds, queries = asked[slowest][0], max(queries for _seconds, queries in asked.values())
        world.report(
            "admin_lists", seconds, ratio=seconds / bare / GOAL, page=site.opts.label, slowest=slowest,
            rows_there=site.model._default_manager.count(), queries=queries, is_within=queries <= MOST_QUERIES,
            times_a_bare_page={what: round(found / bare, 1) for what, (found, _queries) in asked.items()},
        )  # fmt: skip


def grow(count: int) -> None:
    """``count`` copies of the rows of every table that grows."""
    kinds = [model for model in admin.site._registry if is_growing(model)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # copies point at copies that come later
        for model in kinds:
            began = time.perf_counter()
            cursor.execute(copies(model, set(kinds), count))
            world.say(f"{model._meta.label}: {cursor.rowcount:,} rows in {time.perf_counter() - began:.1f} s")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def is_growing(model: type[models.Model]) -> bool:
    options = model._meta
    return options.label_lower in GROWING or not {options.app_label, options.label_lower} & set(FIXED)


def copies(model: type[models.Model], kinds: set[type[models.Model]], count: int) -> str:
    """The INSERT that copies all rows of a table in turn, each a minute older than the one before."""
    table, distinct = model._meta.db_table, distinct_fields(model)
    columns = {field.column: value(field, kinds, distinct) for field in model._meta.concrete_fields}
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} FROM generate_series(0, {count - 1}) g'
        f' JOIN (SELECT *, row_number() OVER (ORDER BY "{model._meta.pk.column}") - 1 AS its_turn FROM "{table}") t'
        f' ON t.its_turn = g % (SELECT count(*) FROM "{table}") ON CONFLICT DO NOTHING'
    )


def distinct_fields(model: type[models.Model]) -> set[str]:
    """Names of fields that tell the rows of a constraint apart, where no foreign key does."""
    found = {field.name for field in model._meta.concrete_fields if field.unique}
    for constraint in model._meta.constraints:
        fields = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
        if fields and not any(field.is_relation for field in fields):
            kinds = (models.TextField, models.CharField, models.IntegerField)
            found |= {*[field.name for field in fields if isinstance(field, kinds) and not field.choices][:1]}
    return found


def value(field: Any, kinds: set[type[models.Model]], distinct: set[str]) -> str:
    """What a column of copy ``g`` holds, in SQL."""
    column = f't."{field.column}"'
    made = column
    if field.primary_key:
        return f"{world.FIRST} + g"
    if field.is_relation:
        made = f"{world.FIRST} + g" if field.related_model in kinds else column
    elif isinstance(field, models.DateTimeField):
        made = f"{column} - g * interval '1 minute'"
    elif field.name in distinct and isinstance(field, models.IntegerField):
        made = f"{world.FIRST} + g"
    elif isinstance(field, EncryptedLookupField):
        made = f"lpad(to_hex(g), 43, '0') || substr({column}, 44)"
    elif field.name in distinct:
        made = "'v' || translate(lpad(to_hex(g), 9, '0'), '01', 'yz')"
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE {made} END"


def pages(site: admin.ModelAdmin, user: User) -> Iterator[tuple[str, str]]:
    """Name and address of a list, of what is found in it, and of the first choice of each filter."""
    address = reverse(f"admin:{site.opts.app_label}_{site.opts.model_name}_changelist")
    yield "list", address
    if site.search_fields:
        yield "search", f"{address}?q={WORD}"
        yield "search by address", f"{address}?q={user.email}"
    if site.list_filter:
        yield "facets", f"{address}?_facets=True"
    request = RequestFactory().get(address)
    request.user = user
    changes = site.get_changelist_instance(request)
    for spec in changes.filter_specs:
        chosen = [str(choice["query_string"]) for choice in spec.choices(changes) if not choice["selected"]]
        if chosen:
            yield f"{spec.title}", address + chosen[0]
    if changes.date_hierarchy:
        yield "year", f"{address}?{changes.date_hierarchy}__year={timezone.now().year}"


def measured(client: Client, address: str) -> tuple[float, int]:
    """Seconds, the least of some times, and queries of one page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        asked = len(queries)  # the next request forgets them
    assert response.status_code == 200, (address, response.status_code)
    times = []
    for _time in range(TIMES):
        began = time.perf_counter()
        client.get(address).content  # noqa: B018 - rendered
        times.append(time.perf_counter() - began)
    return min(times), asked
