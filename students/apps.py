from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudentsConfig(AppConfig):
    name = "students"
    verbose_name = _("students")

    def ready(self) -> None:
        from moirai.health import oldest_of, register_waiting
        from students import files  # noqa: F401 - connects
        from students.models import CV

        register_waiting("cvs", oldest_of(CV.objects.waiting, "needs_reading_since"))
