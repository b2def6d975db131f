from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("matching")

    def ready(self) -> None:
        from jobs.models import Job
        from matching import personal, receivers  # noqa: F401
        from moirai.health import oldest_of, register_waiting
        from students.models import Student

        register_waiting("matches of postings", oldest_of(Job.objects.waiting_for_matches, "needs_matching_since"))
        register_waiting("matches of students", oldest_of(Student.objects.waiting_for_matches, "needs_matching_since"))
