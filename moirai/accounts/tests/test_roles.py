"""The roles of the careers office, as the migration makes them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation

from moirai.accounts.roles import NAMES, name_of
from moirai.accounts.tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
migration = import_module("moirai.accounts.migrations.0008_makes_the_roles_of_the_office")
LISTS = {
    "reviewer": "careerspage company companydocument historicalcompany historicaljob job jobskill recruiter report "
    "ruling searchword teaminvitation aliasproposal occupation occupationalias occupationgroup occupationphrase skill "
    "skillalias skillrelation",
    "counsellor": "application applicationevent company companygrant interview invitation job outcomestatistic "
    "savedjob match aliasproposal occupation skill skillalias cohort cohortrow cv evidence outcomeanswer outcomesurvey "
    "profileentry student studentskill",
    "faculty": "",
    "privacy officer": "auditevent user application applicationevent companygrant interview invitation message "
    "savedsearch notification preference consent privacyrequest cohort cv evidence profileentry student studentskill",
    "ops": "token calendarfeed careerspage searchword encodedtext fittedmodel fittedmodelfile matchrun deadaddress "
    "delivery outboxmail webhook enrichmentlog cohort",
}
CHANGES = {
    "reviewer": "careerspage company job jobskill recruiter aliasproposal",
    "counsellor": "aliasproposal cv student",
    "faculty": "",
    "privacy officer": "",  # answers are actions: requests themselves stay as they were asked
    "ops": "careerspage outboxmail",
}


@pytest.mark.parametrize("role", LISTS)
def test_each_role_opens_its_lists_and_no_other_page(client, role):
    migration.make_roles(apps, None)  # a second time, where the migrations ran
    staff = StaffFactory(is_superuser=False)
    staff.groups.add(Group.objects.get(name=role))
    client.force_login(staff)
    models = [row for app in client.get(reverse("admin:index")).context["available_apps"] for row in app["models"]]
    assert {row["model"]._meta.model_name for row in models} == {*LISTS[role].split()}
    changed = {row["model"]._meta.model_name for row in models if row["perms"]["change"]}
    assert changed == {*CHANGES[role].split()}
    for row in models:
        assert client.get(row["admin_url"]).status_code == 200
    others = [model for model in admin.site._registry if model._meta.model_name not in LISTS[role].split()]
    for model in others[::6]:
        address = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(address)).status_code == 403
    assert staff.has_perm("moirai.view_reports") == (role not in ("reviewer", "ops"))


def test_roles_are_made_once_taken_away_and_named_in_the_readers_language():
    migration.make_roles(apps, None)
    migration.make_roles(apps, None)
    made = Group.objects.filter(name__in=migration.ROLES)
    assert sorted(group.name for group in made) == sorted(NAMES)
    with translation.override("es"):
        assert {name_of(group) for group in made}.isdisjoint(NAMES)
    assert name_of(Group(name="Servicio social")) == "Servicio social"
    migration.take_roles_away(apps, None)
    assert not Group.objects.exists()
