"""Pages for people about the API: their tokens, and the reference made of the schema."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moirai.accounts.models import User
from moirai.api.authentication import may_act
from moirai.api.models import SCOPES_OF, Token
from moirai.api.schema import schema
from moirai.api.tokens import MOST, TooManyError, make_token
from moirai.middleware import is_storable

LIFETIMES = (7, 30, 90, 365)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("What will use it: “my calendar”, “script”.")
    )
    scopes = forms.MultipleChoiceField(label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=gettext_lazy("It works for"),
        choices=[(days, ngettext_lazy("%d day", "%d days", days) % days) for days in LIFETIMES],
        coerce=int,
        initial=30,
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(scope.value, scope.label) for scope in SCOPES_OF[role]]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not is_storable(name):
            raise forms.ValidationError(_("This text holds characters that cannot be stored."))
        return name


def person_of(request: HttpRequest) -> User:
    """The signed-in person, staff with a second factor."""
    user = request.user
    assert isinstance(user, User)  # the middleware let nobody else in
    if not may_act(user):
        raise PermissionDenied
    return user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's tokens and a form for one more, whose secret this page alone shows, once."""
    user, now, secret = person_of(request), timezone.now(), ""
    form = TokenForm(request.POST if request.method == "POST" else None, role=user.role)
    if form.is_bound and form.is_valid():
        try:
            _token, secret = make_token(user=user, now=now, **form.cleaned_data)
            form = TokenForm(role=user.role)
        except TooManyError:
            form.add_error(None, _("You have %(most)d tokens. Take one back first.") % {"most": MOST})
    context = {"form": form, "secret": secret, "tokens": list(user.api_tokens.newest_first()), "now": now}
    return render(request, "api/tokens.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Take a token back; twice it is once."""
    Token.objects.filter(user=person_of(request), public_id=token).delete()
    messages.success(request, _("The token was taken back; it opens nothing any more."))
    return redirect("api_tokens")


def operations() -> list[dict[str, Any]]:
    """Every operation of the schema, as the reference shows it."""
    found = []
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            answers = [status for status in operation["responses"] if status != "default"]
            named = {"id": operation["operationId"], "method": method.upper(), "path": path}
            said = {"text": operation.get("description", ""), "answers": ", ".join(answers)}
            found.append(named | said | _asked(operation))
    return found


def _asked(operation: dict[str, Any]) -> dict[str, Any]:
    """What a request may say: parameters, and the fields of its body."""
    content: dict[str, Any] = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    body = schema()["components"]["schemas"].get(name, {})
    return {
        "parameters": [row["name"] for row in operation.get("parameters", [])],
        "fields": list(body.get("properties", {})),
        "is_public": {} in operation["security"],
    }


@require_safe
@login_not_required
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "api/reference.html", {"operations": operations()})
