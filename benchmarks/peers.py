"""The same work by others: cosine top-k over TF-IDF with scikit-learn, and a score that refits TF-IDF for each pair."""

from __future__ import annotations

import time

import numpy as np

from benchmarks import world
from jobs.models import Job
from students.models import CV

PAIRS = 300
TOP = 50


def run(size: str) -> None:
    world.base()
    texts = list(CV.objects.order_by("pk").values_list("text", flat=True))
    jobs = [
        f"{title}\n{text}" for title, text in Job.objects.filter(pk__lt=world.FIRST).values_list("title", "description")
    ]
    top_k(texts, jobs)
    per_pair(texts, jobs)


def top_k(texts: list[str], jobs: list[str]) -> None:
    """Best postings of each text by cosine of TF-IDF, all pairs."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import linear_kernel

    began = time.perf_counter()
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(jobs + texts)
    left, right = vectors.transform(texts), vectors.transform(jobs)
    for start in range(0, len(texts), 256):
        product = linear_kernel(left[start : start + 256], right)
        np.argpartition(-product, min(TOP, product.shape[1] - 1), axis=1)[:, :TOP]
    world.report("peer_sklearn_cosine_top_k", time.perf_counter() - began, pairs=len(texts) * len(jobs))


def per_pair(texts: list[str], jobs: list[str]) -> None:
    """35 % overlap of skills, 65 % cosine of a TF-IDF fitted on the two texts alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    rng = np.random.default_rng(1)
    rows, columns = rng.integers(0, len(texts), PAIRS), rng.integers(0, len(jobs), PAIRS)
    began = time.perf_counter()
    for row, column in zip(rows, columns, strict=True):
        vectors = TfidfVectorizer(stop_words="english", ngram_range=(1, 2)).fit_transform([texts[row], jobs[column]])
        held, wanted = set(texts[row].lower().split()), set(jobs[column].lower().split())
        0.35 * len(held & wanted) / max(len(wanted), 1) + 0.65 * cosine_similarity(vectors[0], vectors[1])[0, 0]
    world.report("peer_formula_per_pair", time.perf_counter() - began, pairs=PAIRS)
