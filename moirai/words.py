"""Where translations are looked up: at once, not at the end of a chain.

Our Spanish is a fallback of Django's Mexican catalogue, behind the Spanish of each package that has both; nearly every
word of a page is ours, and was looked for in seven catalogues before. What is found stays the same.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import trans_real


def flatten() -> None:
    """Let each language know by itself what its fallbacks know, the largest catalogue first."""
    for code, _name in settings.LANGUAGES:
        own: Any = trans_real.translation(code)
        chain = [*zip(own._catalog._catalogs, own._catalog._plurals, strict=True)]
        step = own._fallback
        while step is not None:
            chain.append((step._catalog, step.plural))
            step = step._fallback
        own._catalog._catalogs, own._catalog._plurals = zip(*sorted(_apart(chain), key=_size), strict=True)


def _apart(chain: list[Any]) -> list[Any]:
    """The same catalogues without what one before them says, so that their order no longer matters."""
    seen: set[Any] = set()
    found = []
    for catalog, plural in chain:
        new = {key: text for key, text in catalog.items() if _name(key) not in seen}
        seen |= set(map(_name, new))
        found.append((new, plural))
    return found


def _name(key: Any) -> Any:
    """All plural forms of a message go together."""
    return key if isinstance(key, str) else key[:1]


def _size(pair: Any) -> int:
    return -len(pair[0])
