"""The API of how a company comes to be verified: the papers it sends, and its answer to what the office asked."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import documents, moderation
from jobs.api_access import recruiter_or_403
from jobs.api_company import READ, WRITE, OwnCompanySerializer
from jobs.company_forms import AnswerForm, DocumentForm
from jobs.models import CompanyDocument
from moirai.api.endpoint import Endpoint
from moirai.api.forms import FormSerializer, filled
from moirai.api.problems import Conflict


class DocumentSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="original_name")

    class Meta:
        model = CompanyDocument
        fields = ["id", "kind", "name", "content_type", "size", "uploaded_at"]


class NewDocumentSerializer(FormSerializer):
    form_class = DocumentForm


class AnswerSerializer(FormSerializer):
    form_class = AnswerForm


class Documents(Endpoint):
    scopes = {"GET": READ, "POST": WRITE}
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="documents", responses=DocumentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Papers that the company sent, newest first; what is in them only the careers office reads."""
        rows = recruiter_or_403(request).company.documents.order_by("-uploaded_at", "-id")
        return self.page(rows, DocumentSerializer)

    @extend_schema(
        operation_id="send_document",
        request={"multipart/form-data": NewDocumentSerializer},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send a PDF, PNG or JPEG; the same one again within a minute is one."""
        recruiter = recruiter_or_403(request)
        said = filled(request, NewDocumentSerializer, DocumentForm).cleaned_data
        try:
            row = documents.add_document(
                company=recruiter.company, uploaded_by=recruiter.user, now=timezone.now(), **said
            )
        except documents.TooManyError:
            words = _("There are %(most)d documents already. Remove one first.") % {"most": documents.MOST}
            raise Conflict(words, code="too_many") from None
        return Response(DocumentSerializer(row).data, status.HTTP_201_CREATED)


class OneDocument(Endpoint):
    scopes = {"DELETE": WRITE}

    @extend_schema(operation_id="remove_document", responses={204: None})
    def delete(self, request: Request, document: int) -> Response:
        """Take a paper back, as long as nobody has verified the company with it."""
        company = recruiter_or_403(request).company
        rows = company.documents.none() if company.is_verified else company.documents.all()
        get_object_or_404(rows, pk=document).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class AnswerOffice(Endpoint):
    scopes = {"POST": WRITE}

    @extend_schema(operation_id="answer_office", request=AnswerSerializer, responses=OwnCompanySerializer)
    def post(self, request: Request) -> Response:
        """Answer what `status_reason` asks for, so that the careers office looks again."""
        recruiter = recruiter_or_403(request)
        comment = filled(request, AnswerSerializer, AnswerForm).cleaned_data["comment"]
        company, now = recruiter.company, timezone.now()
        if moderation.answer(company=company, comment=comment, actor=recruiter.user, now=now) is None:
            raise Conflict(_("The careers office has asked for nothing."), code="not_asked")
        company.refresh_from_db()
        return Response(OwnCompanySerializer(company).data)


urlpatterns = [
    path("company/documents/", Documents.as_view(), name="api_documents"),
    path("company/documents/<int:document>/", OneDocument.as_view(), name="api_document"),
    path("company/answer/", AnswerOffice.as_view(), name="api_answer_office"),
]
