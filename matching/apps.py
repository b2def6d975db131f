from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("matching")

    def ready(self) -> None:
        from jobs.models import Job
        from matching import counters, personal, receivers, reports  # noqa: F401
        from matching.models import MatchRun
        from moirai.health import oldest_of, register_waiting
        from moirai.metrics import register_counted
        from students.models import Student

        register_counted("match_runs", "Match runs by status.", MatchRun.objects.all)
        register_waiting("matches of postings", oldest_of(Job.objects.waiting_for_matches, "needs_matching_since"))
        register_waiting("matches of students", oldest_of(Student.objects.waiting_for_matches, "needs_matching_since"))
