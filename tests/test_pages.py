"""Home, texts, account, errors, theme and the one stylesheet."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import translation

from jobs.tests.factories import JobFactory
from moirai import stylesheets
from moirai import urls as site_urls
from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.api.endpoint import Endpoint
from moirai.skills.models import Occupation, OccupationGroup, Source

pytestmark = pytest.mark.django_db

TEXTS = ["home", "how_we_score", "privacy_notice", "accessibility", "help"]

# Views without sign-in, by name: whoever opens another one says so here.
PUBLIC = {
    "healthz",
    "readyz",  # what is down, nobody's data
    "metrics",  # asks for a token itself
    "home",
    "styleguide",  # not found where the site is not being built
    "set_theme",
    "how_we_score",
    "privacy_notice",
    "accessibility",
    "help",
    "account_login",
    "account_logout",
    "back_channel_logout",  # asks for a signed token of the university's provider
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "students:outcome",  # its link is signed
    "jobs:job_list",
    "jobs:feed",
    "sitemap",
    "sitemap_section",
    "robots",
    "jobs:job",
    "jobs:unsubscribe",
    "jobs:company",
    "notifications:unsubscribe",
    "admin:login",
    "admin:jsi18n",
    "security_txt",
    "calendar_feed",
    "api_schema",
    "api_reference",
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
}


@login_not_required
def breaks(request):
    raise RuntimeError("planted")


@login_not_required
def forbids(request):
    raise PermissionDenied


@login_not_required
def takes_a_file(request):
    return HttpResponse(str(len(request.FILES)))


urlpatterns = [
    path("breaks/", breaks),
    path("forbids/", forbids),
    path("takes/", takes_a_file),
    *site_urls.urlpatterns,
]
handler400, handler403 = "moirai.pages.bad_request", "moirai.pages.permission_denied"
handler404, handler500 = "moirai.pages.not_found", "moirai.pages.server_error"


@pytest.fixture
def site(settings):
    """The site with three planted views, answering as it does in production."""
    settings.ROOT_URLCONF = "tests.test_pages"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_open_to_everybody_in_both_languages(client, name, language):
    with translation.override(language):
        response = client.get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in page
    assert page.count("<h1>") == 1
    assert "style=" not in page
    assert "<script>" not in page


def test_home_shows_the_newest_open_postings(client):
    shown, draft = JobFactory(title="Analista de riesgos"), JobFactory(title="Borrador secreto", status="draft")
    page = client.get("/").content.decode()
    assert shown.title in page
    assert draft.title not in page


def test_home_asks_for_the_same_rows_whatever_their_number(client, django_assert_max_num_queries):
    JobFactory()
    client.get("/")
    JobFactory.create_batch(6)
    with django_assert_max_num_queries(4):
        client.get("/")


def test_esco_is_named_only_where_its_rows_are_loaded(client):
    assert "ESCO" not in client.get(reverse("how_we_score")).content.decode()
    group = OccupationGroup.objects.create(code="2512", name_es="Software", name_en="Software", source=Source.ESCO)
    Occupation.objects.create(group=group, code="esco:1", title_es="a", title_en="a", source=Source.ESCO)
    assert "ESCO" in client.get(reverse("how_we_score")).content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_kept_in_a_cookie(client, theme):
    response = client.post(reverse("set_theme"), {"theme": theme, "next": "/ayuda/"})
    assert (response.status_code, response["Location"]) == (302, "/ayuda/")
    assert f'data-theme="{theme}"' in client.get("/ayuda/").content.decode()
    client.post(reverse("set_theme"), {"theme": ""})
    assert "data-theme" not in client.get("/ayuda/").content.decode()


def test_the_theme_form_leads_to_no_other_site(client):
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "https://evil.example/"})
    assert response["Location"] == "/"


@pytest.mark.parametrize(("role", "goal"), [("student", "students:start"), ("recruiter", "jobs:start")])
def test_sign_in_leads_to_where_the_role_begins(client, role, goal):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("start"))["Location"] == reverse(goal)


def test_staff_begin_in_the_admin(client):
    client.force_login(StaffFactory())
    assert client.get(reverse("start"))["Location"] == reverse("admin:index")


def test_the_account_page_changes_name_and_language(client):
    user = UserFactory()
    client.force_login(user)
    assert client.get(reverse("account")).status_code == 200
    response = client.post(reverse("account"), {"full_name": "Ana Cruz", "language": "en", "role": "staff"})
    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.full_name, user.language, user.role) == ("Ana Cruz", "en", User.Role.STUDENT)


@pytest.mark.parametrize("name", ["a" * 151, "Ana\x00"])
def test_a_name_that_cannot_be_is_said_at_its_field(client, name):
    user = UserFactory()
    client.force_login(user)
    response = client.post(reverse("account"), {"full_name": name, "language": "en"})
    assert response.status_code == 422
    assert 'href="#id_full_name"' in response.content.decode()
    assert User.objects.get(pk=user.pk).full_name == user.full_name


# --- Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es-mx", "en"])
@pytest.mark.parametrize(
    ("address", "status"),
    [("nada/", 404), ("?q=%00", 400), ("ayuda/?q=a&b=%00", 400), ("%ED%A0%80/", 404)],
)
def test_wrong_addresses_get_a_page_that_offers_a_way_on(client, address, status, language):
    prefix = "/en/" if language == "en" else "/"
    client.raise_request_exception = False
    response = client.get(prefix + address)
    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}"' in page
    assert f'href="{prefix}ayuda/"' in page


def test_a_server_error_needs_no_database(site, monkeypatch):
    site.force_login(UserFactory())
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", _boom)
    response = site.get("/breaks/")
    assert response.status_code == 500
    assert 'class="brand"' in response.content.decode()


def _boom(*_args):
    raise RuntimeError("the database is down")


def test_a_forbidden_page_says_so(site):
    response = site.get("/forbids/")
    assert response.status_code == 403
    assert "<h1>" in response.content.decode()


def test_an_upload_that_is_too_large_gets_413(site, settings):
    settings.CV_MAX_BYTES = 100_000
    file = SimpleUploadedFile("cv.pdf", b"a" * 300_000)
    response = site.post("/takes/", {"file": file})
    assert response.status_code == 413
    assert "/takes/" in response.content.decode()
    assert site.post("/takes/", {"file": SimpleUploadedFile("cv.pdf", b"a" * 1000)}).content == b"1"


def test_a_form_without_its_token_gets_a_page_of_ours():
    response = Client(enforce_csrf_checks=True).post(reverse("set_theme"), {"theme": "dark"})
    assert response.status_code == 403
    assert 'class="brand"' in response.content.decode()


# --- Closed by default -----------------------------------------------------------------------------------------------


def _views(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver("moirai.urls")).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


def test_every_view_asks_who_is_there_unless_it_is_named_public():
    opened = {name for name, view in _views() if not getattr(view, "login_required", True)}
    opened -= {name for name, view in _views() if issubclass(getattr(view, "cls", object), Endpoint)}  # trust/test_api
    admin_guards_itself = {name for name in opened if name.startswith("admin:")}
    assert opened - admin_guards_itself <= PUBLIC


@pytest.mark.parametrize(
    "name", ["start", "account", "notifications:list", "account_change_password", "usersessions_list"]
)
def test_a_closed_page_sends_visitors_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_every_closed_address_without_arguments_sends_visitors_to_sign_in(client):
    tried = 0
    for name, view in _views():
        if not getattr(view, "login_required", True):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:  # needs arguments
            continue
        response = client.get(address)
        assert response.status_code == 302, name
        assert "/entrar/" in response["Location"] or "/admin/login/" in response["Location"], name
        tried += 1
    assert tried > 5


# --- Budgets ---------------------------------------------------------------------------------------------------------


def test_the_stylesheet_is_what_its_parts_say():
    assert (stylesheets.folder() / "moirai.css").read_text() == stylesheets.bundle(), "run manage.py bundle_css"


def test_css_and_javascript_keep_their_budgets():
    static = Path(settings.BASE_DIR) / "static"
    assert len(gzip.compress((static / "css/moirai.css").read_bytes())) <= 12_000
    assert len(gzip.compress((static / "js/moirai.js").read_bytes())) <= 3_000


def test_only_the_tokens_name_colours():
    for path_ in stylesheets.folder().rglob("*.css"):
        if path_.name not in ("tokens.css", "moirai.css"):
            assert "#" not in path_.read_text().replace("url(#", ""), path_.name


def test_a_request_for_another_host_is_refused_with_a_page(client):
    answer = client.get("/cuenta/entrar/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"<h1" in answer.content
