"""A company's own file of postings: read, judged row by row as the form judges, then stored as drafts or sent.

A row is known by the id in its file, or by its words; the same file sent twice changes nothing the second time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from jobs import moderation, posting
from jobs.forms import JobForm
from jobs.import_fields import FORMULA, LISTS, NAMES, choice_of, label_of, names, words_of
from jobs.models import Company, Job
from moirai.csv_import import FileRefusedError, Table, encoding_of, match_columns
from moirai.importing import BadValueError, Row
from moirai.middleware import is_storable

AT_ONCE = 200  # for more there is the command
CELL_LENGTH = 25_000
PACKED = 900_000  # what a form may send
VALID_FOR = 60 * 60  # seconds between the dry run and its confirmation
Values = dict[str, str]


@dataclass
class Judged:
    """What one row would do: ``new``, ``changed``, ``same`` or ``error`` with its reasons."""

    line: int
    outcome: str
    title: str = ""
    reasons: list[str] = field(default_factory=list)
    values: Values = field(default_factory=dict)
    job: Job | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Source:
    """The rows of a file by the names of the form, and which of its columns say nothing to us."""

    rows: list[Row]
    unused: list[str]
    problems: list[Judged]


def read_file(file: BinaryIO) -> Source:
    """A CSV of any encoding, a JSON array or JSON lines; raises FileRefusedError where it is none of them."""
    file.seek(0)
    if file.read(1024).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"[", b"{"):
        return _from_json(file)
    table = Table(file, cell_length=CELL_LENGTH)
    places = match_columns(table.header, names())
    source = Source([], [name for at, name in enumerate(table.header) if at not in places.values()], [])
    for record in table.records():
        if record.problem:
            source.problems.append(Judged(record.line, "error", reasons=[words_of(record.problem)]))
        else:
            source.rows.append(Row(record.line, {name: record.cells[at] for name, at in places.items()}))
    return _whole(source, places)


def _from_json(file: BinaryIO) -> Source:
    encoding = encoding_of(file)
    file.seek(0)
    try:
        text = file.read().decode(encoding)
    except UnicodeError:
        raise FileRefusedError("encoding") from None
    source, known, unused = Source([], [], []), set[str](), dict[str, None]()
    for line, values in _items(text):
        if not isinstance(values, dict) or not _is_storable(values):
            reason = words_of("characters" if isinstance(values, dict) else "columns")
            source.problems.append(Judged(line, "error", reasons=[reason]))
            continue
        keys = list(values)
        places = match_columns(keys, names())
        known |= set(places)
        unused |= dict.fromkeys(key for at, key in enumerate(keys) if at not in places.values())
        source.rows.append(Row(line, {name: values[keys[at]] for name, at in places.items()}))
    source.unused = list(unused)
    return _whole(source, known)


def _is_storable(values: dict[str, Any]) -> bool:
    texts = [text for value in values.values() for text in (value if isinstance(value, list) else [value])]
    return all(is_storable(str(text)) for text in [*values, *texts])


def _items(text: str) -> Iterator[tuple[int, Any]]:
    """Each value with the line on which it begins; what parts them, an array's commas or lines, is all the same."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        while at < len(text) and text[at] in "\ufeff[],\t\r\n ":
            at += 1
        if at >= len(text):
            return
        line = text.count("\n", 0, at) + 1
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise FileRefusedError("json", error.lineno) from None
        except (ValueError, RecursionError):  # a number of thousands of digits, or brackets in brackets
            raise FileRefusedError("json", line) from None
        yield line, value


def _whole(source: Source, columns: Any) -> Source:
    if not {"title", "description"} <= set(columns):
        raise FileRefusedError("no_title")
    if not source.rows and not source.problems:
        raise FileRefusedError("rows")
    if len(source.rows) + len(source.problems) > AT_ONCE:
        raise FileRefusedError("many", AT_ONCE)
    return source


# --- The dry run ------------------------------------------------------------------------------------------------------


def judge(*, company: Company, rows: list[Row], now: datetime) -> list[Judged]:
    """What each row would do, by the rules of the form in which people write postings."""
    ids = [_external_id(company, str(row.values.get("id") or "").strip() or _words(row)) for row in rows]
    known = {str(job.external_id): job for job in Job.objects.of(company).filter(external_id__in=ids)}
    found, first = [], dict[str, int]()
    for at, (row, name) in enumerate(zip(rows, ids, strict=True)):
        twin = min(first.setdefault(name, at), first.setdefault(_words(row), at))
        if twin == at:
            found.append(_judge(company, row, name, known.get(name), now))
        else:
            reason = _("The same posting stands on line %(line)d.") % {"line": rows[twin].line}
            found.append(Judged(row.line, "error", reasons=[reason]))
    return found


def _words(row: Row) -> str:
    return json.dumps([row.values.get("title"), row.values.get("description")], default=str)


def _external_id(company: Company, name: str) -> str:
    return f"file:{company.pk}:{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:40]}"


def _judge(company: Company, row: Row, name: str, job: Job | None, now: datetime) -> Judged:
    try:
        values = _values(row)
    except BadValueError as error:
        return Judged(row.line, "error", reasons=[str(error)])
    title = values.get("title", "")[:200]
    if job is not None and job.status in posting.ENDED:
        return Judged(row.line, "error", title, [_("This posting is closed and cannot be changed any more.")])
    before = {} if job is None else dict(job.__dict__)
    form = JobForm(values, instance=job or Job(company=company), now=now)
    if not form.is_valid():
        reasons = [f"{form.fields[key].label}: {' '.join(map(str, errors))}" for key, errors in form.errors.items()]
        return Judged(row.line, "error", title, reasons)
    fields = form.job_fields | {"external_id": name}
    is_same = job is not None and all(before[key] == value for key, value in fields.items())
    outcome = "new" if job is None else "same" if is_same else "changed"
    return Judged(row.line, outcome, title, values=_own(row), job=job, fields=fields)


def _own(row: Row) -> Values:
    return {key: value for key, value in row.values.items() if value not in ("", None)}


def _values(row: Row) -> Values:
    """The row as the form takes it; what it does not say is what a new posting has."""
    values = {}
    for name in NAMES:
        text = "\n".join(row.names(name)) if name in LISTS else row.text(name)
        if text and name != "id" and text[0] in FORMULA.get(name, "=@+-"):
            raise BadValueError(_("%(column)s begins like a formula.") % {"column": label_of(name)})
        values[name] = choice_of(name, text)
    return values


# --- Storing ----------------------------------------------------------------------------------------------------------


def pack(*, company: Company, judged: list[Judged]) -> str:
    """The rows that can be stored, signed, for the form that confirms them."""
    rows = [(row.line, row.values) for row in judged if row.outcome in ("new", "changed")]
    packed = signing.dumps(rows, salt=_salt(company), compress=True) if rows else ""
    if len(packed) > PACKED:
        raise FileRefusedError("many", AT_ONCE)
    return packed


def unpack(*, company: Company, packed: str) -> list[Row]:
    """The rows again; raises ``signing.BadSignature`` where the page is too old or was for another company."""
    rows = signing.loads(packed, salt=_salt(company), max_age=VALID_FOR)
    return [Row(line, values) for line, values in rows]


def _salt(company: Company) -> str:
    return f"jobs.importing.{company.pk}"


@transaction.atomic
def store_rows(*, company: Company, rows: list[Row], sends: bool, now: datetime) -> Mapping[str, int]:
    """Store all of the rows, or nothing where one of them cannot be stored any more; counts by outcome.

    With ``sends`` each goes to review as from its own page; what the linter blocks stays a draft.
    """
    company = Company.objects.select_for_update().get(pk=company.pk)  # sent twice, the second waits and finds it done
    counts = dict.fromkeys(("new", "changed", "same", "sent", "blocked"), 0)
    for row in judge(company=company, rows=rows, now=now):
        if row.outcome == "error":
            raise FileRefusedError("changed", row.line)
        counts[row.outcome] += 1
        job = row.job
        if row.outcome == "new":
            job = posting.write_job(company=company, fields=row.fields, now=now)
        elif row.outcome == "changed" and job is not None:
            job = posting.edit_job(job=job, fields=row.fields, now=now)
        if sends and job is not None and job.status in (Job.Status.DRAFT, Job.Status.RETURNED):
            counts["sent" if moderation.submit_if_possible(job=job, now=now) else "blocked"] += 1
    return counts
