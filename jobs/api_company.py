"""The API of a recruiter's own company: its facts, and its postings from draft to closing."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import closing, moderation, posting
from jobs.access import recruiter_of
from jobs.api_access import own_job, recruiter_or_403
from jobs.api_fields import AskedSkillSerializer, JobDetailSerializer, JobSerializer
from jobs.forms import AddSkillForm, CloseForm, CompanyForm, JobForm
from jobs.models import Company, Job, JobSkill
from jobs.proofread import proofread_with_twins, remarks
from jobs.register import change_company, register_company
from jobs.views.pipeline import not_open, stays_blind
from jobs.views.posting import judge_again, store_text
from jobs.views.verification import JUDGED
from moirai.accounts.models import User
from moirai.api.endpoint import Endpoint, person_of, refuse_stale
from moirai.api.forms import FormSerializer, checked, filled
from moirai.api.models import Scope
from moirai.api.problems import Conflict

READ, WRITE = Scope.COMPANY_READ, Scope.COMPANY_WRITE


class OwnCompanySerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = ["slug", *CompanyForm.Meta.fields, "status", "status_reason"]


class CompanyChangeSerializer(FormSerializer):
    form_class = CompanyForm


class OwnJobSerializer(JobSerializer):
    class Meta(JobSerializer.Meta):
        fields = [*JobSerializer.Meta.fields, "status", "is_blind"]


class RemarkSerializer(serializers.Serializer):
    severity = serializers.CharField(help_text="What is `blocks` keeps the posting from being sent.")
    name = serializers.CharField()
    laws = serializers.ListField(child=serializers.CharField())
    instead = serializers.CharField()
    sentence = serializers.CharField()


class OwnJobDetailSerializer(JobDetailSerializer):
    skills = serializers.SerializerMethodField(help_text="Ignored ones too.")  # type: ignore[assignment]
    remarks = serializers.SerializerMethodField(help_text="What the linter finds.")

    class Meta(JobDetailSerializer.Meta):
        fields = [*JobDetailSerializer.Meta.fields, "status", "is_blind", "status_reason", "remarks"]

    @extend_schema_field(AskedSkillSerializer(many=True))
    def get_skills(self, job: Job) -> list[dict[str, object]]:
        return list(AskedSkillSerializer(job.skills.select_related("skill").order_by("start", "id"), many=True).data)

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, job: Job) -> list[dict[str, object]]:
        return list(RemarkSerializer(remarks(job.text, proofread_with_twins(job)), many=True).data)


class JobTextSerializer(FormSerializer):
    form_class = JobForm


class AddSkillSerializer(FormSerializer):
    form_class = AddSkillForm


class LevelSerializer(serializers.Serializer):
    level = serializers.ChoiceField(JobSkill.Level.choices)


class CloseSerializer(FormSerializer):
    form_class = CloseForm


class ExtendSerializer(serializers.Serializer):
    closes_at = serializers.DateTimeField(help_text="As it was read; at another date nothing is extended.")


class BlindSerializer(serializers.Serializer):
    is_blind = serializers.BooleanField()


class OwnCompany(Endpoint):
    scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE}

    @extend_schema(operation_id="company", responses=OwnCompanySerializer)
    def get(self, request: Request) -> Response:
        """The recruiter's company."""
        return Response(OwnCompanySerializer(recruiter_or_403(request).company).data)

    @extend_schema(
        operation_id="register_company",
        request=CompanyChangeSerializer,
        responses={200: OwnCompanySerializer, 201: OwnCompanySerializer},
    )
    def post(self, request: Request) -> Response:
        """Register the company that this recruiter acts for; who acts for one already gets that one (200)."""
        user, known = person_of(request), recruiter_of(request)
        if user.role != User.Role.RECRUITER:
            raise PermissionDenied
        if known is not None:
            return Response(OwnCompanySerializer(known.company).data)
        fields = dict(filled(request, CompanyChangeSerializer, CompanyForm).cleaned_data)
        company = register_company(user=user, position=fields.pop("position"), fields=fields)
        return Response(OwnCompanySerializer(company).data, status.HTTP_201_CREATED)

    @extend_schema(operation_id="change_company", request=CompanyChangeSerializer, responses=OwnCompanySerializer)
    def patch(self, request: Request) -> Response:
        """Change its facts; with another name, legal name or tax id a verified company is verified again."""
        recruiter, now = recruiter_or_403(request), timezone.now()
        with transaction.atomic():
            company = Company.objects.select_for_update().get(pk=recruiter.company_id)
            refuse_stale(request, OwnCompanySerializer(company).data)
            initial = {"position": recruiter.position}
            form = filled(request, CompanyChangeSerializer, partial(CompanyForm, instance=company, initial=initial))
            fields = dict(form.cleaned_data)
            position = fields.pop("position")
            change_company(recruiter=recruiter, position=position, fields=fields, judged=JUDGED, now=now)
            company.refresh_from_db()
        return Response(OwnCompanySerializer(company).data)


class OwnJobs(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="own_jobs",
        parameters=[OpenApiParameter("status", str, enum=Job.Status.values)],
        responses=OwnJobSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All postings of the company, drafts too, last written first."""
        rows = Job.objects.of(recruiter_or_403(request).company).for_list().order_by("-created_at", "-id")
        if wanted := request.query_params.get("status"):
            rows = rows.filter(status=wanted)
        return self.page(rows, OwnJobSerializer)

    @extend_schema(operation_id="write_job", request=JobTextSerializer, responses={201: OwnJobDetailSerializer})
    def post(self, request: Request) -> Response:
        """A draft, with the skills that its text names; the same text again is the same draft."""
        company = recruiter_or_403(request).company
        make = partial(JobForm, instance=Job(company=company), now=timezone.now())
        job = store_text(filled(request, JobTextSerializer, make), None, company)
        return Response(OwnJobDetailSerializer(job).data, status.HTTP_201_CREATED)


class OneOwnJob(Endpoint):
    scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(operation_id="own_job", responses=OwnJobDetailSerializer)
    def get(self, request: Request, job: str) -> Response:
        """A posting of the company with its text, its skills and what the linter says."""
        return Response(OwnJobDetailSerializer(own_job(request, job)).data)

    @extend_schema(operation_id="change_job", request=JobTextSerializer, responses=OwnJobDetailSerializer)
    def patch(self, request: Request, job: str) -> Response:
        """Change a posting; a published one with another text is judged again."""
        now = timezone.now()
        with transaction.atomic():
            row = own_job(request, job, lock=True)
            refuse_stale(request, OwnJobDetailSerializer(row).data)
            if row.status in posting.ENDED:
                words = _("This posting is closed and cannot be changed any more.")
                raise Conflict(words, code="ended")
            was_published = row.status == Job.Status.PUBLISHED
            form = filled(request, JobTextSerializer, partial(JobForm, instance=row, now=now))
            row = store_text(form, row.pk, row.company)
            if was_published and row.status == Job.Status.IN_REVIEW:
                judge_again(row)
        row.refresh_from_db()
        return Response(OwnJobDetailSerializer(row).data)


class JobSkills(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="ask_skill", request=AddSkillSerializer, responses={201: AskedSkillSerializer})
    def post(self, request: Request, job: str) -> Response:
        """Ask for a skill by any of its names; one that is there takes the level given."""
        row, form = own_job(request, job), filled(request, AddSkillSerializer, AddSkillForm)
        asked = posting.add_skill(job=row, skill=form.skill, level=form.cleaned_data["level"], now=timezone.now())
        return Response(AskedSkillSerializer(asked).data, status.HTTP_201_CREATED)


class OneJobSkill(Endpoint):
    scopes = {"PATCH": WRITE}

    @extend_schema(operation_id="change_level", request=LevelSerializer, responses=AskedSkillSerializer)
    def patch(self, request: Request, job: str, code: str) -> Response:
        """A skill required, preferred or ignored."""
        row = get_object_or_404(JobSkill.objects.select_related("skill"), job=own_job(request, job), skill__code=code)
        row.level = checked(LevelSerializer(data=request.data))["level"]
        posting.set_levels(job=row.job, levels={row.skill_id: row.level}, now=timezone.now())
        return Response(AskedSkillSerializer(row).data)


class SubmitJob(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="submit_job", request=None, responses=OwnJobDetailSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Hand a posting to the careers office, or publish it where the rules allow that."""
        row = own_job(request, job)
        try:
            moderation.submit(job=row, now=timezone.now())
        except posting.NotPossibleError:
            words = _("This posting cannot be sent for review now.")
            words = words if row.company.is_verified else _("Your company must be verified first.")
            raise Conflict(words, code="not_possible") from None
        except moderation.BlockedError as error:
            said = [f"{remark.name}: {remark.sentence}" for remark in remarks(row.text, error.findings)]
            raise ValidationError({"remarks": said}) from None
        row.refresh_from_db()
        return Response(OwnJobDetailSerializer(row).data)


class CloseJob(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="close_job", request=CloseSerializer, responses=OwnJobDetailSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Take no more applications; closed twice it is closed once."""
        row, form = own_job(request, job), filled(request, CloseSerializer, CloseForm)
        posting.close_job(job=row, reason=form.cleaned_data["reason"], now=timezone.now())
        row.refresh_from_db()
        return Response(OwnJobDetailSerializer(row).data)


class ExtendJob(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="extend_job", request=ExtendSerializer, responses=OwnJobDetailSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Take applications for another 30 days; asked twice it is once."""
        row, shown = own_job(request, job), checked(ExtendSerializer(data=request.data))["closes_at"]
        if closing.extend(job=row, now=timezone.now(), shown=shown) is None:
            raise Conflict(not_open(), code="not_open")
        row.refresh_from_db()
        return Response(OwnJobDetailSerializer(row).data)


class BlindJob(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="set_blind", request=BlindSerializer, responses=OwnJobDetailSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Review without names until the interview, or with them; it stays blind once somebody has applied."""
        row, asked = own_job(request, job), checked(BlindSerializer(data=request.data))
        try:
            posting.set_blind(job=row, is_blind=asked["is_blind"])
        except posting.NotPossibleError:
            raise Conflict(stays_blind(), code="stays_blind") from None
        row.refresh_from_db()
        return Response(OwnJobDetailSerializer(row).data)


urlpatterns = [
    path("company/", OwnCompany.as_view(), name="api_company"),
    path("company/jobs/", OwnJobs.as_view(), name="api_own_jobs"),
    path("company/jobs/<public_id:job>/", OneOwnJob.as_view(), name="api_own_job"),
    path("company/jobs/<public_id:job>/skills/", JobSkills.as_view(), name="api_job_skills"),
    path("company/jobs/<public_id:job>/skills/<str:code>/", OneJobSkill.as_view(), name="api_job_skill"),
    path("company/jobs/<public_id:job>/submit/", SubmitJob.as_view(), name="api_submit_job"),
    path("company/jobs/<public_id:job>/close/", CloseJob.as_view(), name="api_close_job"),
    path("company/jobs/<public_id:job>/extend/", ExtendJob.as_view(), name="api_extend_job"),
    path("company/jobs/<public_id:job>/blind/", BlindJob.as_view(), name="api_blind_job"),
]
