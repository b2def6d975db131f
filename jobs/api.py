"""The API of postings, which are open to everybody, and of applications, for both sides of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import api_company, api_interviews, api_invitations, api_office, api_papers, api_review, api_saved, pipeline
from jobs.access import party_of, recruiter_of
from jobs.access import student_of as known_student
from jobs.api_access import recruiter_or_403, unrestricted_student_of
from jobs.api_fields import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    ApplySerializer,
    JobDetailSerializer,
    JobSerializer,
    MessageSerializer,
    MoveSerializer,
    OpenedApplicationSerializer,
)
from jobs.apply import JobClosedError, apply, can_apply, current_cv
from jobs.looking import look_at
from jobs.messages import EndedError, TooManyError, mark_read, send_message
from jobs.models import Application, ApplicationQuerySet, Job, Message, Side
from jobs.search import Filters
from jobs.timeline import as_read
from jobs.views.applications import closed_words
from jobs.views.pipeline import moved_meanwhile
from moirai.api.endpoint import Endpoint, person_of
from moirai.api.forms import checked
from moirai.api.models import Scope
from moirai.api.problems import Conflict

SEARCH = [
    OpenApiParameter("q", str, description="Words that the posting must say in some form."),
    OpenApiParameter("kind", str, many=True, enum=Job.Kind.values),
    OpenApiParameter("modality", str, many=True, enum=Job.Modality.values),
    OpenApiParameter("city", str, many=True),
    OpenApiParameter("paid", str, enum=["1"], description="With pay stated."),
]


class Jobs(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="jobs",
        parameters=[*SEARCH, OpenApiParameter("order", str, enum=["newest", "closing"])],
        responses=JobSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Open postings, newest first, with the filters of the site's list."""
        jobs = Filters.read(request.query_params).apply(Job.objects.open(at=timezone.now()))
        jobs = jobs.closing_first() if request.query_params.get("order") == "closing" else jobs.newest_first()
        return self.page(jobs.for_list(), JobSerializer)


class OneJob(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="job", responses=JobDetailSerializer)
    def get(self, request: Request, job: str) -> Response:
        """One open posting with its text."""
        jobs = Job.objects.open(at=timezone.now()).for_list().defer(None)
        return Response(JobDetailSerializer(get_object_or_404(jobs, public_id=job)).data)


class Applications(Endpoint):
    scopes = {"GET": Scope.APPLICATIONS_READ, "POST": Scope.APPLICATIONS_WRITE}

    @extend_schema(
        operation_id="applications",
        parameters=[OpenApiParameter("job", str, description="Id of a posting.")],
        responses=ApplicationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """A student's own applications; for recruiters, those to their company that it may read. Newest first."""
        rows = self.readable(request).for_list().newest_first()
        if job := request.query_params.get("job"):
            rows = rows.filter(job__public_id=job)
        return self.page(rows, ApplicationSerializer)

    def readable(self, request: Request) -> ApplicationQuerySet:
        student = known_student(request)
        if student is not None:
            return Application.objects.filter(student=student)
        company = recruiter_or_403(request).company
        return Application.objects.of_company(company).active() if company.is_verified else Application.objects.none()

    @extend_schema(
        operation_id="apply",
        request=ApplySerializer,
        responses={200: ApplicationDetailSerializer, 201: ApplicationDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Apply to a posting with the current CV. Sent twice it is one application: 201, then 200."""
        student, now = unrestricted_student_of(request), timezone.now()
        asked = checked(ApplySerializer(data=request.data))
        job = get_object_or_404(Job.objects.select_related("company"), public_id=asked["job"])
        known = Application.objects.for_list().filter(student=student, job=job).first()
        if known is not None:
            return Response(_shown(known, Side.STUDENT))
        if not job.is_open(at=now):
            if not Job.objects.closed_to_the_public(at=now).filter(pk=job.pk).exists():
                raise Http404
            raise Conflict(closed_words(), code="closed")
        cv = current_cv(student)
        if not can_apply(student, cv):
            raise Conflict(_("Your profile says nothing yet. Upload a CV or add a skill first."), code="empty_profile")
        shares_phone = asked["shares_phone"] and bool(student.phone)
        try:
            row, is_new = apply(
                student=student, job=job, cv=cv, message=asked["message"], now=now, shares_phone=shares_phone
            )
        except JobClosedError:
            raise Conflict(closed_words(), code="closed") from None
        row = Application.objects.for_list().get(pk=row.pk)
        return Response(_shown(row, Side.STUDENT), status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class OneApplication(Endpoint):
    scopes = {"GET": Scope.APPLICATIONS_READ}

    @extend_schema(operation_id="application", responses=OpenedApplicationSerializer)
    def get(self, request: Request, application: str) -> Response:
        """One application with what happened on it. A recruiter who reads it has looked: the student is told."""
        row, side = party_of(request, application)
        recruiter, now = recruiter_of(request), timezone.now()
        if side == Side.COMPANY and recruiter is not None:
            look_at(application=row, recruiter=recruiter, now=now)
        else:
            mark_read(application=row, side=side, now=now)
        return Response(OpenedApplicationSerializer(row, context={"side": side}).data)


class MoveApplication(Endpoint):
    scopes = {"POST": Scope.APPLICATIONS_WRITE}

    @extend_schema(operation_id="move_application", request=MoveSerializer, responses=ApplicationDetailSerializer)
    def post(self, request: Request, application: str) -> Response:
        """Move an application on; a student withdraws with `withdrawn`. A refusal needs a note for the student."""
        row, side = party_of(request, application)
        asked = checked(MoveSerializer(data=request.data))
        to, expected = asked["to"], asked["expected"]
        if to != row.status and to not in pipeline.next_statuses(row, side=side):
            raise Conflict(_("This application cannot be moved there from where it is."), code="not_allowed")
        try:
            pipeline.move(
                application=row,
                to=to,
                note=asked["note"],
                actor=person_of(request),
                side=side,
                now=timezone.now(),
                expected=expected,
            )
        except pipeline.NotAllowedError:
            raise Conflict(moved_meanwhile(), code="moved_meanwhile") from None
        except pipeline.ReasonMissingError:
            raise ValidationError({"note": [_("Write the reason of the refusal; the student reads it.")]}) from None
        return Response(_shown(row, side))


class Messages(Endpoint):
    scopes = {"GET": Scope.APPLICATIONS_READ, "POST": Scope.APPLICATIONS_WRITE}

    @extend_schema(operation_id="messages", responses=MessageSerializer(many=True))
    def get(self, request: Request, application: str) -> Response:
        """What both sides wrote, oldest first; a blind review hides names."""
        row, side = party_of(request, application)
        rows = Message.objects.filter(application=row).order_by("at", "id")
        return self.page(rows, MessageSerializer, lambda page: as_read(page, row, side))

    @extend_schema(operation_id="send_message", request=MessageSerializer, responses={201: MessageSerializer})
    def post(self, request: Request, application: str) -> Response:
        """Write to the other side. The same words sent again within ten minutes are one message."""
        row, side = party_of(request, application)
        asked = checked(MessageSerializer(data=request.data))
        try:
            message = send_message(
                application=row, side=side, author=person_of(request), body=asked["body"], now=timezone.now()
            )
        except EndedError:
            words = _("This application has ended; its messages can only be read.")
            raise Conflict(words, code="ended") from None
        except TooManyError:
            words = _("You have written 20 messages here within a day. Wait until tomorrow.")
            raise Conflict(words, code="too_many") from None
        return Response(MessageSerializer(message).data, status.HTTP_201_CREATED)


def _shown(row: Application, side: Side) -> Any:
    return ApplicationDetailSerializer(row, context={"side": side}).data


urlpatterns = [
    path("jobs/", Jobs.as_view(), name="api_jobs"),
    path("jobs/<public_id:job>/", OneJob.as_view(), name="api_job"),
    path("applications/", Applications.as_view(), name="api_applications"),
    path("applications/<public_id:application>/", OneApplication.as_view(), name="api_application"),
    path("applications/<public_id:application>/move/", MoveApplication.as_view(), name="api_move"),
    path("applications/<public_id:application>/messages/", Messages.as_view(), name="api_messages"),
    *api_saved.urlpatterns,
    *api_invitations.urlpatterns,
    *api_company.urlpatterns,
    *api_papers.urlpatterns,
    *api_review.urlpatterns,
    *api_interviews.urlpatterns,
    *api_office.urlpatterns,
]
