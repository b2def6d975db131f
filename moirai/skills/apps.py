from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SkillsConfig(AppConfig):
    name = "moirai.skills"
    label = "skills"
    verbose_name = _("skills")

    def ready(self) -> None:
        from moirai.skills import counters  # noqa: F401
