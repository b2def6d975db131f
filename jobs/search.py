"""The public list: what was asked for, the postings that answer it, and counts beside every choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from jobs.models import Job, JobQuerySet
from moirai.skills.text import fold

WORD_LIMIT = 10
QUERY_LIMIT = 200
CITY_LIMIT = 12
ORDERS = ("newest", "closing")
PAID = Q(pay_from__isnull=False) | Q(pay_to__isnull=False)


@dataclass(frozen=True)
class Filters:
    """What a visitor asked for; everything that is not a known choice was left out while reading."""

    query: str = ""
    kinds: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    paid_only: bool = False
    order: str = "newest"

    @classmethod
    def read(cls, data: QueryDict) -> Filters:
        kinds = tuple(kind for kind in Job.Kind.values if kind in data.getlist("kind"))
        modalities = tuple(modality for modality in Job.Modality.values if modality in data.getlist("modality"))
        cities = tuple(dict.fromkeys(city[:200] for city in data.getlist("city") if city.strip()))[:CITY_LIMIT]
        return cls(
            query=" ".join(data.get("q", "").split())[:QUERY_LIMIT],
            kinds=kinds,
            modalities=modalities,
            cities=cities,
            paid_only=data.get("paid") == "1",
            order=data.get("order", "") if data.get("order") in ORDERS else "newest",
        )

    @property
    def is_active(self) -> bool:
        return self != Filters(order=self.order)

    @property
    def querystring(self) -> str:
        """The filters as they stand in an address, without the page."""
        pairs: list[tuple[str, str]] = [("q", self.query)] if self.query else []
        pairs += [("kind", value) for value in self.kinds]
        pairs += [("modality", value) for value in self.modalities]
        pairs += [("city", value) for value in self.cities]
        pairs += [("paid", "1")] if self.paid_only else []
        pairs += [("order", self.order)] if self.order != "newest" else []
        return urlencode(pairs)

    def apply(self, jobs: JobQuerySet) -> JobQuerySet:
        """The postings that answer all that was asked."""
        for condition in (self.words, self.kind, self.modality, self.city, self.paid):
            jobs = jobs.filter(condition)
        return jobs

    @property
    def words(self) -> Q:
        """Every word of the query, folded, somewhere in the folded text."""
        words = fold(self.query).split()[:WORD_LIMIT]
        return reduce(lambda all_of, word: all_of & Q(search_text__contains=word), words, Q())

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
            yield self.query, replace(self, query="")
        for kind in self.kinds:
            yield (
                capfirst(str(Job.Kind(kind).label)),
                replace(self, kinds=tuple(one for one in self.kinds if one != kind)),
            )
        for modality in self.modalities:
            rest = tuple(one for one in self.modalities if one != modality)
            yield capfirst(str(Job.Modality(modality).label)), replace(self, modalities=rest)
        for city in self.cities:
            yield city, replace(self, cities=tuple(one for one in self.cities if one != city))
        if self.paid_only:
            yield _("With pay stated"), replace(self, paid_only=False)


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


def facets(jobs: JobQuerySet, filters: Filters) -> Facets:
    """Counts beside each choice, in four queries: each group counts under all filters but its own."""
    by_kind = _counts(replace(filters, kinds=()).apply(jobs), "kind")
    by_modality = _counts(replace(filters, modalities=()).apply(jobs), "modality")
    by_city = _counts(replace(filters, cities=()).apply(jobs).exclude(city=""), "city")
    paid = filters.apply(jobs).filter(PAID).count()
    kinds = [Choice("kind", k.value, str(k.label), by_kind.get(k, 0), k in filters.kinds) for k in Job.Kind]
    modalities = [
        Choice("modality", m.value, str(m.label), by_modality.get(m, 0), m in filters.modalities) for m in Job.Modality
    ]
    largest = sorted(by_city, key=lambda city: (-by_city[city], city))[:CITY_LIMIT]
    shown = [*largest, *(city for city in filters.cities if city not in largest)]
    cities = [Choice("city", city, city, by_city.get(city, 0), city in filters.cities) for city in shown]
    return Facets(kinds, modalities, cities, [Choice("paid", "1", _("With pay stated"), paid, filters.paid_only)])


def chips(filters: Filters) -> list[Chip]:
    return [Chip(label, without.querystring) for label, without in filters.removable()]


def loosened(jobs: JobQuerySet, filters: Filters) -> list[Chip]:
    """What each filter costs, for an empty list: those whose removal shows anything, most first."""
    counted = [Chip(label, without.querystring, without.apply(jobs).count()) for label, without in filters.removable()]
    return sorted((chip for chip in counted if chip.count), key=lambda chip: -(chip.count or 0))


def similar(job: Job, jobs: JobQuerySet, *, limit: int = 3) -> list[Job]:
    """Postings that share most skills with this one, newest first among equals."""
    wanted = job.skills.asked().values("skill_id")
    shared: Any = Count("skills", filter=Q(skills__skill_id__in=wanted), distinct=True)
    return list(
        jobs.exclude(pk=job.pk).annotate(shared=shared).order_by("-shared", "-published_at", "-id").for_list()[:limit]
    )


def _counts(jobs: JobQuerySet, column: str) -> Mapping[str, int]:
    return dict(jobs.order_by().values_list(column).annotate(rows=Count("pk")))
