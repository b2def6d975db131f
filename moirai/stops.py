"""Full stops of sentences that hold names, which may bring their own: "jr.", "S.A."."""

from __future__ import annotations

import re

DOUBLED = re.compile(r"(?<=\w)\.\.(?=[\s<]|$)")


def one_stop(text: str) -> str:
    """The text with one full stop wherever a name and its sentence both bring one; an ellipsis stays."""
    return DOUBLED.sub(".", text)
