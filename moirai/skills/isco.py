"""The 436 unit groups of ISCO-08, the International Labour Organization's classification of occupations."""

from pathlib import Path

UNIT_GROUPS = frozenset((Path(__file__).parent / "data" / "isco-08.txt").read_text(encoding="ascii").split())
