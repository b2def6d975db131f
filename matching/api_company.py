"""The API of a posting's candidates, as anonymous as on their page, and the export of all matches for the office."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.access import readable_application
from jobs.api_access import own_job, recruiter_or_403
from jobs.grants import visible_to
from jobs.looking import look_at, look_at_profile
from jobs.models import Application, Job
from matching import cards, modelstore, pair
from matching.api_fields import ConfidenceSerializer, ExplanationSerializer, RequirementSerializer
from matching.candidates import Candidate, ranked_for
from matching.models import POINT, Match
from matching.redaction import redacted
from moirai.api.endpoint import Endpoint
from moirai.api.models import Scope
from moirai.api.pagination import SignedCursors
from moirai.api.problems import NotYet
from students.models import Student


class CandidateSerializer(serializers.Serializer):
    applicant = serializers.SerializerMethodField(help_text="The name of who applied; an alias of anybody else.")
    application = serializers.SerializerMethodField(help_text="Id, of who applied.")
    person = serializers.SerializerMethodField(help_text="Id, of who is suggested and may be invited.")
    is_invited = serializers.BooleanField()
    points = serializers.IntegerField(source="card.summary.points", min_value=0, max_value=100)
    occupation = serializers.IntegerField(source="card.summary.occupation")
    requirements = serializers.IntegerField(source="card.summary.requirements")
    words = serializers.IntegerField(source="card.summary.words")
    confidence = ConfidenceSerializer(source="card.summary.confidence")
    rows = RequirementSerializer(source="card.summary.rows", many=True)

    def get_applicant(self, row: Candidate) -> str:
        return row.application.applicant if row.application else row.card.match.student.alias

    def get_application(self, row: Candidate) -> str | None:
        return row.application.public_id if row.application else None

    def get_person(self, row: Candidate) -> str | None:
        return None if row.application else row.card.match.student.public_id


class ExportedMatchSerializer(serializers.ModelSerializer):
    student = serializers.SerializerMethodField(help_text="Id as imported, else the public one.")
    job = serializers.SerializerMethodField(help_text="Id as imported, else the public one.")
    score = serializers.SerializerMethodField(help_text="0 to 100, with hundredths.")

    class Meta:
        model = Match
        fields = ["student", "job", "score", "computed_at"]

    def get_student(self, row: Match) -> str:
        return row.student.external_id or row.student.public_id

    def get_job(self, row: Match) -> str:
        return row.job.external_id or row.job.public_id

    def get_score(self, row: Match) -> float:
        return row.score / POINT


class Candidates(Endpoint):
    scopes = {"GET": Scope.MATCHES_READ}

    @extend_schema(operation_id="candidates", responses=CandidateSerializer(many=True))
    def get(self, request: Request, job: str) -> Response:
        """Who applied, and who agreed to be suggested, anonymously, best first. Applicants without a score are in
        `applications/` alone.
        """
        posting = own_job(request, job)
        invited = posting.invitations.in_force().filter(expires_at__gt=timezone.now(), student=OuterRef("student"))
        rows = ranked_for(posting).select_related("student").annotate(is_invited=Exists(invited))  # type: ignore[no-redef]

        def shown(page: list[Match]) -> list[Candidate]:
            readable = Application.objects.of_job(posting).active().for_list()
            own = {row.student_id: row for row in readable.filter(student__in=[match.student_id for match in page])}
            found = cards.of_job(posting, page)
            return [Candidate(card, own.get(card.match.student_id), card.match.is_invited) for card in found]

        return self.page(rows if posting.company.is_verified else rows.none(), CandidateSerializer, shown)


class Applicant(Endpoint):
    scopes = {"GET": Scope.MATCHES_READ}

    @extend_schema(operation_id="applicant_match", responses=ExplanationSerializer)
    def get(self, request: Request, application: str) -> Response:
        """Why an applicant has this score, with the sentences that prove it. It is a look: the student is told."""
        recruiter = recruiter_or_403(request)
        row = readable_application(recruiter, application)
        look_at(application=row, recruiter=recruiter, now=timezone.now())
        return _explained(row.student, row.job, anonymous=row.is_blind)


class Suggested(Endpoint):
    scopes = {"GET": Scope.MATCHES_READ}

    @extend_schema(operation_id="suggested", responses=ExplanationSerializer)
    def get(self, request: Request, job: str, student: str) -> Response:
        """Why somebody is suggested, without name, contact or file. It stands in the person's ledger."""
        recruiter, posting = recruiter_or_403(request), own_job(request, job)
        if not posting.company.is_verified:
            raise Http404
        person = get_object_or_404(visible_to(posting.company).select_related("user"), public_id=student)
        look_at_profile(student=person, job=posting, recruiter=recruiter, now=timezone.now())
        return _explained(person, posting, anonymous=True)


def _explained(student: Student, job: Job, *, anonymous: bool) -> Response:
    try:
        found = pair.explain_pair(student, job, now=timezone.now(), anonymous=anonymous)
    except modelstore.NoModelError:
        raise NotYet(_("The first matches are still being computed.")) from None
    return Response(ExplanationSerializer(redacted(found) if anonymous else found).data)


class LargePages(SignedCursors):
    largest = 1000


class ExportedMatches(Endpoint):
    scopes = {"GET": Scope.OFFICE_READ}
    permissions = {"GET": "matching.view_match"}
    pagination_class = LargePages

    @extend_schema(operation_id="office_matches", responses=ExportedMatchSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Stored matches with open postings, best first for each student."""
        rows = Match.objects.of_open_jobs(at=timezone.now()).order_by("student_id", "-score", "job_id")
        ids = (
            "score",
            "computed_at",
            "student__public_id",
            "student__external_id",
            "job__public_id",
            "job__external_id",
        )
        return self.page(rows.select_related("student", "job").only(*ids), ExportedMatchSerializer)


urlpatterns = [
    path("company/jobs/<public_id:job>/candidates/", Candidates.as_view(), name="api_candidates"),
    path("company/jobs/<public_id:job>/people/<public_id:student>/", Suggested.as_view(), name="api_suggested"),
    path("applications/<public_id:application>/match/", Applicant.as_view(), name="api_applicant"),
    path("office/matches/", ExportedMatches.as_view(), name="api_office_matches"),
]
