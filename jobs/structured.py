"""What search engines read of an open posting: schema.org's JobPosting as JSON-LD."""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.models import Job

EMPLOYMENT = {
    Job.Kind.INTERNSHIP: "INTERN",
    Job.Kind.SOCIAL_SERVICE: "INTERN",
    Job.Kind.PART_TIME: "PART_TIME",
    Job.Kind.FIRST_JOB: "FULL_TIME",
    Job.Kind.FULL_TIME: "FULL_TIME",
}
UNITS = {Job.PayPeriod.MONTH: "MONTH", Job.PayPeriod.HOUR: "HOUR"}
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def job_posting(job: Job) -> dict[str, object]:
    """An open posting in the vocabulary of schema.org; what it does not say is left out."""
    assert job.published_at is not None
    assert job.closes_at is not None
    company = {"@type": "Organization", "name": job.company.name}
    if job.company.website:
        company["sameAs"] = job.company.website
    said: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": job.title,
        "description": _html(job),
        "identifier": {"@type": "PropertyValue", "name": settings.SITE_NAME, "value": job.public_id},
        "datePosted": job.published_at.isoformat(),
        "validThrough": job.closes_at.isoformat(),
        "employmentType": EMPLOYMENT[Job.Kind(job.kind)],
        "hiringOrganization": company,
        "inLanguage": job.language,
        "directApply": True,
        "url": f"{settings.SITE_URL.rstrip('/')}{job.get_absolute_url()}",
    }
    return said | _place(job) | _pay(job)


def script(job: Job) -> SafeString:
    """The data block for the page; a policy on scripts does not run it, and nothing in it can end it."""
    text = json.dumps(job_posting(job), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


def _html(job: Job) -> str:
    paragraphs = [line for part in (job.description, job.requirements, job.preferences) for line in part.splitlines()]
    return "".join(f"<p>{escape(line)}</p>" for line in paragraphs if line.strip())


def _place(job: Job) -> dict[str, object]:
    country = {"@type": "Country", "name": "MX"}
    said: dict[str, object] = {}
    if job.modality == Job.Modality.REMOTE:
        said = {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": country}
    if job.city:
        address = {"@type": "PostalAddress", "addressLocality": job.city, "addressCountry": "MX"}
        said["jobLocation"] = {"@type": "Place", "address": address}
    return said


def _pay(job: Job) -> dict[str, object]:
    unit = UNITS.get(Job.PayPeriod(job.pay_period))
    if not job.has_pay or unit is None:
        return {}
    bounds = {"minValue": job.pay_from, "maxValue": job.pay_to}
    value = {"@type": "QuantitativeValue", "unitText": unit} | {k: v for k, v in bounds.items() if v is not None}
    return {"baseSalary": {"@type": "MonetaryAmount", "currency": "MXN", "value": value}}
