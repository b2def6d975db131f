"""The API of what a student keeps: postings, and searches whose new postings are mailed."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api_fields import JobSerializer
from jobs.models import Job, SavedJob, SavedSearch
from jobs.saved import NoRoomError, TooLongError, change_frequency, filters_of, forget_job, save_job, save_search
from jobs.saved_forms import FREQUENCIES
from jobs.search import CITY_LIMIT, QUERY_LIMIT, Filters
from moirai.api.endpoint import Endpoint
from moirai.api.forms import checked
from moirai.api.models import Scope
from moirai.api.problems import Conflict
from students.access import student_of

READ, WRITE = Scope.SAVED_READ, Scope.SAVED_WRITE


class SavedJobSerializer(serializers.ModelSerializer):
    job = JobSerializer()
    is_open = serializers.SerializerMethodField()

    class Meta:
        model = SavedJob
        fields = ["job", "is_open", "created_at"]

    def get_is_open(self, row: SavedJob) -> bool:
        return row.job.is_open(at=timezone.now())


class SaveJobSerializer(serializers.Serializer):
    job = serializers.CharField(max_length=10, help_text="Id of the posting.")


class FrequencySerializer(serializers.Serializer):
    frequency = serializers.ChoiceField(FREQUENCIES)


class SavedSearchSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    label = serializers.SerializerMethodField(help_text="What is searched, in words.")  # type: ignore[assignment]

    class Meta:
        model = SavedSearch
        fields = ["id", "label", "query", "frequency", "due_at", "created_at"]

    def get_label(self, row: SavedSearch) -> str:
        return filters_of(row).label


class NewSearchSerializer(FrequencySerializer):
    """The filters of the list of postings, and how often to tell."""

    q = serializers.CharField(max_length=QUERY_LIMIT, allow_blank=True, required=False)
    kind = serializers.ListField(child=serializers.ChoiceField(Job.Kind.choices), required=False)
    modality = serializers.ListField(child=serializers.ChoiceField(Job.Modality.choices), required=False)
    city = serializers.ListField(child=serializers.CharField(max_length=200), max_length=CITY_LIMIT, required=False)
    paid = serializers.ChoiceField(["1"], required=False)


class SavedJobs(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="saved_jobs", responses=SavedJobSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Postings that the student saved, last saved first; closed ones stay."""
        rows = SavedJob.objects.filter(student=student_of(request)).still_public().newest_first()
        return self.page(rows.prefetch_related(Prefetch("job", Job.objects.for_list())), SavedJobSerializer)

    @extend_schema(operation_id="save_job", request=SaveJobSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Save a posting; saved again it stays as it was."""
        student, now = student_of(request), timezone.now()
        public_id = checked(SaveJobSerializer(data=request.data))["job"]
        job = get_object_or_404(Job.objects.public(at=now), public_id=public_id)
        try:
            save_job(student=student, job=job, now=now)
        except NoRoomError:
            words = _("You have saved as many postings as there may be. Remove some first.")
            raise Conflict(words, code="too_many") from None
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneSavedJob(Endpoint):
    scopes = {"DELETE": WRITE}

    @extend_schema(operation_id="forget_job", responses={204: None})
    def delete(self, request: Request, job: str) -> Response:
        """Save a posting no more."""
        rows = SavedJob.objects.select_related("job")
        row = get_object_or_404(rows, student=student_of(request), job__public_id=job)
        forget_job(student=row.student, job=row.job)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SavedSearches(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="saved_searches", responses=SavedSearchSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The student's saved searches, newest first."""
        rows = SavedSearch.objects.filter(student=student_of(request)).order_by("-created_at", "-id")
        return self.page(rows, SavedSearchSerializer)

    @extend_schema(
        operation_id="save_search",
        request=NewSearchSerializer,
        responses={200: SavedSearchSerializer, 201: SavedSearchSerializer},
    )
    def post(self, request: Request) -> Response:
        """Be told of new postings for a search; saved again (200) it takes the frequency given."""
        student = student_of(request)
        said = checked(NewSearchSerializer(data=request.data))
        frequency = said.pop("frequency")
        try:
            search, is_new = save_search(
                student=student, filters=_filters(said), frequency=frequency, now=timezone.now()
            )
        except NoRoomError:
            words = _("You have 20 alerts, as many as there may be. Delete one first.")
            raise Conflict(words, code="too_many") from None
        except TooLongError:
            words = _("This search is too long to be saved. Use fewer words or cities.")
            raise Conflict(words, code="too_long") from None
        shown = SavedSearchSerializer(search).data
        return Response(shown, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


def _filters(said: dict[str, Any]) -> Filters:
    return Filters.read(QueryDict(urlencode(said, doseq=True)))


class OneSavedSearch(Endpoint):
    scopes = {"PATCH": WRITE, "DELETE": WRITE}

    def search(self, request: Request, public_id: str) -> SavedSearch:
        return get_object_or_404(SavedSearch, student=student_of(request), public_id=public_id)

    @extend_schema(operation_id="change_search", request=FrequencySerializer, responses=SavedSearchSerializer)
    def patch(self, request: Request, search: str) -> Response:
        """Another frequency."""
        row = self.search(request, search)
        asked = checked(FrequencySerializer(data=request.data))
        change_frequency(search=row, frequency=asked["frequency"], now=timezone.now())
        return Response(SavedSearchSerializer(row).data)

    @extend_schema(operation_id="delete_search", responses={204: None})
    def delete(self, request: Request, search: str) -> Response:
        """End an alert."""
        self.search(request, search).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("saved/jobs/", SavedJobs.as_view(), name="api_saved_jobs"),
    path("saved/jobs/<public_id:job>/", OneSavedJob.as_view(), name="api_saved_job"),
    path("saved/searches/", SavedSearches.as_view(), name="api_saved_searches"),
    path("saved/searches/<public_id:search>/", OneSavedSearch.as_view(), name="api_saved_search"),
]
