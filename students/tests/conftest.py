"""What every test of students has."""

import pytest

from moirai.skills import vocabulary


@pytest.fixture(autouse=True)
def own_vocabulary(monkeypatch):
    """With the clock stopped, the vocabulary of one test looks as fresh as that of the next."""
    monkeypatch.setattr(vocabulary, "_current", None)
