"""Skills and occupations for tests."""

import factory

from moirai.skills.models import Occupation, OccupationGroup, Skill, SkillAlias
from moirai.skills.text import fold


class SkillFactory(factory.django.DjangoModelFactory):
    """A skill with its own name as alias in both languages."""

    class Meta:
        model = Skill
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"skill-{n}")
    kind = Skill.Kind.TOOL
    name_es = factory.LazyAttribute(lambda skill: skill.code.replace("-", " ").title())
    name_en = factory.SelfAttribute("name_es")

    @factory.post_generation
    def aliases(self, create, extracted, **kwargs):
        if not create:
            return
        for language, name in (("es", self.name_es), ("en", self.name_en), *((("es", a)) for a in extracted or [])):
            SkillAlias.objects.get_or_create(
                language=language, folded=fold(name), defaults={"skill": self, "text": name}
            )


class OccupationGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OccupationGroup
        django_get_or_create = ("code",)

    code = "2512"
    name_es = "Desarrolladores de software"
    name_en = "Software developers"


class OccupationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Occupation
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"occupation-{n}")
    group = factory.SubFactory(OccupationGroupFactory)
    title_es = factory.LazyAttribute(lambda occupation: occupation.code.replace("-", " "))
    title_en = factory.SelfAttribute("title_es")
