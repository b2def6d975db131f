"""The public list: what was asked for, the postings that answer it, and counts beside every choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Value
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from jobs.lexemes import Groups, Rank, groups_of
from jobs.models import Job, JobQuerySet
from jobs.spelling import corrected

WORD_LIMIT = 10
QUERY_LIMIT = 200
CITY_LIMIT = 12
ORDERS = ("relevance", "newest", "closing")
PAID = Q(pay_from__isnull=False) | Q(pay_to__isnull=False)


@dataclass(frozen=True)
class Filters:
    """What a visitor asked for; everything that is not a known choice was left out while reading."""

    query: str = ""
    kinds: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    paid_only: bool = False
    order: str = ""
    is_exact: bool = False

    @classmethod
    def read(cls, data: QueryDict) -> Filters:
        kinds = tuple(kind for kind in Job.Kind.values if kind in data.getlist("kind"))
        modalities = tuple(modality for modality in Job.Modality.values if modality in data.getlist("modality"))
        cities = tuple(dict.fromkeys(city[:200] for city in data.getlist("city") if city.strip()))[:CITY_LIMIT]
        query = " ".join(data.get("q", "").split())[:QUERY_LIMIT]
        orders = ORDERS if query else ORDERS[1:]
        order = data.get("order", "")
        return cls(
            query=query,
            kinds=kinds,
            modalities=modalities,
            cities=cities,
            paid_only=data.get("paid") == "1",
            order="" if order == orders[0] or order not in orders else order,
            is_exact=bool(query) and data.get("exact") == "1",
        )

    @property
    def is_active(self) -> bool:
        return replace(self, order="", is_exact=False) != Filters()

    @property
    def sorting(self) -> str:
        """The order that holds: best answers first where words were searched, else the newest."""
        return self.order or ("relevance" if self.query else "newest")

    @property
    def querystring(self) -> str:
        """The filters as they stand in an address, without the page."""
        pairs: list[tuple[str, str]] = [("q", self.query)] if self.query else []
        pairs += [("kind", value) for value in self.kinds]
        pairs += [("modality", value) for value in self.modalities]
        pairs += [("city", value) for value in self.cities]
        pairs += [("paid", "1")] if self.paid_only else []
        pairs += [("order", self.order)] if self.order else []
        pairs += [("exact", "1")] if self.is_exact else []
        return urlencode(pairs)

    @property
    def canonical(self) -> str:
        """What was asked for without how it is shown: two searches for the same are the same text."""
        return replace(
            self, query=self.query.lower(), cities=tuple(sorted(self.cities)), order="", is_exact=False
        ).querystring

    def apply(self, jobs: JobQuerySet) -> JobQuerySet:
        """The postings that answer all that was asked."""
        for condition in (self.words, self.kind, self.modality, self.city, self.paid):
            jobs = jobs.filter(condition)
        return jobs

    def sort(self, jobs: JobQuerySet) -> JobQuerySet:
        if self.sorting == "closing":
            return jobs.closing_first()
        if self.sorting == "relevance" and self.groups:
            return jobs.order_by(Rank("lexemes", self.groups).desc(), "-published_at", "-id")
        return jobs.newest_first()

    @property
    def groups(self) -> Groups:
        return groups_of(self.query, limit=WORD_LIMIT)

    @property
    def words(self) -> Q:
        """Every word of the query in some form somewhere in the posting; a query of signs alone finds nothing."""
        if not self.query:
            return Q()
        return Q(lexemes__words=self.groups) if self.groups else Q(pk__in=[])

    @property
    def kind(self) -> Q:
        return Q(kind__in=self.kinds) if self.kinds else Q()

    @property
    def modality(self) -> Q:
        return Q(modality__in=self.modalities) if self.modalities else Q()

    @property
    def city(self) -> Q:
        return Q(city__in=self.cities) if self.cities else Q()

    @property
    def paid(self) -> Q:
        return PAID if self.paid_only else Q()

    def removable(self) -> Iterator[tuple[str, Filters]]:
        """Each active filter as its label and the filters without it."""
        if self.query:
            yield (
                self.query,
                replace(self, query="", is_exact=False, order="" if self.order == "newest" else self.order),
            )
        for kind in self.kinds:
            rest = tuple(one for one in self.kinds if one != kind)
            yield capfirst(str(Job.Kind(kind).label)), replace(self, kinds=rest)
        for modality in self.modalities:
            rest = tuple(one for one in self.modalities if one != modality)
            yield capfirst(str(Job.Modality(modality).label)), replace(self, modalities=rest)
        for city in self.cities:
            yield city, replace(self, cities=tuple(one for one in self.cities if one != city))
        if self.paid_only:
            yield _("With pay stated"), replace(self, paid_only=False)

    @property
    def label(self) -> str:
        """What was asked for in words: «analista, Puebla, Remoto»."""
        return ", ".join(label for label, _rest in self.removable()) or _("All postings")


@dataclass(frozen=True)
class Choice:
    """One line of a filter: how many postings it would show with everything else as it is."""

    name: str
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """An active filter that a click removes; ``count`` is what that would show, where it was asked for."""

    label: str
    querystring: str
    count: int | None = None


@dataclass(frozen=True)
class Facets:
    kinds: list[Choice] = field(default_factory=list)
    modalities: list[Choice] = field(default_factory=list)
    cities: list[Choice] = field(default_factory=list)
    paid: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """How many postings share these five."""

    kind: str
    modality: str
    city: str
    is_paid: bool
    level: int
    count: int


class Counts:
    """Postings that answer the words of a query, counted by every combination of choices in one query.

    Every figure of the page is a sum over these cells, so they agree with each other.
    ``level`` sorts postings by one thing more, a number that each has; ``least`` of it counts.
    """

    def __init__(self, jobs: JobQuerySet, filters: Filters, *, level: Any = None, least: int = 0) -> None:
        rows = jobs.filter(filters.words).order_by()
        paid = ExpressionWrapper(PAID, output_field=BooleanField())
        columns: Any = rows.annotate(is_paid=paid, level=Value(0) if level is None else level)
        groups = columns.values_list("kind", "modality", "city", "is_paid", "level").annotate(rows=Count("pk"))
        self.all_cells = [Cell(*row) for row in groups]
        self.cells = [cell for cell in self.all_cells if cell.level >= least]

    def of(self, filters: Filters) -> int:
        """How many answer ``filters``, whose query is the one that was counted."""
        return sum(cell.count for cell in self.cells if _fits(cell, filters))

    def from_level(self, least: int) -> int:
        """How many there are of this level or more, whatever the other choices."""
        return sum(cell.count for cell in self.all_cells if cell.level >= least)

    def by(self, column: str, filters: Filters) -> dict[str, int]:
        totals: dict[str, int] = {}
        for cell in self.cells:
            if _fits(cell, filters):
                value = getattr(cell, column)
                totals[value] = totals.get(value, 0) + cell.count
        return totals

    def facets(self, filters: Filters) -> Facets:
        """Counts beside each choice: each group counts under all filters but its own.

        The cities shown depend on the words alone, so that a choice does not shuffle them under the pointer.
        """
        by_kind = self.by("kind", replace(filters, kinds=()))
        by_modality = self.by("modality", replace(filters, modalities=()))
        by_city = self.by("city", replace(filters, cities=()))
        overall = self.by("city", Filters())
        largest = sorted((city for city in overall if city), key=lambda city: (-overall[city], city))[:CITY_LIMIT]
        shown = [*largest, *(city for city in filters.cities if city not in largest)]
        paid = self.of(replace(filters, paid_only=True))
        return Facets(
            [Choice("kind", k.value, str(k.label), by_kind.get(k, 0), k in filters.kinds) for k in Job.Kind],
            [
                Choice("modality", m.value, str(m.label), by_modality.get(m, 0), m in filters.modalities)
                for m in Job.Modality
            ],
            [Choice("city", city, city, by_city.get(city, 0), city in filters.cities) for city in shown],
            [Choice("paid", "1", _("With pay stated"), paid, filters.paid_only)],
        )


def _fits(cell: Cell, filters: Filters) -> bool:
    return (
        (not filters.kinds or cell.kind in filters.kinds)
        and (not filters.modalities or cell.modality in filters.modalities)
        and (not filters.cities or cell.city in filters.cities)
        and (cell.is_paid or not filters.paid_only)
    )


@dataclass(frozen=True)
class Spelling:
    """The query that is answered instead of the one that was written, and the way back to that one."""

    shown: str
    written: str
    querystring: str


def look(jobs: JobQuerySet, filters: Filters) -> tuple[Filters, Counts, Spelling | None]:
    """The filters that are answered: words that no posting holds are read as the nearest that some do."""
    counts = Counts(jobs, filters)
    if counts.cells or not filters.query or filters.is_exact:
        return filters, counts, None
    near = corrected(filters.query)
    if near is None:
        return filters, counts, None
    better = replace(filters, query=near)
    found = Counts(jobs, better)
    if not found.cells:
        return filters, counts, None
    return better, found, Spelling(near, filters.query, replace(filters, is_exact=True).querystring)


def chips(filters: Filters) -> list[Chip]:
    return [Chip(label, without.querystring) for label, without in filters.removable()]


def loosened(jobs: JobQuerySet, filters: Filters, counts: Counts) -> list[Chip]:
    """What each filter costs, for an empty list: those whose removal shows anything, most first."""
    chips = []
    for label, without in filters.removable():
        within = counts if without.query == filters.query else Counts(jobs, without)
        chips.append(Chip(label, without.querystring, within.of(without)))
    return sorted((chip for chip in chips if chip.count), key=lambda chip: -(chip.count or 0))


def similar(job: Job, jobs: JobQuerySet, *, limit: int = 3) -> list[Job]:
    """Postings that share most skills with this one, newest first among equals."""
    wanted = job.skills.asked().values("skill_id")
    shared: Any = Count("skills", filter=Q(skills__skill_id__in=wanted), distinct=True)
    return list(
        jobs.exclude(pk=job.pk).annotate(shared=shared).order_by("-shared", "-published_at", "-id").for_list()[:limit]
    )
