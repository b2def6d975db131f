"""From the text of a posting to the skills it asks for: required, preferred, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jobs.models import SEARCH_FIELDS, Job, JobSkill
from jobs.searchable import describe
from jobs.signals import job_changed
from moirai.skills.extract import VERSION, Extractor, Mention
from moirai.skills.models import EnrichmentLog
from moirai.skills.sections import POSTING_KINDS, read_posting
from moirai.skills.text import fold
from moirai.skills.vocabulary import extractor

REQUIRED, PREFERRED = JobSkill.Level.REQUIRED, JobSkill.Level.PREFERRED
NOT_ASKED = "not asked"
SILENT = ("company", "benefits", "boilerplate")  # what a company says of itself and offers asks for nothing

CUES: dict[str, str] = {
    NOT_ASKED: r"no (?:se requiere|se necesita|es necesari[oa]|es indispensable|hace falta|pedimos)"
    r"|sin necesidad de|(?:not|isn't|aren't) (?:required|necessary|needed)|no need for",
    PREFERRED: r"(?:altamente |muy )?deseables?|deseamos|preferentemente|preferible(?:mente)?|de preferencia|preferente"
    r"|(?:es |son |sera |seria )?un plus|\bplus\b|valoramos|valoraremos|se valorar?a?n?|valorable"
    r"|idealmente|ventaja|opcional(?:es)?"
    r"|nice[ -]to[ -]haves?|good to have|preferred|preferably|desirable|bonus|ideally|an advantage|optional|beneficial",
    REQUIRED: r"indispensables?|obligatori[oa]s?|excluyentes?|imprescindibles?|necesari[oa]s?|requisitos?"
    r"|requerid[oa]s?|requerimos|required?|must(?: have)?|essential|mandatory|minimum|minimo",
}
GROUPS = {"no": NOT_ASKED, "nice": PREFERRED.value, "must": REQUIRED.value}
CUE = re.compile("|".join(rf"(?P<{name}>(?<!\w)(?:{CUES[level]})(?!\w))" for name, level in GROUPS.items()))
LINE = re.compile(r"[^\n]*(?:\n|$)")
HEADING_LIMIT = 60  # characters of a line that may be a heading
WORDS_AFTER_CUE = 3  # "AWS y Docker son un plus para nosotros": a cue rules backwards only at the end of its sentence


@dataclass(frozen=True)
class Detected:
    """``text[start:end]`` asks for the skill; the sentence round it is its quote."""

    skill_id: int
    level: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int


def detect_in(text: str, *, preferences_start: int, vocabulary: Extractor | None = None) -> list[Detected]:
    """Each skill that ``text`` asks for, once, in order of place; all from ``preferences_start`` on is preferred.

    A skill that is required anywhere is required, and its words are the first that say so.
    """
    silent = [(section.start, section.end) for section in read_posting(text) if section.kind in SILENT]
    mentions = [
        mention
        for mention in (vocabulary or extractor()).find(text)
        if not any(start <= mention.start < end for start, end in silent)
    ]
    folded = fold(text)
    headings = _preferred_blocks(folded)
    best: dict[int, Detected] = {}
    for mention in mentions:
        level = _level(folded, mention, headings, preferences_start)
        known = best.get(mention.skill)
        if level != NOT_ASKED and (known is None or (known.level, level) == (PREFERRED, REQUIRED)):
            best[mention.skill] = Detected(mention.skill, level, *mention[1:])
    return sorted(best.values(), key=lambda found: (found.start, found.skill_id))


def _level(folded: str, mention: Mention, blocks: list[tuple[int, int]], preferences_start: int) -> str:
    """What the words round a mention say of it; required where they say nothing."""
    if mention.start >= preferences_start:
        return PREFERRED.value
    said = _said_in_sentence(folded, mention)
    if said is not None:
        return said
    in_block = any(start <= mention.start < end for start, end in blocks)
    return PREFERRED.value if in_block else REQUIRED.value


def _said_in_sentence(folded: str, mention: Mention) -> str | None:
    """The level that a cue of the sentence gives: in brackets, between its commas, before it, or at the end."""
    behind = folded[mention.end : mention.sentence_end]
    bracket = re.match(r"[^,;(\n]{0,20}\(([^)\n]*)\)", behind)
    if bracket and (cue := CUE.search(bracket[1])):
        return GROUPS[str(cue.lastgroup)]
    before, behind = _without_brackets(folded[mention.sentence_start : mention.start]), _without_brackets(behind)
    own_clause = [*CUE.finditer(before[before.rfind(",") + 1 :]), *CUE.finditer(behind.partition(",")[0])]
    cues = own_clause[:1] or list(CUE.finditer(before))[-1:]
    if cues:
        return GROUPS[str(cues[0].lastgroup)]
    for cue in CUE.finditer(behind):
        if len(re.findall(r"\w+", behind[cue.end() :])) <= WORDS_AFTER_CUE:
            return GROUPS[str(cue.lastgroup)]
    return None


def _without_brackets(folded: str) -> str:
    return re.sub(r"\([^)\n]*\)", lambda match: " " * len(match.group()), folded)


def _preferred_blocks(folded: str) -> list[tuple[int, int]]:
    """Stretches under a heading such as ``Deseable:``, up to the next heading."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for match in LINE.finditer(folded):
        line = match.group().strip(" \t\r\n#*•-")
        if len(line) > HEADING_LIMIT or not (line.endswith(":") or line in POSTING_KINDS):
            continue
        cue = CUE.search(line)
        if start is not None:
            blocks.append((start, match.start()))
        start = match.end() if cue and cue.lastgroup == "nice" else None
    if start is not None:
        blocks.append((start, len(folded)))
    return blocks


def detect(*, job: Job, now: datetime) -> int:
    """Store the skills that the posting asks for; rows set by a person keep their level. Returns how many it names.

    The text is read before the transaction begins; if it was changed meanwhile, the mark stays and nothing is stored.
    """
    text = job.text
    found = detect_in(text, preferences_start=job.preferences_start)
    with transaction.atomic():
        current = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
        if current.text != text:
            return 0
        store_found([(current, found)], now=now)
        describe(current)
        current.needs_detection_since = None
        current.needs_matching_since = now
        current.save(update_fields=[*SEARCH_FIELDS, "needs_detection_since", "needs_matching_since", "updated_at"])
        job_changed.send(sender=Job, job_id=current.pk)
    return len(found)


def store_found(readings: Sequence[tuple[Job, Sequence[Detected]]], *, now: datetime) -> None:
    """Make the rows of postings say what was found, in a constant number of queries; call it in a transaction."""
    rows_of: dict[int, dict[int, JobSkill]] = {job.pk: {} for job, _ in readings}
    for row in JobSkill.objects.filter(job_id__in=rows_of):
        rows_of[row.job_id][row.skill_id] = row
    new: list[JobSkill] = []
    changed: list[JobSkill] = []
    gone: list[int] = []
    for job, found in readings:
        rows = rows_of[job.pk]
        for one in found:
            kept = rows.pop(one.skill_id, None)
            row = kept or JobSkill(job=job, skill_id=one.skill_id)
            level = row.level if row.is_edited else one.level
            is_same = (row.level, row.start, row.end) == (level, one.start, one.end)
            row.level, row.start, row.end = level, one.start, one.end
            if kept is None:
                new.append(row)
            elif not is_same:
                changed.append(row)
        for row in rows.values():  # no longer in the text
            row.start = row.end = None
            gone += [] if row.is_edited else [row.pk]
            changed += [row] if row.is_edited else []
    JobSkill.objects.filter(pk__in=gone).delete()
    JobSkill.objects.bulk_create(new, batch_size=1000)
    JobSkill.objects.bulk_update(changed, ["level", "start", "end"], batch_size=200)
    logs = [log_of(job, skills_found=len(found), now=now) for job, found in readings]
    EnrichmentLog.objects.bulk_create(logs, batch_size=500)


def log_of(job: Job, *, skills_found: int = 0, reason: str = "", now: datetime) -> EnrichmentLog:
    """The record of a reading, not stored yet; one with a reason failed."""
    return EnrichmentLog(
        subject=EnrichmentLog.Subject.POSTING,
        subject_id=job.pk,
        outcome=EnrichmentLog.Outcome.FAILED if reason else EnrichmentLog.Outcome.DONE,
        reason=reason,
        extractor_version=VERSION,
        language=job.language,
        characters=len(job.text),
        skills_found=skills_found,
        started_at=now,
        finished_at=now,
    )
