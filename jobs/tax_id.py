"""The Mexican tax id (RFC): its form, the date in it and its check digit, by the rule of the SAT (anexo 19, 2014)."""

from __future__ import annotations

import re
from datetime import date

FORM = re.compile(r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{2}[A0-9]")
GENERIC = ("XAXX010101000", "XEXX010101000")  # for sales to the public and to foreigners: nobody's own
ORDER = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
MODULUS = 11


def has_form(tax_id: str) -> bool:
    """Twelve or thirteen characters in their places, with a date that exists, of nobody in general."""
    if not FORM.fullmatch(tax_id) or tax_id in GENERIC:
        return False
    year, month, day = (int(tax_id[-9:-3][at : at + 2]) for at in (0, 2, 4))
    try:
        date(2000 + year, month, day)  # 2000 is a leap year, so the 29th of February passes
    except ValueError:
        return False
    return True


def has_right_digit(tax_id: str) -> bool:
    """Whether the last character follows from the rest. A few ids of old registers do not: a person decides."""
    if not has_form(tax_id):
        return False
    body = tax_id[:-1].rjust(12)
    total = sum(ORDER.index(character) * (13 - place) for place, character in enumerate(body))
    rest = MODULUS - total % MODULUS
    return tax_id[-1] == {11: "0", 10: "A"}.get(rest, str(rest))
