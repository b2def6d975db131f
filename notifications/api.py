"""The API of what a person is told, and how."""

from __future__ import annotations

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.accounts.models import User
from moirai.api.endpoint import Endpoint, person_of
from moirai.api.forms import checked
from moirai.api.models import Scope
from notifications.models import Channel, Kind, Notification
from notifications.preferences import channels_for, channels_of, choose
from notifications.words import words

READ, WRITE = Scope.NOTIFICATIONS_READ, Scope.NOTIFICATIONS_WRITE
MOST = 100  # marked read by one request


class NotificationSerializer(serializers.ModelSerializer):
    title = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "kind", "title", "text", "url", "created_at", "read_at"]

    def get_title(self, row: Notification) -> str:
        return words(row.kind, row.data).title

    def get_text(self, row: Notification) -> str:
        return words(row.kind, row.data).text


class ReadSerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=MOST, required=False,
        help_text="Without it, all.",
    )  # fmt: skip


class PreferenceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Kind.choices)
    channel = serializers.ChoiceField(Channel.choices)


class KnownPreferenceSerializer(PreferenceSerializer):
    choices = serializers.ListField(child=serializers.ChoiceField(Channel.choices), help_text="What may be chosen.")


class PreferencesSerializer(serializers.Serializer):
    results = KnownPreferenceSerializer(many=True)


class Notifications(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(
        operation_id="notifications",
        parameters=[OpenApiParameter("unread", OpenApiTypes.STR, enum=["1"], description="Those not read yet.")],
        responses=NotificationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What the person was told, newest first, in the language of the request."""
        rows = Notification.objects.of(person_of(request)).newest_first()
        unread = request.query_params.get("unread") == "1"
        return self.page(rows.unread() if unread else rows, NotificationSerializer)


class ReadNotifications(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="read_notifications", request=ReadSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Mark some of the person's notifications read, or all."""
        rows = Notification.objects.of(person_of(request))
        asked = checked(ReadSerializer(data=request.data))
        if "ids" in asked:
            rows = rows.filter(pk__in=asked["ids"])
        rows.mark_read(at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Preferences(Endpoint):
    scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(operation_id="preferences", responses=PreferencesSerializer)
    def get(self, request: Request) -> Response:
        """For each kind that the person may decide about: how it is told, and how it could be."""
        return _preferences(person_of(request))

    @extend_schema(operation_id="change_preference", request=PreferenceSerializer, responses=PreferencesSerializer)
    def patch(self, request: Request) -> Response:
        """How one kind is told."""
        user, asked = person_of(request), checked(PreferenceSerializer(data=request.data))
        kind, channel = Kind(asked["kind"]), Channel(asked["channel"])
        if kind not in channels_of(user) or channel not in channels_for(kind):
            said = serializers.ChoiceField.default_error_messages["invalid_choice"]
            raise ValidationError({"channel": [said.format(input=channel)]})
        choose(user=user, channels={kind: channel})
        return _preferences(user)


def _preferences(user: User) -> Response:
    rows = [
        {"kind": kind, "channel": way, "choices": [one.value for one in channels_for(kind)]}
        for kind, way in channels_of(user).items()
    ]
    return Response(PreferencesSerializer({"results": rows}).data)


urlpatterns = [
    path("notifications/", Notifications.as_view(), name="api_notifications"),
    path("notifications/read/", ReadNotifications.as_view(), name="api_read_notifications"),
    path("notifications/preferences/", Preferences.as_view(), name="api_preferences"),
]
