"""The shipped taxonomy: its files are sound, and loading them leaves what others wrote."""

import copy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moirai.skills import seed
from moirai.skills.checker import problems
from moirai.skills.isco import UNIT_GROUPS
from moirai.skills.models import Occupation, OccupationPhrase, Skill, SkillAlias, SkillRelation
from moirai.skills.seed import Seed
from moirai.skills.tests.factories import SkillFactory
from moirai.skills.vocabulary import extractor

SKILLS = [
    {"id": "python", "kind": "tool", "es": "Python", "en": "Python", "near": ["ruby"], "file": "a.toml"},
    {"id": "ruby", "kind": "tool", "es": "Ruby", "en": "Ruby", "ambiguous": ["ruby"], "file": "a.toml"},
    {"id": "english", "kind": "language", "es": "Inglés", "en": "English", "file": "a.toml"},
    {
        "id": "english-advanced",
        "kind": "language",
        "es": "Inglés avanzado",
        "en": "Advanced English",
        "es_aliases": ["inglés fluido"],
        "implies": "english",
        "file": "a.toml",
    },
]
OCCUPATION = {
    "id": "welder",
    "isco": "7212",
    "es": "soldador",
    "en": "welder",
    "es_aliases": ["a", "b", "c"],
    "en_aliases": ["d", "e", "f"],
    "essential": [[f"frase {n}", f"phrase {n}"] for n in range(8)],
    "file": "b.toml",
}
GROUP = {"isco": "7212", "es": "Soldadores", "en": "Welders", "file": "b.toml"}


def small():
    return copy.deepcopy(Seed(skills=SKILLS, groups=[GROUP], occupations=[OCCUPATION]))


def found(taxonomy):
    return list(problems(taxonomy, frozenset({"7212"})))


def test_the_shipped_files_have_no_problems():
    shipped = Seed.read()

    assert list(problems(shipped, UNIT_GROUPS)) == []
    assert len(UNIT_GROUPS) == 436
    assert len(shipped.skills) >= 1500


def test_a_sound_taxonomy_has_no_problems():
    assert found(small()) == []


def plant(rows, index, **values):
    def change(taxonomy):
        getattr(taxonomy, rows)[index].update(values)

    return change


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda t: t.skills.append(dict(SKILLS[0])), "skill python is there 2 times"),
        (plant("skills", 0, kind="thing"), "unknown kind 'thing'"),
        (plant("skills", 0, en=""), "skill python has no name in 'en'"),
        (plant("skills", 0, es_aliases=["rúby"]), "skill ruby: 'Ruby' (es) belongs to python already"),
        (plant("skills", 2, es_aliases=["PYTHON"]), "'PYTHON' (es) belongs to python already"),
        (plant("skills", 0, es_aliases=["Pitón", "piton"]), "the alias 'piton' (es) is there 2 times"),
        (plant("skills", 0, es_aliases=["dos  blancos"]), "stray blanks"),
        (plant("skills", 0, es_aliases=["x" * 81]), "too long"),
        (plant("skills", 0, es_aliases=["py"]), "too short to be sure of"),
        (plant("skills", 0, ambiguous=["boa"]), "the ambiguous 'boa' is none of its names"),
        (plant("skills", 0, near=["perl"]), "is near 'perl', which does not exist"),
        (plant("skills", 0, near=["python"]), "is near itself"),
        (plant("skills", 0, near=["ruby", "ruby"]), "is near 'ruby' twice"),
        (plant("skills", 0, implies="perl"), "implies 'perl', which does not exist"),
        (plant("skills", 2, implies="english-advanced"), "english implies itself by way of others"),
        (plant("groups", 0, isco="7299"), "7299 is no unit group"),
        (plant("groups", 0, en=""), "group 7212 lacks a language"),
        (lambda t: t.groups.append(dict(GROUP)), "group 7212 is there 2 times"),
        (lambda t: t.groups.clear(), "names the group '7212', which does not exist"),
        (lambda t: t.occupations.clear(), "unit group 7212 has no occupation"),
        (lambda t: t.occupations.append(dict(OCCUPATION)), "occupation welder is there 2 times"),
        (plant("occupations", 0, essential=[["a", "b"]] * 3), "3 essential phrases, fewer than 8"),
        (plant("occupations", 0, optional=[["solo", ""]]), "lacks a language"),
        (plant("occupations", 0, en=""), "occupation welder has no title in 'en'"),
        (plant("occupations", 0, es_aliases=["a", "b"]), "fewer than 3 aliases in 'es'"),
        (plant("occupations", 0, es_aliases=["a", "b", "c", "Á"]), "or one twice"),
    ],
)
def test_a_planted_fault_is_named(fault, said):
    taxonomy = small()
    fault(taxonomy)

    assert any(said in line for line in found(taxonomy)), found(taxonomy)


def test_the_command_fails_with_the_number_of_problems(monkeypatch):
    monkeypatch.setattr(Seed, "read", classmethod(lambda cls: small()))
    err = StringIO()

    with pytest.raises(CommandError, match="problems in the taxonomy"):
        call_command("check_taxonomy", stderr=err)

    assert "ISCO-08 unit group 2512 has no occupation." in err.getvalue()


@pytest.mark.parametrize(
    ("text", "said"), [("[[skill]]\nid = ", "x.toml"), ('[[skill]]\nes = "a"', "a skill has no id")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, text, said):
    (tmp_path / "skills").mkdir()
    (tmp_path / "skills" / "x.toml").write_text(text)

    with pytest.raises(ValueError, match=said):
        Seed.read(tmp_path)


def rows():
    models = (Skill, SkillAlias, SkillRelation, Occupation, OccupationPhrase)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    seed.load(small())
    before = rows()

    seed.load(small())

    assert rows() == before


@pytest.mark.django_db
def test_the_whole_shipped_taxonomy_loads_and_the_second_time_writes_nothing(django_assert_max_num_queries):
    call_command("load_taxonomy", stdout=StringIO())
    assert Skill.objects.count() == len(Seed.read().skills)
    before = SkillAlias.objects.count(), SkillAlias.objects.order_by("-updated_at").first()

    with django_assert_max_num_queries(40):
        call_command("load_taxonomy", stdout=StringIO())

    assert (SkillAlias.objects.count(), SkillAlias.objects.order_by("-updated_at").first()) == before
    advanced = Skill.objects.get(code="english-advanced")
    assert advanced.implies == Skill.objects.get(code="english")
    mentions = extractor().find("Requisito: inglés avanzado, NOM-035, RPBI, COFEPRIS y ESG")
    codes = dict(Skill.objects.values_list("pk", "code"))
    expected = ["english-advanced", "nom-035", "rpbi", "regulatory-affairs", "esg"]
    assert [codes[mention.skill] for mention in mentions] == expected


@pytest.mark.django_db
def test_what_changed_in_the_files_changes_in_place_and_what_vanished_goes():
    taxonomy = small()
    seed.load(taxonomy)
    python = Skill.objects.get(code="python").pk
    taxonomy.skills[0] |= {"en": "Python language", "near": []}
    taxonomy.skills[3]["es_aliases"] = []
    taxonomy.occupations[0]["essential"] = OCCUPATION["essential"][1:]
    del taxonomy.skills[1]

    seed.load(taxonomy)

    assert Skill.objects.get(code="python").pk == python
    assert set(SkillAlias.objects.filter(skill=python).values_list("text", flat=True)) == {"Python", "Python language"}
    assert not SkillAlias.objects.filter(folded="ingles fluido").exists()
    assert not Skill.objects.filter(code="ruby").exists()
    assert not SkillRelation.objects.exists()
    assert OccupationPhrase.objects.count() == 7


@pytest.mark.django_db
def test_an_ambiguous_name_is_stored_as_the_files_spell_it():
    seed.load(small())

    assert set(SkillAlias.objects.filter(skill__code="ruby").values_list("text", "is_ambiguous")) == {("ruby", True)}


@pytest.mark.django_db
def test_staffs_alias_survives_and_keeps_its_meaning():
    mine = SkillFactory(code="snakes", name_es="Serpientes", name_en="Snakes")
    alias = SkillAlias.objects.create(skill=mine, language="es", text="Python", folded="python", source="staff")

    seed.load(small())
    seed.load(small())

    alias.refresh_from_db()
    assert (alias.skill, alias.source) == (mine, "staff")
    assert SkillAlias.objects.get(language="en", folded="python").skill.code == "python"


@pytest.mark.django_db
def test_a_name_that_an_importer_took_goes_to_the_seed():
    other = SkillFactory(code="esco-1", name_es="otra", name_en="other")
    SkillAlias.objects.create(skill=other, language="es", text="python", folded="python", source="esco")

    seed.load(small())

    assert SkillAlias.objects.get(language="es", folded="python").skill.code == "python"


@pytest.mark.django_db
def test_rows_that_staff_changed_are_left_alone():
    seed.load(small())
    Skill.objects.filter(code="python").update(name_en="Snake", source="staff")
    Occupation.objects.filter(code="welder").update(title_en="joiner", source="staff")

    seed.load(small())

    assert Skill.objects.get(code="python").name_en == "Snake"
    assert Occupation.objects.get(code="welder").title_en == "joiner"
