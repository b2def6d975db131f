"""Pages of the careers office outside the admin: for staff with the permission, and with a second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from moirai.accounts.models import User

P = ParamSpec("P")
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_staff(*permissions: str) -> Callable[[Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]], Guarded]:
    """Hand the view its member of staff; everybody without one of the permissions is refused.

    ``RequireSecondFactor`` knows such views by their attribute.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]) -> Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not (isinstance(user, User) and user.is_staff and any(map(user.has_perm, permissions))):
                raise PermissionDenied
            return view(request, user, *args, **kwargs)

        guarded.is_for_staff = True  # type: ignore[attr-defined]
        return guarded

    return decorate
