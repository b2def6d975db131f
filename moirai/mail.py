"""What every mail of the house needs: the text twin of its HTML, and a hash by which an address is found."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from moirai.crypto.ring import keyed_hash, normalised

BLOCKS = {"p", "tr", "h1", "h2", "ul", "table"}
SILENT = {"head", "style", "title"}


def address_mark(address: str) -> str:
    """The keyed hash by which an address is found again without being stored; 43 characters."""
    return keyed_hash(normalised(address), about="address of a mail")


def text_of(html: str) -> str:
    """The same words without HTML: blocks apart, lists with dashes, each link behind what it says."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._link = ""
        self._link_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self._link, self._link_from = dict(attrs).get("href") or "", len(self.parts)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        elif tag in BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self._link:
            if self._link not in "".join(self.parts[self._link_from :]):
                self.parts.append(f": {self._link}")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))
