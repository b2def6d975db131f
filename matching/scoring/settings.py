"""Constants of the scorer that are chosen, not fitted. The same for every language."""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = 3  # raise when arrays or formulae change; older models are refused


@dataclass(frozen=True)
class Weights:
    """Weights of the evidence, whole numbers per unit of cosine (requirements: per unit of coverage)."""

    occupations: int = 1000
    groups: int = 1000
    meaning: int = 500
    words: int = 600
    requirements: int = 800


KEPT_OCCUPATIONS_STUDENT = 100
KEPT_OCCUPATIONS_POSTING = 60
TITLE_SHARE = 0.75  # of a posting's title against its text
PROGRAMME_TILT = 2.0  # occupations of the degree's field count up to 1 + this
PROGRAMME_SHARE = 0.3  # of the degree's field itself against the text, in the groups
MEANING_DIMENSIONS = 200
TRANSLATED_SHARE = 0.7  # of words that are translations, against words in their own language
TRANSLATED_OCCUPATIONS = 0.5  # of a text's translation against the text, where occupations are read
TRANSLATED_MEANING = 0.7  # the same in the latent space
NEIGHBOUR_SHARE = 1.0
NEIGHBOURS_BY_OCCUPATION = 0.3  # of likeness in occupations against likeness in words, where neighbours are sought
LEAST_STUDENTS = 5  # who must use a word before the model learns it from students: it must not know anybody's name
LARGEST_CORPUS = 6_000  # texts of each side that a fit reads; more are sampled
