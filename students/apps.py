from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudentsConfig(AppConfig):
    name = "students"
    verbose_name = _("students")

    def ready(self) -> None:
        from moirai.crypto.rotation import OTHER_HASHES
        from moirai.health import oldest_of, register_part, register_waiting
        from moirai.metrics import register_counted
        from moirai.skills.effects import register_counter
        from students import counters, files, personal, receivers, scanning  # noqa: F401 - connect
        from students.models import CV, Cohort
        from students.upload import rehash_files

        OTHER_HASHES.append(rehash_files)
        register_counter("cvs", lambda text: CV.objects.current().naming_any([text]).count(), label=_("CVs"))
        register_counted("cvs", "CVs by status.", CV.objects.all)
        register_counted("imports", "Imports of cohorts by status.", Cohort.objects.all)
        register_part("virus_scanner", scanning.state)
        register_waiting("cvs", oldest_of(CV.objects.waiting, "needs_reading_since"))
