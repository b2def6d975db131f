"""Each rule finds what it is for and lets pass what comes near; offsets point at the words."""

import tomllib
from pathlib import Path

import pytest

from jobs.lint import RULES, Facts, Severity, lint
from jobs.lint.rules import FOLDER
from moirai.skills.text import fold

CASES = tomllib.loads((Path(__file__).parent / "lint_cases.toml").read_text("utf-8"))
HITS = [(rule, text) for rule, case in CASES.items() for text in case["hits"]]
MISSES = [(rule, text) for rule, case in CASES.items() for text in case["misses"]]
GOOD = {
    "title": "Analista de datos jr.",
    "description": "Harás tableros con SQL y Python para el equipo de planeación, revisarás la calidad de los datos "
    "con quien los captura y presentarás los resultados cada mes.\nHorario de lunes a viernes de 9 a 15 horas, con un "
    "día a distancia. Capacitación pagada desde el primer día. Vacante abierta a todas las personas, sin distinción de "
    "edad, sexo, religión, estado civil, embarazo o discapacidad.",
    "requirements": "Python\nSQL\nInglés B1 para leer documentación",
    "preferences": "dbt",
}
FAIR = {"kind": "internship", "modality": "hybrid", "city": "Puebla", "hours_per_week": 25, "term_months": 6}
FAIR |= {"pay_from": 6000, "pay_to": 7000}


def found(rule, text):
    """The findings of one rule in a text by itself."""
    case = CASES[rule]
    facts = Facts(kind=case.get("kind", "full_time"))
    said = {"title": text, "description": ""} if case.get("title") else {"title": "", "description": text}
    return [finding for finding in lint(**said, facts=facts) if finding.rule.id == rule]


@pytest.mark.parametrize(("rule", "text"), HITS)
def test_a_rule_finds_what_it_is_for(rule, text):
    whole = text + "\n\n\n\n" if CASES[rule].get("title") else "\n\n" + text
    (finding, *_) = found(rule, text)
    words = whole[finding.start : finding.end]
    assert words
    assert words == words.strip()
    assert fold(words) in fold(text)


@pytest.mark.parametrize(("rule", "text"), MISSES)
def test_what_comes_near_passes(rule, text):
    assert found(rule, text) == []


def test_there_are_enough_rules_and_each_one_is_tested():
    assert len(RULES) >= 60
    worded = {rule.id for rule in RULES.values() if rule.pattern is not None}
    assert worded == CASES.keys()
    for case in CASES.values():
        assert case["hits"]
        assert case["misses"]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_rule_says_its_law_and_what_to_write_in_both_languages(rule):
    assert rule.laws
    for words in (rule.names, rule.insteads, *rule.laws):
        assert words.keys() == {"es", "en"}
        assert all(words.values())


def test_every_law_is_the_ground_of_some_rule():
    laws = tomllib.loads((FOLDER / "laws.toml").read_text("utf-8"))
    named = [law for rule in RULES.values() for law in rule.laws]
    assert [name for name, law in laws.items() if law not in named] == []


def ids(facts=None, **changed):
    said = GOOD | changed
    return {finding.rule.id for finding in lint(**said, facts=Facts(**FAIR | (facts or {})))}


def test_a_good_posting_has_no_finding():
    assert ids() == set()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [({"pay_from": None, "pay_to": None}, "no_pay"), ({"city": " "}, "no_place"), ({"term_months": None}, "no_term"),
     ({"hours_per_week": None}, "no_term"), ({"hours_per_week": 35}, "student_hours"),
     ({"hours_per_week": 50}, "hours_field"), ({"repeats": "Otra"}, "duplicate"),
     ({"kind": "social_service", "term_months": 3}, "service_terms"),
     ({"kind": "social_service", "hours_per_week": 10, "term_months": 8}, "service_terms"),
     ({"kind": "full_time", "pay_to": 5000, "hours_per_week": 48}, "below_minimum"),
     ({"kind": "full_time", "pay_from": 20, "pay_to": 30, "pay_period": "hour"}, "below_minimum"),
     ({"pay_from": None, "pay_to": None, "hours_per_week": 30}, "unpaid_long_internship")],
)  # fmt: skip
def test_a_field_breaks_its_rule(facts, rule):
    assert rule in ids(facts)


@pytest.mark.parametrize(
    "facts",
    [{"kind": "social_service", "pay_from": None, "pay_to": None, "hours_per_week": 20, "term_months": 6},
     {"modality": "remote", "city": ""}, {"hours_per_week": 30},
     {"kind": "full_time", "pay_from": 12000, "pay_to": 15000, "hours_per_week": 48, "term_months": None},
     {"kind": "full_time", "pay_from": 60, "pay_to": 80, "pay_period": "hour", "hours_per_week": 40},
     {"kind": "first_job", "pay_from": 6000, "pay_to": 7000, "hours_per_week": 20}],
)  # fmt: skip
def test_a_field_within_the_law_passes(facts):
    assert ids(facts) == set()


def test_the_shape_of_the_text_is_judged():
    assert ids(description="Harás tableros.", requirements="") == {"too_short"}
    assert ids(requirements="\n".join(f"Requisito {n}" for n in range(13))) == {"too_many_requirements"}
    shout = GOOD["description"] + " GRAN OPORTUNIDAD LABORAL PARA ESTUDIANTES"
    assert ids(description=shout) == {"capitals"}
    assert ids(description=GOOD["description"] + " Usarás SQL, HTML, CSS, AWS, SAP, GCP y ETL.") == set()
    assert "no_duties" in ids(description="Somos una empresa de Puebla con gente amable. " * 8)


def test_amounts_in_the_text_count_as_pay():
    assert ids({"pay_from": None, "pay_to": None}, description=GOOD["description"] + " Apoyo de $4,000.") == set()


def test_findings_come_gravest_first_and_offsets_hold_under_accents():
    text = "Buena presentación, ¡¡urgente!! Ñandú. Sólo mujeres; sueldo atractivo."
    findings = lint(title="Recepción", description=text)
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, reverse=True)
    assert severities[0] == Severity.BLOCKS
    whole = f"Recepción\n\n{text}\n\n\n\n"
    words = {finding.rule.id: whole[finding.start : finding.end] for finding in findings if finding.end}
    assert words["sex_asked"] == "Sólo mujeres"
    assert words["appearance"] == "Buena presentación"
    assert words["vague_pay"] == "sueldo atractivo"


def test_a_text_of_the_greatest_length_is_judged_in_time():
    import time

    text = ("solo mujeres de 20 a 30 años enviar ine por whatsapp buena presentación " * 500)[:20_000]
    start = time.process_time()
    assert lint(title="x", description=text, requirements=text[:5000], preferences=text[:5000])
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "a" * 20_000, "$" * 20_000, "1 " * 10_000, "\n" * 20_000, "(" * 5000]
)
def test_no_text_breaks_it(text):
    assert isinstance(lint(title=text[:200], description=text), list)
