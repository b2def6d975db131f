"""Every message that people read is there in Spanish and in English, and says the same things."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from moirai.management.commands.compile_translations import add_rest

LOCALE = Path(settings.BASE_DIR) / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def own(language: str) -> Catalog:
    return catalogue(LOCALE / language / "LC_MESSAGES" / "django.po")


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [str(message.string)]


@pytest.mark.parametrize("language", ["es", "en"])
def test_nothing_is_missing_or_doubtful(language):
    lacking = [message.id for message in own(language) if message.id and (message.fuzzy or not all(texts(message)))]
    assert lacking == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_placeholders_are_the_same_in_every_translation(language):
    for message in own(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {placeholder for text in ids for placeholder in PLACEHOLDER.findall(text)}
        for text in texts(message):
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id
        assert {placeholder for text in texts(message) for placeholder in PLACEHOLDER.findall(text)} == wanted


def test_a_country_says_at_once_what_its_language_says_and_its_own_words_first():
    country, general = Catalog("es_MX"), Catalog("es")
    country.add("Key", "Llave")
    for message, text in (("Key", "Clave"), ("Skip", "Saltar"), (("%d row", "%d rows"), ("%d fila", "%d filas"))):
        general.add(message, text)
    add_rest(country, general)
    assert [country.get(word).string for word in ("Key", "Skip", "%d row")] == [
        "Llave",
        "Saltar",
        ("%d fila", "%d filas"),
    ]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext (Debian: gettext)")
def test_the_catalogues_hold_every_message_of_the_code(tmp_path):
    base = Path(settings.BASE_DIR)
    left_out = shutil.ignore_patterns("demo", "__pycache__", "*.mo")
    for folder in ("moirai", "students", "jobs", "matching", "notifications", "templates", "locale"):
        shutil.copytree(base / folder, tmp_path / folder, ignore=left_out)
    shutil.copy(base / "manage.py", tmp_path)
    command = [sys.executable, "manage.py", "makemessages", "-l", "es", "--no-obsolete", "--no-location", "-i", "tests"]
    environment = os.environ | {"SECRET_KEY": "x" * 50, "DATA_DIR": str(tmp_path / "var")}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    collected = catalogue(tmp_path / "locale/es/LC_MESSAGES/django.po")
    known = {(str(message.id), message.context) for message in own("es")}
    assert {str(m.id) for m in collected if m.id and (str(m.id), m.context) not in known} == set()
