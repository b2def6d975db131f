"""Every model says how long its rows stay, and everything held is in the registry."""

from django.apps import apps

from moirai.privacy.registry import holdings, retention


def test_every_model_says_how_long_its_rows_stay():
    labels = {model._meta.label for model in apps.get_models()}
    assert labels - retention().keys() == set(), "say it in the app's personal.py"
    rules_of_gone_models = retention().keys() - labels
    assert rules_of_gone_models == set()
    assert all(retention().values())


def test_every_app_with_people_in_it_says_what_it_holds():
    assert {holding.name for holding in holdings()} == {"account", "students", "jobs", "matching", "notifications"}
