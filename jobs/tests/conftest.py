import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _spanish():
    """Every test starts in the language of addresses without prefix."""
    with translation.override("es-mx"):
        yield
