"""Companies, their recruiters, postings with the skills they ask for, and applications."""

from jobs.models.application import Application, ApplicationEvent, ApplicationQuerySet
from jobs.models.calendar import CalendarFeed
from jobs.models.careers import CareersPage
from jobs.models.company import Company, CompanyQuerySet, Recruiter
from jobs.models.document import CompanyDocument
from jobs.models.grant import CompanyGrant
from jobs.models.interview import Interview
from jobs.models.invitation import Invitation
from jobs.models.job import SEARCH_FIELDS, Job, JobQuerySet
from jobs.models.job_skill import JobSkill
from jobs.models.message import Message, Side
from jobs.models.report import Report
from jobs.models.ruling import Ruling
from jobs.models.saved import SavedJob, SavedSearch, SearchWord, SentJob
from jobs.models.statistic import OutcomeStatistic
from jobs.models.team import TeamInvitation

__all__ = [
    "SEARCH_FIELDS",
    "Application",
    "ApplicationEvent",
    "ApplicationQuerySet",
    "CalendarFeed",
    "CareersPage",
    "Company",
    "CompanyDocument",
    "CompanyGrant",
    "CompanyQuerySet",
    "Interview",
    "Invitation",
    "Job",
    "JobQuerySet",
    "JobSkill",
    "Message",
    "OutcomeStatistic",
    "Recruiter",
    "Report",
    "Ruling",
    "SavedJob",
    "SavedSearch",
    "SearchWord",
    "SentJob",
    "Side",
    "TeamInvitation",
]
