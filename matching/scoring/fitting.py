"""Learning a model from a taxonomy and a corpus of postings and students; both corpora may be empty."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from matching.scoring import settings
from matching.scoring.calibration import fitted_curve
from matching.scoring.documents import Document
from matching.scoring.encoding import (
    Side,
    bilingual_words,
    language_rows,
    moved_words,
    own_occupations,
    pieces_of,
    with_translation,
)
from matching.scoring.model import Bank, FittedModel
from matching.scoring.neighbours import centres, empty_bank
from matching.scoring.occupations import occupation_pieces, title_rows, unit_per_language
from matching.scoring.requirements import skill_rarity
from matching.scoring.semantics import latent_projection
from matching.scoring.settings import SCHEMA, Weights
from matching.scoring.taxonomy import Taxonomy
from matching.scoring.translation import best_translations, ibm_model_1, keep_identical
from matching.scoring.words import (
    Array,
    Matrix,
    Vocabulary,
    count_shared_words,
    count_words,
    inverse_document_frequency,
    tf_idf,
    unit_dense,
    unit_rows,
)

PHRASE_SHARE = 0.5  # of a phrase against an occupation in the latent space
PRIOR_DOCUMENTS = 20  # weight of the taxonomy's own mean against the corpus's


def fit(
    taxonomy: Taxonomy, postings: list[Document], students: list[Document], wanted: Matrix | None = None
) -> FittedModel:
    """The model of a taxonomy and a corpus; deterministic, whatever the machine's load."""
    if not taxonomy.occupations:
        raise ValueError("A model needs a taxonomy with at least one occupation.")
    postings, students = sampled(postings), sampled(students)
    rarity = np.ones(0) if wanted is None else skill_rarity(wanted)
    vocabulary = Vocabulary()
    occupation_counts = count_words(
        [occupation_pieces(o, taxonomy) for o in taxonomy.occupations], vocabulary, grow=True
    )
    titles, title_of = title_rows(taxonomy)
    title_counts = count_words(titles, vocabulary, grow=True)
    phrases = translation_pairs(taxonomy, vocabulary)
    posting_counts = count_words([pieces_of(d, "posting") for d in postings], vocabulary, grow=True)
    student_counts = count_shared_words([pieces_of(d, "student") for d in students], vocabulary)
    counts = [widened(c, len(vocabulary)) for c in (occupation_counts, title_counts, posting_counts, student_counts)]
    is_spanish = vocabulary.columns_of("es")
    idf = idf_by_language([counts[0], counts[2], counts[3]], is_spanish)
    occupation_words = unit_per_language(tf_idf(counts[0], idf), is_spanish)
    vectors = {"posting": tf_idf(counts[2], idf), "student": tf_idf(counts[3], idf)}
    spoken = {"posting": language_rows(postings), "student": language_rows(students)}
    table = translation_table(phrases, vocabulary)
    moved = {side: moved_words(table, own) for side, own in vectors.items()}
    read = {side: with_translation(vectors[side], moved[side], settings.TRANSLATED_OCCUPATIONS) for side in vectors}
    meant = {side: with_translation(vectors[side], moved[side], settings.TRANSLATED_MEANING) for side in vectors}
    bilingual = [with_translation(vectors[side], moved[side], 1.0) for side in vectors]
    phrase_vectors = PHRASE_SHARE * tf_idf(rows_of(phrases, len(vocabulary)), idf)
    codes = taxonomy.group_codes
    model = FittedModel(
        version=version_of(taxonomy, postings, students, rarity),
        vocabulary=vocabulary,
        idf=idf,
        occupation_words=occupation_words,
        title_words=tf_idf(counts[1], idf),
        title_of=title_of,
        student_mean=corpus_mean(read["student"], occupation_words, spoken["student"]),
        posting_mean=corpus_mean(read["posting"], occupation_words, spoken["posting"]),
        group_codes=codes,
        group_of=np.array([codes.index(o.isco) for o in taxonomy.occupations], dtype=np.int64),
        occupation_ids=tuple(o.id for o in taxonomy.occupations),
        projection=latent_projection(
            [
                occupation_words,
                phrase_vectors,
                *bilingual,
            ],
            settings.MEANING_DIMENSIONS,
        ),
        meaning_means=np.zeros((2, 1)),
        translations=table,
        student_bank=empty_bank(len(vocabulary), len(taxonomy.occupations)),
        posting_bank=empty_bank(len(vocabulary), len(taxonomy.occupations)),
        skill_rarity=rarity,
        curve=fitted_curve(len(taxonomy.occupations)),
        weights=Weights(),
    )
    model = replace(model, meaning_means=meaning_means(model.projection, meant, spoken))
    return replace(
        model,
        student_bank=bank_of(model, students, vectors["student"], moved["student"], "student"),
        posting_bank=bank_of(model, postings, vectors["posting"], moved["posting"], "posting"),
    )


def sampled(documents: list[Document]) -> list[Document]:
    """At most ``LARGEST_CORPUS`` documents, evenly spread over the order given."""
    if len(documents) <= settings.LARGEST_CORPUS:
        return documents
    places = np.linspace(0, len(documents) - 1, settings.LARGEST_CORPUS).astype(int)
    return [documents[place] for place in places]


def widened(counts: Matrix, n_terms: int) -> Matrix:
    """The same counts with columns of zeros for words learned later."""
    return sp.csr_matrix((counts.data, counts.indices, counts.indptr), shape=(counts.shape[0], n_terms))


def idf_by_language(counts: Sequence[Matrix], is_spanish: np.ndarray) -> Array:
    """Inverse document frequency (n_terms,), each word against the documents that hold words of its language."""
    everything = sp.csr_matrix(sp.vstack(counts))
    frequency = np.bincount(everything.indices, minlength=everything.shape[1]).astype(float)
    in_spanish = np.asarray((everything @ sp.csr_matrix(is_spanish[:, None].astype(float))).todense()).ravel() > 0
    in_english = np.asarray((everything @ sp.csr_matrix((~is_spanish)[:, None].astype(float))).todense()).ravel() > 0
    totals = np.where(is_spanish, in_spanish.sum(), in_english.sum())
    return inverse_document_frequency(frequency, totals)


def corpus_mean(vectors: Matrix, occupation_words: Matrix, spoken: NDArray[np.int64]) -> Array:
    """Mean cosine (2, n_occupations) of the corpus's Spanish and English texts with each occupation.

    Each is smoothed with the mean of both, and that with a quarter of the mean among occupations, which are longer
    and more alike than texts: a language without texts has the mean of the other, no corpus at all the last.
    """
    prior = np.asarray(occupation_words.mean(axis=0) @ occupation_words.T).ravel() * 0.25
    sums = [np.asarray(vectors[spoken == row].sum(axis=0) @ occupation_words.T).ravel() for row in (0, 1)]
    return smoothed_means(np.stack(sums), spoken, prior)


def smoothed_means(sums: Array, spoken: NDArray[np.int64], prior: Array) -> Array:
    """Means by language (2, n) of sums by language (2, n), smoothed with the mean of both and that with ``prior``."""
    both = (sums.sum(axis=0) + PRIOR_DOCUMENTS * prior) / (len(spoken) + PRIOR_DOCUMENTS)
    counts = np.bincount(spoken, minlength=2)[:, None]
    return (sums + PRIOR_DOCUMENTS * both) / (counts + PRIOR_DOCUMENTS)


def meaning_means(projection: Array, vectors: dict[str, Matrix], spoken: dict[str, NDArray[np.int64]]) -> Array:
    """Mean latent vectors (4, n_dimensions): students in Spanish, in English, postings in Spanish, in English."""
    means = []
    for side in ("student", "posting"):
        latent = unit_dense(np.asarray(vectors[side] @ projection, dtype=np.float64))
        sums = np.stack([latent[spoken[side] == row].sum(axis=0) for row in (0, 1)])
        means.append(smoothed_means(sums, spoken[side], np.zeros(projection.shape[1])))
    return np.vstack(means)


def translation_pairs(taxonomy: Taxonomy, vocabulary: Vocabulary) -> list[tuple[list[int], list[int]]]:
    """Columns of the words of phrases that translate each other: (Spanish, English)."""
    from moirai.skills.text import stems

    texts = {pair for o in taxonomy.occupations for pair in (*o.essential, *o.optional)}
    texts |= {(o.title_es, o.title_en) for o in taxonomy.occupations} | set(taxonomy.groups.values())
    columns = []
    for es, en in sorted(texts):
        left = sorted({vocabulary.add(f"es:{word}") for word in stems(es, "es")})
        right = sorted({vocabulary.add(f"en:{word}") for word in stems(en, "en")})
        if left and right and len(left) <= 12 and len(right) <= 12:
            columns.append((left, right))
    return columns


def translation_table(pairs: list[tuple[list[int], list[int]]], vocabulary: Vocabulary) -> Matrix:
    """Translations of words both ways, (n_terms, n_terms); words of the same letters keep at least half."""
    n_terms = len(vocabulary)
    forth = best_translations(ibm_model_1(pairs, n_terms))
    back = best_translations(ibm_model_1([(right, left) for left, right in pairs], n_terms))
    twins = []
    for term, column in vocabulary.index.items():
        other = vocabulary.index.get(("en:" if term.startswith("es:") else "es:") + term[3:])
        if other is not None:
            twins.append((column, other))
    return keep_identical(sp.csr_matrix(forth + back), twins)


def rows_of(pairs: list[tuple[list[int], list[int]]], n_terms: int) -> Matrix:
    """One row per pair of phrases with the words of both, (n_pairs, n_terms)."""
    lengths = np.cumsum([0, *(len(left) + len(right) for left, right in pairs)])
    columns = np.array([column for left, right in pairs for column in (*left, *right)], dtype=np.int32)
    return sp.csr_matrix((np.ones(len(columns)), columns, lengths), shape=(len(pairs), n_terms))


def bank_of(model: FittedModel, documents: Sequence[Document], vectors: Matrix, moved: Matrix, side: Side) -> Bank:
    """Centres of the corpus of one side, by words in both languages, with the occupations of their members."""
    rows = []
    for start in range(0, len(documents), 256):
        block = slice(start, start + 256)
        rows.append(sp.csr_matrix(own_occupations(model, documents[block], vectors[block], moved[block], side)))
    if not rows:
        return empty_bank(vectors.shape[1], len(model.occupation_ids))
    return centres(unit_rows(bilingual_words(model, vectors, moved)), sp.csr_matrix(sp.vstack(rows)))


def version_of(taxonomy: Taxonomy, postings: Sequence[Document], students: Sequence[Document], rarity: Array) -> str:
    """Schema number and a hash of everything that the model is learned from."""
    digest = hashlib.sha256(taxonomy.content_hash.encode())
    digest.update(json.dumps([SCHEMA, asdict(Weights()), _constants()], sort_keys=True).encode())
    digest.update(rarity.tobytes())
    for document in (*postings, *students):
        digest.update(repr([(f.kind, f.language, f.text) for f in document.fields]).encode())
    return f"{SCHEMA}-{digest.hexdigest()[:16]}"


def _constants() -> dict[str, float]:
    return {name: value for name, value in vars(settings).items() if name.isupper()}
