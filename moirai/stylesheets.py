"""One stylesheet for the browser out of one file per component for people.

``manage.py bundle_css`` writes ``static/css/moirai.css``; a test fails while it is stale.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

FIRST = ["tokens.css", "base.css", "layout.css"]  # tokens.css also declares the order of the layers


def folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "css"


def bundle() -> str:
    """The text of ``moirai.css``; ``print.css`` stays apart, since only printing loads it."""
    parts = [(folder() / name).read_text() for name in FIRST]
    components = sorted((folder() / "components").glob("*.css"))
    parts += [path.read_text().replace('url("../', 'url("') for path in components]  # the bundle lies one folder up
    return "/* Written by manage.py bundle_css; edit the parts. */\n" + "".join(map(_squeezed, parts))


def _squeezed(css: str) -> str:
    """``css`` without comments and indentation."""
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).lstrip("\n")
