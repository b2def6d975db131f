"""What the law of imported data asks to be said wherever the data works."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from moirai.skills.models import Occupation, Skill, Source

ESCO = gettext_lazy(
    "This service uses the ESCO classification of the European Commission. © European Union, ESCO. "
    "Labels were selected and combined with Moirai's own taxonomy."
)
ONET = gettext_lazy(
    "This site includes information from the O*NET Database by the U.S. Department of Labor, Employment and Training "
    "Administration (USDOL/ETA), used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. Moirai has "
    "modified some of this information. USDOL/ETA has not approved, endorsed, or tested these modifications."
)


def attributions() -> list[str]:
    """One sentence or more for each imported source in the database, in the reader's language."""
    sources = {
        *Occupation.objects.order_by().values_list("source", flat=True).distinct(),
        *Skill.objects.order_by().values_list("source", flat=True).distinct(),
    }
    lines = {Source.ESCO: ESCO, Source.ONET: ONET}
    return [str(line) for source, line in lines.items() if source.value in sources]
