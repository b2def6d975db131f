"""Skills in texts: the traps that simple matching falls into."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moirai.skills import extract
from moirai.skills.extract import SENTENCE_LIMIT, Extractor, Term, forms, parted
from moirai.skills.text import fold

NAMES = {
    "cpp": [("C++", "en", False)],
    "csharp": [("C#", "en", False)],
    "dotnet": [(".NET", "en", False)],
    "c": [("C", "en", True)],
    "r": [("R", "en", True)],
    "go": [("Go", "en", True)],
    "python": [("Python", "en", False)],
    "accounting": [("contabilidad", "es", False)],
    "form": [("form", "en", False), ("forms", "en", False)],
    "welding": [("soldadura", "es", False)],
    "network": [("red de datos", "es", False)],
    "drawing": [("dibujo", "es", True)],
    "ml": [("machine learning", "en", False)],
    "sql": [("SQL", "en", False)],
    "sql-server": [("SQL Server", "en", False)],
    "english": [("inglés", "es", False)],
    "english-advanced": [("inglés avanzado", "es", False)],
    "cicd": [("CI/CD", "en", False)],
    "node": [("Node.js", "en", False)],
    "photo": [("pez", "es", False), ("luz", "es", False)],
    "library": [("library", "en", False)],
}
CODES = list(NAMES)
TERMS = [
    Term(CODES.index(code), text, language, ambiguous)
    for code, names in NAMES.items()
    for text, language, ambiguous in names
]
EXTRACTOR = Extractor(TERMS, implied={CODES.index("english-advanced"): CODES.index("english")})


def found(text):
    return [(CODES[mention.skill], text[mention.start : mention.end]) for mention in EXTRACTOR.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C++,C#,.NET", [("cpp", "C++"), ("csharp", "C#"), ("dotnet", ".NET")]),
        (
            "C++/C#/.NET;Python|SQL",
            [("cpp", "C++"), ("csharp", "C#"), ("dotnet", ".NET"), ("python", "Python"), ("sql", "SQL")],
        ),
        ("(Python).", [("python", "Python")]),
        ("•Python•SQL", [("python", "Python"), ("sql", "SQL")]),
        ("“Python”", [("python", "Python")]),
        ("Python-SQL", [("python", "Python"), ("sql", "SQL")]),
        ("Integración CI/CD en Node.js.", [("cicd", "CI/CD"), ("node", "Node.js")]),
        ("PYTHON, python", [("python", "PYTHON"), ("python", "python")]),
        ("Experiencia\u00a0en\u00a0Python", [("python", "Python")]),
        ("machine\nlearning", [("ml", "machine\nlearning")]),
    ],
)
def test_signs_that_people_glue_together_part_the_names(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "platform and performance",
        "information",
        "the Pythonic way",
        "CPython",
        "MySQLite",
        "Gorilla",
        "contabilidades2",
    ],
)
def test_a_name_inside_a_longer_word_is_not_the_name(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["I go to work", "Go to the office", "Mr. R. Smith", "Plan C", "vitamina C", "R & D department", "Ready, set, Go!"],
)
def test_an_ordinary_word_without_a_context_is_no_skill(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python, R, SQL", [("python", "Python"), ("r", "R"), ("sql", "SQL")]),
        ("Lenguajes: Go", [("go", "Go")]),
        ("programming in C", [("c", "C")]),
        ("I go to Python meetings", [("python", "Python")]),
        ("Python\nGo", [("python", "Python")]),
        ("Dibujo con software", [("drawing", "Dibujo")]),
        ("DIBUJO con software", [("drawing", "DIBUJO")]),
    ],
)
def test_an_ordinary_word_counts_beside_a_surer_skill_or_a_cue_on_its_line(text, expected):
    assert found(text) == expected


def test_c_does_not_fire_inside_c_sharp_or_c_plus_plus():
    assert found("software: C# y C++") == [("csharp", "C#"), ("cpp", "C++")]


def test_the_longest_name_wins_where_names_overlap():
    assert found("SQL Server y SQL") == [("sql-server", "SQL Server"), ("sql", "SQL")]
    assert found("inglés avanzado") == [("english-advanced", "inglés avanzado")]


def test_a_text_of_a_person_that_shows_advanced_english_shows_english_on_the_same_words():
    mentions = EXTRACTOR.with_implied(EXTRACTOR.find("Tengo inglés avanzado."))

    assert [(CODES[m.skill], m.start, m.end) for m in mentions] == [("english-advanced", 6, 21), ("english", 6, 21)]


def test_skills_that_imply_each_other_end():
    circle = Extractor([Term(0, "uno", "es", False)], implied={0: 1, 1: 0})

    assert [mention.skill for mention in circle.with_implied(circle.find("uno"))] == [0, 1]


def test_accents_and_capitals_do_not_matter():
    assert found("INGLES, inglés, Inglès") == [("english", "INGLES"), ("english", "inglés"), ("english", "Inglès")]


def test_simple_plurals_in_both_languages_are_found():
    assert found("redes de datos") == [("network", "redes de datos")]
    assert found("soldaduras") == [("welding", "soldaduras")]
    assert found("peces y luces") == [("photo", "peces"), ("photo", "luces")]
    assert found("two libraries") == [("library", "libraries")]
    assert "analysi" not in forms("analysis", "en")


@pytest.mark.parametrize("text", ["", " ", "\n\f\n", "\x00", "\x00Python\x00"[:1], "🙂" * 50, "\ud800"])
def test_texts_without_words_hold_no_skills(text):
    assert found(text) == []


def test_a_nul_beside_a_name_moves_no_offset():
    text = "\x00 Python \x00 SQL"

    assert found(text) == [("python", "Python"), ("sql", "SQL")]


def test_the_sentence_is_the_one_around_the_words():
    text = "Estudié en Puebla. Llevé la contabilidad de dos tiendas. Me gusta leer."
    [mention] = EXTRACTOR.find(text)

    assert text[mention.sentence_start : mention.sentence_end] == "Llevé la contabilidad de dos tiendas."


def test_a_bullet_is_a_sentence_without_its_sign():
    text = "Funciones\n• Contabilidad general\n• Ventas"
    [mention] = EXTRACTOR.find(text)

    assert text[mention.sentence_start : mention.sentence_end] == "Contabilidad general"


def test_a_long_sentence_is_cut_around_the_words():
    text = "palabra " * 400 + "contabilidad " + "palabra " * 400
    [mention] = EXTRACTOR.find(text)

    assert mention.sentence_end - mention.sentence_start <= SENTENCE_LIMIT
    assert mention.sentence_start <= mention.start < mention.end <= mention.sentence_end
    assert text[mention.sentence_start - 1] == " "


def test_a_text_of_two_hundred_pages_is_read_in_seconds():
    page = "Llevé la contabilidad con SQL Server, Python y redes de datos; hablo inglés avanzado.\n" * 35
    text = "\f".join([page] * 200)
    EXTRACTOR.find("warm")

    began = time.perf_counter()
    mentions = EXTRACTOR.find(text)

    assert len(mentions) == 200 * 35 * 5, "accounting, SQL Server, Python, network, advanced English"
    assert time.perf_counter() - began < 60


WORDS = [name for names in NAMES.values() for name, _, _ in names] + ["y", "de", "platform", "ñandú", "İstanbul", "ﬁ"]
SIGNS = [
    " ",
    ", ",
    ",",
    ";",
    "/",
    "|",
    "(",
    ")",
    "\n",
    "\f",
    "\t",
    ". ",
    ".",
    "•",
    "-",
    "–",
    "“",
    "”",
    "\u00a0",
    "",
    "'",
    "\x00",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)), max_size=12))
def test_offsets_point_at_a_form_of_the_name_whatever_stands_around_it(pieces):
    text = "".join(word + sign for word, sign in pieces)
    accepted = {}
    for term in TERMS:
        for form in forms(fold(term.text), term.language, is_name=term.is_ambiguous):
            accepted.setdefault(term.skill, set()).add("".join(parted(form)[0].split()))

    last = 0
    for mention in EXTRACTOR.find(text):
        words = "".join(parted(fold(text[mention.start : mention.end]))[0].split())
        assert words in accepted[mention.skill]
        assert mention.start >= last
        assert 0 <= mention.sentence_start <= mention.start < mention.end <= mention.sentence_end <= len(text)
        last = mention.start


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_folding_and_parting_keep_every_place(text):
    assert len(fold(text)) == len(text)
    padded, places = parted(fold(text))
    assert len(padded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)
    EXTRACTOR.find(text)


def test_a_name_runs_across_a_wrapped_line_but_not_from_a_heading_into_the_next_line():
    extractor = Extractor([Term(1, "bases de datos", "es", False), Term(2, "idiomas inglés", "es", False)])
    wrapped, listed = "Diseñé bases de\ndatos relacionales", "Idiomas\nInglés avanzado"
    assert [wrapped[m.start : m.end] for m in extractor.find(wrapped)] == ["bases de\ndatos"]
    assert extractor.find(listed) == []


def test_threads_that_ask_first_at_once_find_the_same(monkeypatch):
    monkeypatch.setattr(extract, "tokeniser", extract.tokeniser.__wrapped__)  # each call makes another, as in a race
    finder = Extractor([Term(1, "python", "", False)])
    assert [mention.skill for mention in finder.find("Programé en python.")] == [1]
    assert [mention.skill for mention in finder.find("Otra vez python.")] == [1]
