"""What anybody could rank with today, without downloads: each gives scores (n_students, n_postings) from raw rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

Row = dict[str, Any]


def texts(students: list[Row], jobs: list[Row]) -> tuple[list[str], list[str]]:
    """All that a student and a posting say, as one text each."""
    return (
        [" ".join([row["degree_program"] or "", row["cv_text"] or "", *row["skills"]]) for row in students],
        [" ".join([row["title"], row["description"], *listed(row)]) for row in jobs],
    )


def listed(job: Row) -> list[str]:
    return [*(job.get("required_skills") or []), *(job.get("preferred_skills") or [])]


def names(skills: list[str]) -> set[str]:
    return {skill.strip().lower() for skill in skills}


def skill_overlap(students: list[Row], jobs: list[Row]) -> np.ndarray:
    """Share of the listed skills that the student lists too, rare ones counting more."""
    mine, theirs = [names(row["skills"]) for row in students], [names(listed(row)) for row in jobs]
    column = {name: place for place, name in enumerate(sorted(set().union(*mine, *theirs)))}
    frequency = np.zeros(len(column))
    for row in theirs:
        frequency[[column[name] for name in row]] += 1
    rarity = sp.diags(np.log((len(jobs) + 1) / (frequency + 0.5)))

    def matrix(rows: list[set[str]]) -> sp.csr_matrix:
        places = [(place, column[name]) for place, row in enumerate(rows) for name in sorted(row)]
        return sp.csr_matrix(
            (np.ones(len(places)), np.array(places, int).reshape(-1, 2).T), shape=(len(rows), len(column))
        )

    wanted = matrix(theirs) @ rarity
    total = np.asarray(wanted.sum(axis=1)).ravel()
    return (matrix(mine) @ wanted.T).toarray() / np.where(total > 0, total, 1)


def earlier_formula(students: list[Row], jobs: list[Row]) -> np.ndarray:
    """35 % share of required skills, 65 % cosine of a TF-IDF refitted on each pair alone.

    In a corpus of two texts a word has one of two frequencies, so that all pairs can be had at once: the scores are
    those of refitting, the time is not (`benchmarks/peers.py` measures that).
    """
    from sklearn.feature_extraction.text import CountVectorizer

    mine, theirs = texts(students, jobs)
    counter = CountVectorizer(strip_accents="unicode").fit(mine + theirs)
    left, right = (sp.csr_matrix(counter.transform(side), dtype=float) for side in (mine, theirs))
    lone = (np.log(3 / 2) + 1) ** 2  # squared idf of a word in one of the two texts; in both it is 1
    squares = [sp.csr_matrix(side.multiply(side)) for side in (left, right)]
    said = [sp.csr_matrix(side > 0, dtype=float) for side in (left, right)]
    both_left, both_right = (squares[0] @ said[1].T).toarray(), (said[0] @ squares[1].T).toarray()
    length_left = np.sqrt((squares[0].sum(axis=1).A - both_left) * lone + both_left)
    length_right = np.sqrt((squares[1].sum(axis=1).A.T - both_right) * lone + both_right)
    cosine = (left @ right.T).toarray() / np.maximum(length_left * length_right, 1e-9)
    required, held = [names(row["required_skills"]) for row in jobs], [names(row["skills"]) for row in students]
    share = np.array([[len(own & asked) / len(asked) if asked else 0.0 for asked in required] for own in held])
    return 0.35 * share + 0.65 * cosine


def bm25(students: list[Row], jobs: list[Row], k1: float = 1.2, b: float = 0.75) -> np.ndarray:
    """BM25 with the student's words as the query. Robertson & Zaragoza 2009."""
    from sklearn.feature_extraction.text import CountVectorizer

    queries, documents = texts(students, jobs)
    counter = CountVectorizer(strip_accents="unicode").fit(documents)
    asked = sp.csr_matrix(counter.transform(queries) > 0, dtype=float)
    counts = sp.csr_matrix(counter.transform(documents), dtype=float)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
    length = np.asarray(counts.sum(axis=1)).ravel()
    damping = k1 * (1 - b + b * np.repeat(length / length.mean(), np.diff(counts.indptr)))
    counts.data = rarity[counts.indices] * counts.data * (k1 + 1) / (counts.data + damping)
    return (asked @ counts.T).toarray()


def tf_idf(students: list[Row], jobs: list[Row]) -> np.ndarray:
    """Cosine of TF-IDF over words and pairs of words."""
    left, right = tf_idf_vectors(students, jobs)
    return (left @ right.T).toarray()


def tf_idf_lsa(students: list[Row], jobs: list[Row]) -> np.ndarray:
    """The same after latent semantic analysis to 200 dimensions."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    left, right = tf_idf_vectors(students, jobs)
    latent = normalize(TruncatedSVD(200, random_state=0).fit_transform(sp.vstack([left, right])))
    return latent[: len(students)] @ latent[len(students) :].T


def tf_idf_vectors(students: list[Row], jobs: list[Row]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    mine, theirs = texts(students, jobs)
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode").fit(mine + theirs)
    return vectors.transform(mine), vectors.transform(theirs)


BASELINES = {
    "overlap of listed skills": skill_overlap,
    "35 % skills, 65 % TF-IDF per pair": earlier_formula,
    "BM25": bm25,
    "TF-IDF, 1-2 grams": tf_idf,
    "TF-IDF and LSA": tf_idf_lsa,
}
