"""The explanation that the home page shows: invented, and drawn with the components of the real one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Thread:
    """What ``components/score_thread.html`` draws, in points of 100."""

    direct: float
    total: float
    gaps: list[float]

    @property
    def nearby(self) -> float:
        return self.total - self.direct


@dataclass(frozen=True)
class Requirement:
    """One row of the sample: a quote from a CV and the words in it that count."""

    name: str
    kind: str
    sentence: str
    words: str

    @property
    def start(self) -> int:
        return max(0, self.sentence.find(self.words))  # a translation may word it otherwise

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True)
class Sample:
    points: int
    thread: Thread
    requirements: list[Requirement]


def sample_explanation() -> Sample:
    """87 points: two requirements proven, one nearby, one open. Names and sentences are made up."""
    sql, python, tableau = "SQL", "Python (pandas)", "Tableau"
    return Sample(
        points=87,
        thread=Thread(direct=75, total=87, gaps=[40, 75]),
        requirements=[
            Requirement("SQL", "direct", _("I cleaned surveys of 48,000 homes with SQL and wrote 12 queries."), sql),
            Requirement("Python", "direct", _("I built a model of electricity demand in Python (pandas)."), python),
            Requirement("Power BI", "related", _("I published a dashboard of city traffic in Tableau."), tableau),
            Requirement("dbt", "none", "", ""),
        ],
    )
