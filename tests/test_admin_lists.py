"""Every list of the admin asks the database little, and counts its table once."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOW
from jobs.models import Application
from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.browser.growing import grow
from tests.trust.requesting import Browser
from tests.trust.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIMIT = 15
TESTED = {"skills"}  # at two sizes, in `moirai/skills/tests/test_admin.py`


def test_lists_ask_little_and_load_no_rows_one_by_one(model, time_machine):  # noqa: F811
    """Rows loaded one by one fail by themselves, here as everywhere; so one size is enough."""
    time_machine.move_to(NOW, tick=False)
    world = make_world()
    grow(world, 3)
    browser = Browser(world, "superuser")
    browser.send("GET", reverse("admin:index"))
    asking, wrong = RequestFactory().get("/"), []
    for model_class, site in admin.site._registry.items():
        name = f"{model_class._meta.app_label}_{model_class._meta.model_name}"
        table = model_class._meta.db_table
        if site.show_full_result_count:
            wrong.append(f"{name} counts the whole table")
        site.get_search_results(asking, model_class._default_manager.all(), "ana@mail.example")  # by nothing encrypted
        if model_class._meta.app_label in TESTED:
            continue
        with CaptureQueriesContext(connection) as queries:
            assert browser.send("GET", reverse(f"admin:{name}_changelist")).status_code == 200
        if len(queries) > LIMIT:
            wrong.append(f"{name}: {len(queries)} queries")
        if sum(f'"__count" FROM "{table}"' in query["sql"] for query in queries) > 1:
            wrong.append(f"{name} is counted twice")
    assert not wrong


def test_an_address_is_looked_for_among_addresses_alone_and_nothing_else_is():
    site = admin.site.get_model_admin(Application)
    words, address = (
        site.get_search_fields(RequestFactory().get("/", {"q": q})) for q in ("python", "ana@mail.example")
    )
    assert address == ["=student__user__email"]
    assert set(words) == {"=public_id", "job__title", "job__company__name"}
