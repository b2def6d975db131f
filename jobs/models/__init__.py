"""Companies, their recruiters, postings with the skills they ask for, and applications."""

from jobs.models.application import Application, ApplicationEvent, ApplicationQuerySet
from jobs.models.company import Company, CompanyQuerySet, Recruiter
from jobs.models.job import Job, JobQuerySet, JobSkill

__all__ = [
    "Application",
    "ApplicationEvent",
    "ApplicationQuerySet",
    "Company",
    "CompanyQuerySet",
    "Job",
    "JobQuerySet",
    "JobSkill",
    "Recruiter",
]
