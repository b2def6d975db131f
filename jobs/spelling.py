"""Words of a query that no open posting holds, replaced by the nearest that some do; the same on every database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jobs.lexemes import JOINING, words_of
from jobs.models import JobQuerySet, SearchWord

SHORTEST = 4  # letters of a word that is ever corrected
BEGINNING = 5  # letters that may be completed: «contab» for «contabilidad»


def corrected(query: str) -> str | None:
    """The query with its unknown words replaced, or None where nothing near is known. Costs one query."""
    words = [word for word in dict.fromkeys(words_of(query)) if word not in JOINING]
    known = dict(SearchWord.objects.values_list("word", "postings"))
    nearest = {word: near for word in words if word not in known and (near := nearest_word(word, known))}
    if not nearest:
        return None
    return " ".join(nearest.get(word, word) for word in words_of(query))


def nearest_word(word: str, known: Mapping[str, int]) -> str | None:
    """The known word that one slip makes, else one that it begins, else one two slips away; then that of most postings.

    A slip is a letter too many, too few or wrong, or two letters swapped.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    allowed = 1 if len(word) <= BEGINNING else 2
    near = [one for one in known if abs(len(one) - len(word)) <= allowed and one.isalpha()]
    found = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    slips: dict[str, float] = {match[0]: match[1] for match in found}
    if len(word) >= BEGINNING:
        slips |= {one: min(slips.get(one, 1.5), 1.5) for one in known if one.startswith(word)}
    return min(slips, key=lambda one: (slips[one], -known[one], one), default=None)


@transaction.atomic
def learn_words(jobs: JobQuerySet) -> int:
    """Make the table hold the words of ``jobs`` and in how many of them each stands; returns how many words."""
    counts: Counter[str] = Counter()
    for text in jobs.order_by().values_list("search_text", flat=True).iterator(chunk_size=500):
        counts.update({word for word in words_of(text) if len(word) >= SHORTEST and word.isalpha()})
    _forget(counts)
    rows = [SearchWord(word=word, postings=number) for word, number in sorted(counts.items())]
    SearchWord.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["word"], update_fields=["postings"]
    )
    return len(rows)


def _forget(counts: Mapping[str, int]) -> None:
    """Delete what no posting says any more, in parts that every database takes."""
    gone = [pk for pk, word in SearchWord.objects.values_list("pk", "word") if word not in counts]
    for start in range(0, len(gone), 500):
        SearchWord.objects.filter(pk__in=gone[start : start + 500]).delete()
