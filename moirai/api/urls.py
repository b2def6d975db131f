"""``/api/v1/``: the shared endpoints, and those of each app above."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

from moirai.api.me import Me

urlpatterns = [
    path(
        "schema.json",
        login_not_required(
            SpectacularJSONAPIView.as_view(
                authentication_classes=[], permission_classes=[], throttle_classes=[], http_method_names=["get", "head"]
            )
        ),
        name="api_schema",
    ),
    path("me/", Me.as_view(), name="api_me"),
    path("", include("students.api")),
    path("", include("jobs.api")),
    path("", include("matching.api")),
]
