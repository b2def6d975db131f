"""Users in the admin."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moirai.accounts.models import User
from moirai.accounts.roles import name_of


def fields_for(site: admin.ModelAdmin, request: HttpRequest) -> list[str]:
    """An address is looked for among addresses, and nothing else is: to ask for either reads both tables as a whole."""
    is_address = "@" in request.GET.get(SEARCH_VAR, "")
    fields = [str(name) for name in site.search_fields]
    return [name for name in fields if name.endswith("email") == is_address] or fields


admin.ModelAdmin.get_search_fields = fields_for  # type: ignore[assignment, method-assign]
admin.ModelAdmin.show_full_result_count = False  # of no list, also those of others: it counts the whole table
admin.site.site_header = admin.site.site_title = "Moirai"
admin.site.unregister(Group)
admin.site.get_model_admin(EmailAddress).actions = []  # its own asks nobody and leaves no line; students have one
#: What allauth's lists are searched by: its own fields are encrypted here, or not there.
for _model, _fields in (
    (EmailAddress, ["=email"]),
    (SocialAccount, ["=uid", "=user__email"]),
    (UserSession, ["=user__email"]),
):
    _site: Any = admin.site.get_model_admin(_model)
    _site.get_search_fields = lambda request, fields=_fields: fields


class UserCreation(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "full_name", "role", "language"]

    def clean_email(self) -> str:
        """As in sign-up: addresses differ by more than case."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            self.add_error("email", _("There is a user with this address already."))
        return email


class UserChange(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """The constraints of the table, said at the field."""
        cleaned = super().clean() or {}
        if cleaned.get("is_staff") and cleaned.get("role") != User.Role.STAFF:
            self.add_error("is_staff", _("Only the role “staff” may enter the admin."))
        return cleaned


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserChange
    add_form = UserCreation
    list_display = ["email", "full_name", "role", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["role", "is_active", "is_staff", "language", "date_joined"]
    search_fields = ["=email"]  # names are encrypted, and found by nothing
    sortable_by = ["role", "is_active", "is_staff", "date_joined", "last_login"]
    ordering = ["-pk"]
    readonly_fields = ["date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["full_name", "role", "language"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "full_name", "role", "language", "usable_password", "password1", "password2"]}),
    ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and isinstance(field, ModelMultipleChoiceField):
            field.label_from_instance = name_of  # type: ignore[assignment, method-assign]
        return field


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    list_display = ["name", "in_words"]

    @admin.display(description=_("role"))
    def in_words(self, group: Group) -> str:
        return name_of(group)
