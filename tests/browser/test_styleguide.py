"""`/estilo/` shows every component, and only where the site is being built."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
#: Parts of the frame around every page, and of other components.
FRAME = {"bell", "error_summary", "field", "field_notes", "footer", "header", "logo", "messages", "sprite", "threads"}


def included(path: Path) -> set[str]:
    """The components in a template, and those that these draw once for all."""
    found = set(re.findall(r'include "components/(\w+)\.html"', path.read_text()))
    texts = [(COMPONENTS / f"{name}.html").read_text() for name in found]
    return found | {name for text in texts for name in re.findall(r'drawn "components/(\w+)\.html"', text)}


def test_every_component_is_shown():
    shown = included(COMPONENTS.parent / "styleguide" / "styleguide.html")
    assert {path.stem for path in COMPONENTS.glob("*.html")} == shown | FRAME


def test_the_page_is_drawn_in_every_language(client, settings, db):
    settings.SHOWS_COMPONENTS = True
    for prefix in ("", "/en"):
        assert client.get(f"{prefix}{reverse('styleguide')}").status_code == 200


def test_the_page_is_not_there_for_visitors(client, db):
    assert client.get(reverse("styleguide")).status_code == 404
