from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudentsConfig(AppConfig):
    name = "students"
    verbose_name = _("students")

    def ready(self) -> None:
        from students import files  # noqa: F401 - connects
