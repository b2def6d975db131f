"""The site's addresses, the page of components, and a page for each thing that can go wrong."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.shortcuts import render
from django.urls import path

from moirai.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class PlantedError(Exception):
    pass


WRONG = {400: BadRequest, 403: PermissionDenied, 413: RequestDataTooBig, 500: PlantedError}


@login_not_required
def goes_wrong(request, status):
    if status == 429:  # what allauth renders when somebody tries too often
        return render(request, "429.html", status=429)
    raise WRONG[status]


urlpatterns = [
    *i18n_patterns(
        path("falla/<int:status>/", goes_wrong, name="goes_wrong"),
        prefix_default_language=False,
    ),
    *urlpatterns,
]
