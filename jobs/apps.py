from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("jobs")

    def ready(self) -> None:
        from jobs import (
            counters,  # noqa: F401 - registers
            personal,  # noqa: F401 - registers
            receivers,  # noqa: F401 - connects
            reports,  # noqa: F401 - registers
        )
        from jobs.models import Job
        from moirai.health import oldest_of, register_waiting
        from moirai.skills.effects import register_counter

        register_counter("postings", lambda text: Job.objects.naming_any([text]).count(), label=_("postings"))
        register_waiting("postings", oldest_of(Job.objects.waiting_for_detection, "needs_detection_since"))
