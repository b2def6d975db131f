"""The words of a posting as the search box finds them: the same on every database.

A word is indexed under its Spanish and its English stem, since a posting mixes both and a query does not say which
it is in. The column holds them as PostgreSQL writes a ``tsvector``: there it is one, with a GIN index and a rank;
elsewhere it is the same text, and a stem is looked up between its quotes. So both find the same postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from moirai.skills.text import LANGUAGES, WORD, fold, stem

WEIGHTS = {"A": 1.0, "B": 0.4, "C": 0.1}  # a word of the title; of company, skills, occupation, city; of the texts
LONGEST = 50  # characters; longer ones are addresses and noise
# Words that join others. They are indexed, and asked for only where a query has no others.
JOINING = frozenset(
    "a al con de del e el en la las lo los o para por que se su u un una y "
    "and an as at by for from in is of on or the to with".split()
)

Groups: TypeAlias = list[tuple[str, ...]]


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word for word in WORD.findall(fold(text)) if len(word) <= LONGEST]


def stems_of(word: str) -> tuple[str, ...]:
    """The one or two stems of a folded word."""
    return tuple(dict.fromkeys(stem(word, language) for language in LANGUAGES))


def groups_of(query: str, *, limit: int) -> Groups:
    """For each word of a query that matters, its stems: a posting must hold one of each group."""
    words = list(dict.fromkeys(words_of(query)))
    telling = [word for word in words if word not in JOINING] or words
    return list(dict.fromkeys(stems_of(word) for word in telling[:limit]))


def lexemes(texts: Mapping[str, Iterable[str]]) -> str:
    """The column's value: each stem of the texts with the best of its weights, ``'analist':1A 'dat':1A``."""
    best: dict[str, str] = {}
    for weight in sorted(texts):
        for word in {word for text in texts[weight] for word in words_of(text)}:
            for one in stems_of(word):
                best.setdefault(one, weight)
    return " ".join(f"'{one}':1{weight}" for one, weight in sorted(best.items()))


def stems_in(column: str) -> frozenset[str]:
    """The stems with weights that a column holds, whichever way the database writes them back."""
    return frozenset(column.split())


class LexemesField(models.TextField):
    """``tsvector`` on PostgreSQL, the same text elsewhere."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_placeholder(self, value: object, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@LexemesField.register_lookup
class HoldsWords(models.Lookup):
    """``lexemes__words=groups_of(…)``: one stem of each group, at least."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """Without text search: each stem with its quotes, somewhere in the text."""
        column, before = self.process_lhs(compiler, connection)
        conditions, params = [], []
        for group in self.rhs:
            conditions.append(f"({' OR '.join(f'instr({column}, %s) > 0' for _ in group)})")
            params += [param for one in group for param in (*before, f"'{one}':")]
        return " AND ".join(conditions), tuple(params)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, tsquery(self.rhs)]


class Rank(models.Func):
    """How well a posting answers the words: where they stand counts, a title most."""

    output_field = models.FloatField()

    def __init__(self, column: str, groups: Groups, **extra: Any) -> None:
        super().__init__(models.F(column), **extra)
        self.groups = groups

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """The sum over the words of the best weight that one of their stems has."""
        column, before = compiler.compile(self.source_expressions[0])
        terms, params = [], []
        for group in self.groups:
            cases = []
            for weight, value in WEIGHTS.items():
                for one in group:
                    cases.append(f"WHEN instr({column}, %s) > 0 THEN {value}")
                    params += [*before, f"'{one}':1{weight}"]
            terms.append(f"CASE {' '.join(cases)} ELSE 0 END")
        return f"({' + '.join(terms)})", tuple(params)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, list[Any]]:
        column, params = compiler.compile(self.source_expressions[0])
        weights = "{0.05," + ",".join(str(WEIGHTS[weight]) for weight in "CBA") + "}"
        return f"ts_rank('{weights}', {column}, %s::tsquery)", [*params, tsquery(self.groups)]


def tsquery(groups: Groups) -> str:
    """``('analist' | 'analista') & 'dat'``; stems hold letters, digits, dots, plus and hash signs only."""
    return " & ".join(f"({' | '.join(map(_quoted, group))})" for group in groups)


def _quoted(one: str) -> str:
    return f"'{one}'"
