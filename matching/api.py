"""The API of a student's matches and why they are what they are."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api import SEARCH
from jobs.api_access import unrestricted_student_of
from jobs.models import Job
from jobs.search import Filters
from matching import api_company, cards, modelstore, pair
from matching.api_fields import ExplanationSerializer, MatchSerializer
from matching.filters import LEAST, Band
from matching.models import Match
from moirai.api.endpoint import Endpoint
from moirai.api.models import Scope
from moirai.api.problems import NotYet


class Matches(Endpoint):
    scopes = {"GET": Scope.MATCHES_READ}

    @extend_schema(
        operation_id="matches",
        parameters=[OpenApiParameter("min", int, enum=LEAST, description="Least points."), *SEARCH],
        responses=MatchSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The student's matches with open postings, best first; the points of the three parts add up."""
        student, now = unrestricted_student_of(request), timezone.now()
        least = Band.read(request.query_params).hundredths
        jobs = Job.objects.open(at=now).filter(matches__student=student, matches__score__gte=least)
        wanted = Filters.read(request.query_params).apply(jobs).order_by().values("pk")
        rows = Match.objects.filter(student=student, job__in=wanted).best_first().for_list()
        return self.page(rows, MatchSerializer, lambda page: cards.of_student(student, page, now=now))


class OneMatch(Endpoint):
    scopes = {"GET": Scope.MATCHES_READ}

    @extend_schema(operation_id="match", responses=ExplanationSerializer)
    def get(self, request: Request, job: str) -> Response:
        """Why an open posting has this score, with the sentences of both texts that prove it."""
        student, now = unrestricted_student_of(request), timezone.now()
        posting = get_object_or_404(Job.objects.open(at=now).select_related("company"), public_id=job)
        try:
            return Response(ExplanationSerializer(pair.explain_pair(student, posting, now=now)).data)
        except modelstore.NoModelError:
            raise NotYet(_("The first matches are still being computed.")) from None


urlpatterns = [
    path("matches/", Matches.as_view(), name="api_matches"),
    path("matches/<public_id:job>/", OneMatch.as_view(), name="api_match"),
    *api_company.urlpatterns,
]
