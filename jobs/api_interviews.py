"""The API of interviews: a company offers dates or takes them back, the student picks one, both get a calendar file."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import interviews, pipeline
from jobs.access import party_of, readable_application
from jobs.api_access import recruiter_or_403
from jobs.application_forms import InterviewForm
from jobs.models import Application, Interview, Side
from jobs.views.conversation import calendar_of, gone_words
from moirai.api.endpoint import AnyAccept, Endpoint, person_of
from moirai.api.forms import FormSerializer, checked
from moirai.api.models import Scope
from moirai.api.problems import Conflict
from students.access import student_of

READ, WRITE = Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE


class InterviewSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    slots = serializers.ListField(child=serializers.DateTimeField(), source="moments", help_text="Dates to pick from.")
    starts_at = serializers.DateTimeField(allow_null=True, help_text="The date that was picked.")

    class Meta:
        model = Interview
        fields = ["id", "status", "slots", "starts_at", "minutes", "place", "updated_at"]


class OfferSerializer(FormSerializer):
    form_class = InterviewForm
    slots = serializers.ListField(child=serializers.DateTimeField(), min_length=1, max_length=interviews.SLOTS)


class PickSerializer(serializers.Serializer):
    slot = serializers.DateTimeField(help_text="One of `slots`.")


class OneInterview(Endpoint):
    scopes = {"GET": READ, "POST": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="interview", responses=InterviewSerializer)
    def get(self, request: Request, application: str) -> Response:
        """The interview that stands, else the last one that was cancelled."""
        row, _side = party_of(request, application)
        found = interviews.interview_of(row)
        if found is None:
            raise Http404
        return Response(InterviewSerializer(found).data)

    @extend_schema(operation_id="offer_interview", request=OfferSerializer, responses=InterviewSerializer)
    def post(self, request: Request, application: str) -> Response:
        """A company offers dates, or others instead of those that stand; offered again, the same ones change nothing.
        The application moves to `interview`, by which a blind review ends.
        """
        row, now = readable_application(recruiter_or_403(request), application), timezone.now()
        asked = checked(OfferSerializer(data=request.data))
        slots = asked.pop("slots")
        form = InterviewForm({f"slot{at}": slot for at, slot in enumerate(slots, 1)} | {"minutes": 30} | asked, now=now)
        if not form.is_valid():
            named = {name if name in form.base_fields else "slots": errors for name, errors in form.errors.items()}
            raise ValidationError({name: [str(error) for error in errors] for name, errors in named.items()})
        offered = {name: form.cleaned_data[name] for name in ("minutes", "place")}
        try:
            made = interviews.propose(application=row, slots=form.slots, actor=person_of(request), now=now, **offered)
        except pipeline.NotAllowedError:
            words = _("This application has ended and cannot be moved.")
            raise Conflict(words, code="ended") from None
        return Response(InterviewSerializer(made).data)

    @extend_schema(operation_id="cancel_interview", responses={204: None})
    def delete(self, request: Request, application: str) -> Response:
        """The company takes the interview back; the application stays where it is and the student is told."""
        row = readable_application(recruiter_or_403(request), application)
        standing = get_object_or_404(Interview.objects.live(), application=row)
        interviews.cancel(interview=standing, side=Side.COMPANY, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class PickInterview(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="pick_interview", request=PickSerializer, responses=InterviewSerializer)
    def post(self, request: Request, application: str) -> Response:
        """The student takes one of the dates, or another one later."""
        row = get_object_or_404(Application, student=student_of(request), public_id=application)
        slot = checked(PickSerializer(data=request.data))["slot"]
        standing = Interview.objects.live().filter(application=row).first()
        try:
            if standing is None:
                raise interviews.GoneError
            picked = interviews.pick(interview=standing, slot=slot, now=timezone.now())
        except interviews.GoneError:
            raise Conflict(gone_words(), code="gone") from None
        return Response(InterviewSerializer(picked).data)


class InterviewFile(Endpoint):
    scopes = {"GET": READ}
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="interview_file", responses={(200, "text/calendar"): OpenApiTypes.STR})
    def get(self, request: Request, application: str) -> HttpResponseBase:
        """The agreed interview, or that it was cancelled, as a calendar file."""
        return calendar_of(*party_of(request, application))


urlpatterns = [
    path("applications/<public_id:application>/interview/", OneInterview.as_view(), name="api_interview"),
    path("applications/<public_id:application>/interview/pick/", PickInterview.as_view(), name="api_pick"),
    path("applications/<public_id:application>/interview.ics", InterviewFile.as_view(), name="api_interview_file"),
]
