"""The API of a company's review of applications: several moved at once, a name shown, a CV opened; and whom a student
lets look.
"""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import grants, pipeline
from jobs.access import readable_application
from jobs.api_access import own_job, recruiter_or_403
from jobs.api_fields import EmployerSerializer
from jobs.models import Application, Company, CompanyGrant
from jobs.views.pipeline import shared_cv
from moirai.api.endpoint import AnyAccept, Endpoint, person_of
from moirai.api.forms import checked
from moirai.api.models import Scope
from students.access import student_of

READ, WRITE = Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE


class MovesSerializer(serializers.Serializer):
    to = serializers.ChoiceField([(one.value, one.label) for one in pipeline.BULK])
    applications = serializers.ListField(
        child=serializers.CharField(max_length=10), min_length=1, max_length=pipeline.CROWD, help_text="Their ids."
    )


class MovedSerializer(serializers.Serializer):
    moved = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Those that could not go there, or are not of this posting.")


class GrantSerializer(serializers.ModelSerializer):
    company = EmployerSerializer()

    class Meta:
        model = CompanyGrant
        fields = ["company", "source", "given_at", "revoked_at"]


class Moves(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="move_applications", request=MovesSerializer, responses=MovedSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Move applications to a posting on, each by itself. Nobody is accepted or refused in a crowd: that is `move/`,
        with a reason.
        """
        posting, asked = own_job(request, job), checked(MovesSerializer(data=request.data))
        rows = (
            Application.objects.of_job(posting).active() if posting.company.is_verified else Application.objects.none()
        )
        ids = set(asked["applications"])
        chosen = rows.filter(public_id__in=ids).order_by("id")
        done = pipeline.move_many(
            applications=chosen, to=asked["to"], actor=person_of(request), now=timezone.now()
        ).done
        return Response(MovedSerializer({"moved": done, "left": len(set(asked["applications"])) - done}).data)


class Reveal(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="reveal", request=None, responses={204: None})
    def post(self, request: Request, application: str) -> Response:
        """End the blind review of one application, which has a name when it is read next. The student is told."""
        recruiter = recruiter_or_403(request)
        row = readable_application(recruiter, application)
        if row.is_blind:
            pipeline.reveal(application=row, actor=recruiter.user, company=recruiter.company.name, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SharedCV(Endpoint):
    scopes = {"GET": READ}
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="shared_cv",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, (200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, application: str) -> HttpResponseBase:
        """The CV that was shared, once the review has names. It is a look: the student is told."""
        recruiter = recruiter_or_403(request)
        return shared_cv(readable_application(recruiter, application), recruiter)


class Grants(Endpoint):
    scopes = {"GET": Scope.PROFILE_READ}

    @extend_schema(operation_id="companies_that_see", responses=GrantSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Companies that the student let look, those shut out again too; the last one let in comes first."""
        rows = CompanyGrant.objects.of(student_of(request)).select_related("company")
        return self.page(rows.order_by("-given_at", "-id"), GrantSerializer)


class OneGrant(Endpoint):
    scopes = {"DELETE": Scope.PROFILE_WRITE}

    @extend_schema(operation_id="close_to_company", responses={204: None})
    def delete(self, request: Request, company: str) -> Response:
        """Shut a company out: from its next request on it opens nothing of this student. Applying lets it in again."""
        student = student_of(request)
        row = get_object_or_404(Company.objects.filter(grants__student=student), slug=company)
        grants.revoke(student=student, company=row, actor=person_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("company/jobs/<public_id:job>/moves/", Moves.as_view(), name="api_moves"),
    path("applications/<public_id:application>/reveal/", Reveal.as_view(), name="api_reveal"),
    path("applications/<public_id:application>/cv/", SharedCV.as_view(), name="api_shared_cv"),
    path("privacy/companies/", Grants.as_view(), name="api_grants"),
    path("privacy/companies/<slug:company>/", OneGrant.as_view(), name="api_grant"),
]
