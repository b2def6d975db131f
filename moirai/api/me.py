"""The account that a token acts for."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.accounts.models import User
from moirai.api.endpoint import Endpoint, person_of, refuse_stale
from moirai.api.models import Scope


class AccountSerializer(serializers.ModelSerializer):
    full_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, help_text="Language of mails.")

    class Meta:
        model = User
        fields = ["email", "full_name", "role", "language"]
        read_only_fields = ["email", "role"]


class Me(Endpoint):
    scopes = {"GET": Scope.PROFILE_READ, "PATCH": Scope.PROFILE_WRITE}

    @extend_schema(operation_id="me", responses=AccountSerializer)
    def get(self, request: Request) -> Response:
        """The account of this token."""
        return Response(AccountSerializer(request.user).data)

    @extend_schema(operation_id="change_me", request=AccountSerializer, responses=AccountSerializer)
    def patch(self, request: Request) -> Response:
        """Change name or language. With If-Match, only what was read is changed."""
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=person_of(request).pk)
            refuse_stale(request, AccountSerializer(user).data)
            form = AccountSerializer(user, data=request.data, partial=True)
            form.is_valid(raise_exception=True)
            user = form.save()
        return Response(AccountSerializer(user).data)
