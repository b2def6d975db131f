"""``/api/v1/``: the shared endpoints, and those of each app above."""

from django.urls import include, path

from moirai.api.me import Me
from moirai.api.schema import schema_file

urlpatterns = [
    path("schema.json", schema_file, name="api_schema"),
    path("me/", Me.as_view(), name="api_me"),
    path("", include("students.api")),
    path("", include("jobs.api")),
    path("", include("matching.api")),
    path("", include("notifications.api")),
]
