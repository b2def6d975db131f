"""The API of invitations: a company asks people known by an alias, a student answers or stays silent."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import invitations
from jobs.api_access import own_job, unrestricted_student_of
from jobs.api_fields import ApplicationDetailSerializer, AppliedToSerializer, WhatIsSharedSerializer
from jobs.application_forms import InviteForm
from jobs.apply import JobClosedError, can_apply, current_cv
from jobs.grants import visible_to
from jobs.models import Application, Invitation, Side
from jobs.views.applications import closed_words
from jobs.views.invitations import over_words
from moirai.api.endpoint import Endpoint, person_of
from moirai.api.forms import FormSerializer, checked, filled
from moirai.api.models import Scope
from moirai.api.problems import Conflict
from students.access import student_of

READ, WRITE = Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE


class InvitationSerializer(serializers.ModelSerializer):
    """As the student reads it."""

    id = serializers.CharField(source="public_id")
    job = AppliedToSerializer()

    class Meta:
        model = Invitation
        fields = ["id", "job", "note", "status", "sent_at", "expires_at"]


class SentInvitationSerializer(serializers.ModelSerializer):
    """As the company reads it: a refusal looks as if the person had not answered yet."""

    person = serializers.CharField(source="student.public_id")
    alias = serializers.CharField(source="student.alias")
    status = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = ["person", "alias", "status", "sent_at", "expires_at"]

    def get_status(self, row: Invitation) -> str:
        if row.status == Invitation.Status.ACCEPTED:
            return row.status
        is_over = row.expires_at <= timezone.now()
        return (Invitation.Status.EXPIRED if is_over else Invitation.Status.WAITING).value


class NewInvitationSerializer(FormSerializer):
    form_class = InviteForm
    person = serializers.CharField(max_length=10, help_text="Id of somebody among the candidates.")


class Invitations(Endpoint):
    scopes = {"GET": READ}

    @extend_schema(operation_id="invitations", responses=InvitationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The student's invitations, newest first."""
        rows = Invitation.objects.shown_to(student_of(request)).select_related("job__company")
        return self.page(rows.newest_first(), InvitationSerializer)


class AcceptInvitation(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="accept_invitation", request=WhatIsSharedSerializer, responses={201: ApplicationDetailSerializer}
    )
    def post(self, request: Request, invitation: str) -> Response:
        """Share the profile with the company by applying."""
        student = unrestricted_student_of(request)
        row = get_object_or_404(Invitation.objects.shown_to(student), public_id=invitation)
        asked = checked(WhatIsSharedSerializer(data=request.data))
        asked["shares_phone"] = asked["shares_phone"] and bool(student.phone)
        cv = current_cv(student)
        if not can_apply(student, cv):
            raise Conflict(_("Your profile says nothing yet. Upload a CV or add a skill first."), code="empty_profile")
        try:
            application = invitations.accept(invitation=row, cv=cv, now=timezone.now(), **asked)
        except JobClosedError:
            raise Conflict(closed_words(), code="closed") from None
        except invitations.NotOpenError:
            raise Conflict(over_words(), code="over") from None
        shown = Application.objects.for_list().get(pk=application.pk)
        data = ApplicationDetailSerializer(shown, context={"side": Side.STUDENT}).data
        return Response(data, status.HTTP_201_CREATED)


class DeclineInvitation(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="decline_invitation", request=None, responses={204: None})
    def post(self, request: Request, invitation: str) -> Response:
        """Say no to nobody: the company reads that it waits."""
        student = unrestricted_student_of(request)
        row = get_object_or_404(Invitation.objects.shown_to(student), public_id=invitation)
        try:
            invitations.decline(invitation=row, now=timezone.now())
        except invitations.NotOpenError:
            raise Conflict(over_words(), code="over") from None
        return Response(status=status.HTTP_204_NO_CONTENT)


class SentInvitations(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="sent_invitations", responses=SentInvitationSerializer(many=True))
    def get(self, request: Request, job: str) -> Response:
        """Whom the company invited to a posting of its own, newest first."""
        rows = Invitation.objects.filter(job=own_job(request, job)).select_related("student")
        return self.page(rows.newest_first(), SentInvitationSerializer)

    @extend_schema(operation_id="invite", request=NewInvitationSerializer, responses={201: SentInvitationSerializer})
    def post(self, request: Request, job: str) -> Response:
        """Ask a person known by an alias to apply; asked twice it is once. 20 for a posting, 50 a week."""
        posting = own_job(request, job)
        asked = checked(NewInvitationSerializer(data=request.data))
        note = filled(request, NewInvitationSerializer, InviteForm).cleaned_data["note"]
        shown = visible_to(posting.company) if posting.company.is_verified else visible_to(posting.company).none()
        person = get_object_or_404(shown, public_id=asked["person"])
        try:
            row = invitations.invite(
                student=person, job=posting, sender=person_of(request), note=note, now=timezone.now()
            )
        except invitations.CapReachedError:
            words = _("20 invitations for a posting, 50 a week for a company: no more are left now.")
            raise Conflict(words, code="too_many") from None
        except invitations.NotInvitableError:
            words = _("This person cannot be invited to this posting now.")
            raise Conflict(words, code="not_possible") from None
        return Response(SentInvitationSerializer(row).data, status.HTTP_201_CREATED)


urlpatterns = [
    path("invitations/", Invitations.as_view(), name="api_invitations"),
    path("invitations/<public_id:invitation>/accept/", AcceptInvitation.as_view(), name="api_accept"),
    path("invitations/<public_id:invitation>/decline/", DeclineInvitation.as_view(), name="api_decline"),
    path("company/jobs/<public_id:job>/invitations/", SentInvitations.as_view(), name="api_invite"),
]
