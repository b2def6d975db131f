"""Charts drawn by the server as SVG: bars, bars side by side, lines. Colours and type come from `reports.css`.

Lengths across are percentages, so that letters keep their size however wide the page is. The values stand in the
description too, and in the table beside each chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

LABEL, BAR, GAP, LEGEND = 20, 12, 14, 20  # heights in pixels
PLOT, FOOT, HEAD = 200, 26, 30  # of lines: the plot, the names below it, room above it
LEFT, RIGHT = 6, 94  # of lines: first and last place, in percent
MOST_BARS = 12
LONGEST, ROOM = 60, 66  # of a name: letters, and percent of the width that it may take

Value = int | float | None


@dataclass(frozen=True)
class Chart:
    """``values`` has a row of numbers per label, one number per series; None is not shown."""

    title: str
    series: Sequence[str]
    labels: Sequence[str]
    values: Sequence[Sequence[Value]]
    unit: str = ""
    kind: Literal["bars", "lines"] = "bars"

    def draw(self) -> SafeString:
        return draw(self)

    @property
    def top(self) -> float:
        return max((value for row in self.values for value in row if value is not None), default=0) or 1

    def said(self, value: Value) -> str:
        if value is None:
            return "—"
        return f"{number_format(value)} {self.unit}".strip()

    @property
    def description(self) -> str:
        """All values in words."""
        parts = []
        for label, row in zip(self.labels, self.values, strict=True):
            said = [self.said(value) for value in row]
            named = [f"{name} {value}" for name, value in zip(self.series, said, strict=True)]
            parts.append(f"{label}: {', '.join(named if len(named) > 1 else said)}")
        return "; ".join(parts) + "."


def draw(chart: Chart) -> SafeString:
    """The chart as one ``<svg>``; it takes the width that it is given."""
    pieces = list(_lines(chart) if chart.kind == "lines" else _bars(chart))
    height = HEAD + PLOT + FOOT if chart.kind == "lines" else len(chart.values) * _row_height(chart)
    return format_html(
        '<svg class="plot" role="img" aria-labelledby="plot-title plot-values" width="100%" height="{}">'
        '<title id="plot-title">{}</title><desc id="plot-values">{}</desc>{}{}</svg>',
        str(height + _legend_height(chart)),
        chart.title,
        chart.description,
        format_html_join("", "{}", ((piece,) for piece in _legend(chart))),
        format_html_join("", "{}", ((piece,) for piece in pieces)),
    )


def _legend_height(chart: Chart) -> int:
    return LEGEND * len(chart.series) + GAP // 2 if len(chart.series) > 1 else 0


def _legend(chart: Chart) -> Iterator[SafeString]:
    for at, name in enumerate(chart.series if len(chart.series) > 1 else ()):
        yield format_html('<rect class="s{}" y="{}" width="12" height="12"/>', str(at), str(at * LEGEND))
        yield format_html('<text x="18" y="{}">{}</text>', str(at * LEGEND + 11), name)


def _row_height(chart: Chart) -> int:
    return LABEL + BAR * len(chart.series) + GAP


def _bars(chart: Chart) -> Iterator[SafeString]:
    """Each row: its name on the left and its values on the right, and the bars below."""
    y = _legend_height(chart)
    for label, row in zip(chart.labels, chart.values, strict=True):
        clipped = '<svg y="{}" width="{}" height="{}"><text y="14">{}</text></svg>'
        yield format_html(clipped, str(y), f"{ROOM}%", str(LABEL), Truncator(label).chars(LONGEST))
        values = " / ".join(map(chart.said, row))
        yield format_html('<text class="v" x="100%" y="{}" text-anchor="end">{}</text>', str(y + 14), values)
        for at, value in enumerate(row):
            width, top = _across(100 * (value or 0) / chart.top), y + LABEL + at * BAR
            yield format_html(
                '<rect class="s{}" y="{}" width="{}" height="{}"/>', str(at), str(top), width, str(BAR - 2)
            )
        y += _row_height(chart)


def _lines(chart: Chart) -> Iterator[SafeString]:
    head = _legend_height(chart) + HEAD
    step = (RIGHT - LEFT) / max(1, len(chart.labels) - 1)
    xs = [_across(LEFT + step * at) for at in range(len(chart.labels))]
    yield format_html('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', str(head + PLOT))
    for x, label in zip(xs, chart.labels, strict=True):
        yield format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', x, str(head + PLOT + 20), label)
    for at in range(len(chart.series)):
        ys = [None if row[at] is None else head + PLOT - PLOT * (row[at] or 0) / chart.top for row in chart.values]
        points = [(x, y, row[at]) for x, y, row in zip(xs, ys, chart.values, strict=True)]
        for (x1, y1, _one), (x2, y2, _two) in pairwise(points):
            if y1 is not None and y2 is not None:
                where = tuple(map(str, (at, x1, x2, f"{y1:.1f}", f"{y2:.1f}")))
                yield format_html('<line class="s{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', *where)
        for x, y, value in points:
            if y is not None:
                yield format_html('<circle class="s{}" cx="{}" cy="{}" r="4"/>', str(at), x, f"{y:.1f}")
                beside = y - 10 if at == 0 else y + 20  # the second line has its numbers below
                words = '<text class="v" x="{}" y="{}" text-anchor="middle">{}</text>'
                yield format_html(words, x, f"{beside:.1f}", chart.said(value))


def _across(percent: float) -> str:
    return f"{percent:.2f}%"
