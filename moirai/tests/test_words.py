"""What a language says, once its catalogues lie side by side."""

from __future__ import annotations

from django.utils.translation import trans_real


def test_every_word_is_said_as_the_chain_of_catalogues_says_it():
    flat, chain = trans_real.translation("es-mx"), trans_real.DjangoTranslation("es-mx")
    said = chain
    while said is not None:
        for key in dict(said._catalog.items()):
            if isinstance(key, str):
                assert flat.gettext(key) == chain.gettext(key)
            else:
                assert [flat.ngettext(key[0], key[0], n) for n in (0, 1, 2)] == [
                    chain.ngettext(key[0], key[0], n) for n in (0, 1, 2)
                ]
        said = said._fallback
    assert len(flat._catalog._catalogs[0]) == max(map(len, flat._catalog._catalogs))
