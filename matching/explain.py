"""Why a score is what it is, as dataclasses; every number comes from the scoring functions and adds up.

Points are shown as whole numbers. They are the stored hundredths rounded by largest remainder, so that what a page
shows sums to the score it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.asked import WEIGHTS
from jobs.models import Job, JobSkill
from matching import corpus, modelstore
from matching.models import POINT, Match
from matching.quotes import Quote
from matching.scoring import requirements as scoring
from matching.scoring.words import Array
from moirai.skills.extract import sentence
from moirai.skills.models import Skill
from moirai.skills.text import words_in

DIRECT, NEARBY, MISSING = "direct", "related", "none"
SHORT_POSTING = 35  # words that say something; fewer make the confidence lower
SHORT_CV = 40


@dataclass(frozen=True, slots=True)
class Requirement:
    """One skill that the posting asks for; ``points`` of ``possible`` are in the score."""

    skill: Skill
    is_required: bool
    state: str
    points: int
    possible: int
    via: Skill | None = None
    is_learning: bool = False
    asked: Quote | None = None
    proof: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """Something both texts say, with its whole points and the sentences that say it."""

    name: str
    other_name: str
    points: int
    in_cv: Quote | None = None
    in_posting: Quote | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """``level`` is high, medium or low; ``reason`` says why it is not high."""

    level: str
    reason: str = ""

    def __str__(self) -> str:
        words = {"high": _("High confidence"), "medium": _("Medium confidence"), "low": _("Low confidence")}
        return f"{words[self.level]}: {self.reason}" if self.reason else words[self.level]


@dataclass(frozen=True, slots=True)
class Thread:
    """The bar: ``direct`` and ``nearby`` points add up to ``total``; ``gaps`` are where its segments meet."""

    direct: int
    nearby: int
    total: int
    gaps: tuple[int, ...]

    @property
    def missing(self) -> int:
        return 100 - self.total


@dataclass(frozen=True, slots=True)
class Summary:
    """What a card shows of a match."""

    hundredths: int
    points: int
    occupation: int
    requirements: int
    words: int
    rows: Sequence[Requirement] = ()
    confidence: Confidence = field(default_factory=lambda: Confidence("high"))

    def of_state(self, state: str) -> list[Requirement]:
        return [row for row in self.rows if row.state == state]

    @property
    def thread(self) -> Thread:
        """Requirements first, then occupation, then words; nearby skills at the end."""
        direct = [row.points for row in self.rows if row.state == DIRECT]
        nearby = [row.points for row in self.rows if row.state == NEARBY]
        segments = [*direct, self.occupation, self.words, *nearby]
        places, total = [], 0
        for points in segments:
            total += points
            places.append(total)
        gaps = tuple(sorted({place for place in places if 0 < place < self.points}))
        return Thread(self.points - sum(nearby), sum(nearby), self.points, gaps)

    @property
    def reading(self) -> str:
        """The thread in words."""
        if not self.rows:
            return _("The posting lists no skills: this is about occupation and words")
        counts = [len(self.of_state(state)) for state in (DIRECT, NEARBY, MISSING)]
        parts = [
            ngettext("%d requirement with direct evidence", "%d requirements with direct evidence", counts[0])
            % counts[0],
            ngettext("%d nearby", "%d nearby", counts[1]) % counts[1],
            ngettext("%d without evidence", "%d without evidence", counts[2]) % counts[2],
        ]
        return ", ".join(part for part, count in zip(parts, counts, strict=True) if count)

    @property
    def chips(self) -> list[dict[str, str]]:
        """The first six requirements for `components/chip.html`, proven ones first."""
        order = {DIRECT: 0, NEARBY: 1, MISSING: 2}
        rows = sorted(self.rows, key=lambda row: (order[row.state], not row.is_required, -row.points))[:6]
        return [{"label": row.skill.name, "kind": row.state} for row in rows]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - 6)

    @property
    def further(self) -> int:
        """Requirements beyond the six that a page shows at once."""
        return max(0, len(self.rows) - 6)

    @property
    def sentence(self) -> str:
        """One sentence for a card: what is proven, then what is missing."""
        proven = [row.skill.name for row in self.of_state(DIRECT)][:3]
        missing = [row.skill.name for row in self.of_state(MISSING) if row.is_required][:2]
        if proven and missing:
            values = {"proven": listed(proven), "missing": listed(missing)}
            return _("Your CV shows %(proven)s; we found no evidence of %(missing)s.") % values
        if proven:
            return _("Your CV shows %(proven)s.") % {"proven": listed(proven)}
        if missing:
            return _("We found no evidence of %(missing)s; the points come from what both texts are about.") % {
                "missing": listed(missing)
            }
        return ""


def listed(names: Sequence[str]) -> str:
    """Names joined as a sentence does it."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def whole(hundredths: Sequence[int], total: int) -> list[int]:
    """Whole numbers near ``hundredths / 100`` that add up to ``total``; the largest remainders are rounded up.

    hundredths : each >= 0, adding up to about 100 * total
    """
    floors = [value // POINT for value in hundredths]
    order = sorted(range(len(floors)), key=lambda place: (-(hundredths[place] % POINT), place))
    for place in order[: max(0, total - sum(floors))]:
        floors[place] += 1
    return floors


def summary(
    match: Match,
    *,
    held: corpus.Skills,
    wanted: dict[int, JobSkill],
    near: dict[int, set[int]],
    skills: dict[int, Skill],
    confidence: Confidence,
) -> Summary:
    """A match's points and requirements; the four arguments are read once for a whole page."""
    parts = [match.occupation_points, match.requirement_points, match.word_points]
    occupation, requirements, words = whole(parts, match.points)
    rarity = modelstore.skill_rarity(match.model_version)
    rows = requirement_rows(requirements, held=held, wanted=wanted, near=near, skills=skills, rarity=rarity)
    return Summary(match.score, match.points, occupation, requirements, words, rows, confidence)


def requirement_rows(
    points: int,
    *,
    held: corpus.Skills,
    wanted: dict[int, JobSkill],
    near: dict[int, set[int]],
    skills: dict[int, Skill],
    rarity: Array,
) -> list[Requirement]:
    """The part's whole points shared out over the wanted skills as the scorer does it; proven ones first."""
    credit_of = {}
    for skill in wanted:
        own = held.get(skill, 0.0)
        bridge = max(sorted(near.get(skill, set()) & held.keys()), key=lambda other: held[other], default=None)
        through = held[bridge] * corpus.NEARBY_SHARE if bridge is not None else 0.0
        credit_of[skill] = (own, None) if own >= through else (through, bridge)
    weights = weights_of(wanted, rarity)
    shares = scoring.shared_out(
        points, [weights[skill] * round(scoring.UNIT * credit_of[skill][0]) for skill in wanted]
    )
    rows = []
    for (skill, asked), share in zip(wanted.items(), shares, strict=True):
        credit, bridge = credit_of[skill]
        full = round(share / credit) if credit else 0
        state = MISSING if not credit else NEARBY if bridge is not None or credit < 1 else DIRECT
        rows.append(
            Requirement(
                skill=skills[skill],
                is_required=asked.level == JobSkill.Level.REQUIRED,
                state=state,
                points=share,
                possible=max(full, share),
                via=skills.get(bridge) if bridge is not None else None,
                is_learning=bridge is None and 0 < credit < 1,
            )
        )
    order = {DIRECT: 0, NEARBY: 1, MISSING: 2}
    return sorted(rows, key=lambda row: (not row.is_required, order[row.state], -row.points, row.skill.pk))


def weights_of(wanted: dict[int, JobSkill], rarity: Array) -> dict[int, int]:
    """What the scorer weighs each wanted skill with, in thousandths."""
    known = len(rarity)
    return {
        skill: scoring.weight_of(WEIGHTS[asked.level], float(rarity[skill]) if skill < known else 1.0)
        for skill, asked in wanted.items()
    }


def confidence_of(job: Job, *, asked: int, cv_words: int | None) -> Confidence:
    """How far the score can be trusted, from how much there was to read on each side."""
    if cv_words is None:
        return Confidence("low", _("there is no CV to read"))
    if cv_words < SHORT_CV:
        return Confidence("low", _("your CV says little"))
    if words_in_posting(job.description, job.requirements) < SHORT_POSTING:
        return Confidence("medium", _("the posting is short"))
    if asked < 2:
        return Confidence("medium", _("the posting lists few skills"))
    return Confidence("high")


@lru_cache(maxsize=4096)  # the postings of a list are those of most lists
def words_in_posting(description: str, requirements: str) -> int:
    return words_in(f"{description} {requirements}")


def asked_quote(job: Job, row: JobSkill) -> Quote | None:
    """The posting's sentence that asks for a skill, where it was found in the text."""
    text = job.text
    if row.start is None or row.end is None or row.end > len(text):
        return None
    left, right = sentence(text, row.start, row.end)
    return Quote(text[left:right], row.start - left, row.end - left, left)
