"""`manage.py import_esco`: what it stores, that it can be run again, and what it says of bad files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moirai.skills.attribution import attributions
from moirai.skills.models import Occupation, OccupationGroup, OccupationPhrase, Skill, SkillAlias
from moirai.skills.tests import esco_files as files
from moirai.skills.tests.factories import OccupationGroupFactory, SkillFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


def run(path):
    out = StringIO()
    call_command("import_esco", str(path), stdout=out)
    return out.getvalue()


def everything():
    return [
        list(Skill.objects.order_by("pk").values()),
        list(SkillAlias.objects.order_by("pk").values()),
        list(Occupation.objects.order_by("pk").values()),
        list(OccupationPhrase.objects.order_by("pk").values()),
    ]


@pytest.mark.parametrize("as_zip", [False, True])
def test_it_loads_a_folder_or_a_zip(tmp_path, as_zip):
    OccupationGroupFactory(code="2512", name_es="Desarrolladores")

    out = run(
        files.write_zip(tmp_path / "e.zip", files.tables()) if as_zip else files.write(tmp_path / "e", files.tables())
    )

    maker = Occupation.objects.get(code="esco-o1")
    assert (maker.title_es, maker.title_en, maker.source) == ("creador de programas", "software maker", "esco")
    assert maker.description_en == "Makes it, in many lines."
    assert maker.group.name_es == "Desarrolladores", "the name that was there holds"
    assert set(maker.aliases.values_list("language", "text")) == {
        ("es", "creadora de programas"),
        ("es", "autora de código"),
        ("en", "code writer"),
        ("en", "maker of programs"),
    }
    assert set(maker.phrases.values_list("text_es", "text_en", "is_essential")) == {
        ("Swift (programación informática)", "Swift (computer programming)", True),
        ("cultivos hidropónicos", "hydroponic crops", False),
    }
    assert OccupationGroup.objects.get(code="7212").name_es == "Soldadores"
    assert not OccupationGroup.objects.filter(code="25").exists()
    assert "Occupations: 2 added, 0 changed, 0 removed, 2 now." in out
    assert "© Unión Europea, ESCO" in out


def test_an_occupation_without_spanish_is_kept_in_english(tmp_path):
    run(files.write(tmp_path / "e", files.tables()))

    welder = Occupation.objects.get(code="esco-o2")
    assert (welder.title_es, welder.title) == ("", "welder")
    [phrase] = welder.phrases.all()
    assert phrase.is_essential, "essential counts where a relation is there twice"


def test_only_telling_names_become_skills(tmp_path):
    out = run(files.write(tmp_path / "e", files.tables()))

    assert set(SkillAlias.objects.values_list("language", "text", "is_ambiguous")) == {
        ("es", "cultivos hidropónicos", False),
        ("es", "hidroponía de huerto", False),
        ("en", "hydroponic crops", False),
        ("en", "join metal parts carefully", False),
        ("es", "unir piezas de metal", False),
        ("en", "Swift", True),
        ("es", "Swift", True),
        ("es", "geología", False),
        ("en", "geology", False),
    }
    assert Skill.objects.get(code="esco-s2").kind == Skill.Kind.ABILITY
    assert "names too general, or too long, to read texts by: 4 (" in out


def test_running_again_changes_nothing(tmp_path):
    folder = files.write(tmp_path / "e", files.tables())
    run(folder)
    before = everything()

    out = run(folder)

    assert everything() == before
    assert "Skills: 0 added, 0 changed, 0 removed" in out


def test_changed_labels_change_rows_and_vanished_ones_go(tmp_path):
    run(files.write(tmp_path / "e", files.tables()))
    kept = Occupation.objects.get(code="esco-o1").pk
    newer = files.tables()
    newer["occupations_en.csv"] = [files.occupation("o1", "2512", "software author")]
    newer["occupationSkillRelations_en.csv"] = [files.relation("o1", "optional", "s4")]
    newer["skills_en.csv"], newer["skills_es.csv"] = newer["skills_en.csv"][3:], newer["skills_es.csv"][3:]

    out = run(files.write(tmp_path / "e", newer))

    occupation = Occupation.objects.get(source="esco")
    assert (occupation.pk, occupation.title_en) == (kept, "software author")
    assert [phrase.is_essential for phrase in occupation.phrases.all()] == [False]
    assert set(Skill.objects.values_list("code", flat=True)) == {"esco-s4", "esco-s6"}
    assert "Occupations: 0 added, 1 changed, 1 removed, 1 now." in out
    assert "Skills: 0 added, 0 changed, 2 removed, 2 now." in out


def test_a_vanished_skill_that_a_student_has_stays_and_is_counted(tmp_path):
    run(files.write(tmp_path / "e", files.tables()))
    student = StudentFactory()
    student.skills.create(skill=Skill.objects.get(code="esco-s1"))
    newer = files.tables()
    newer["skills_en.csv"], newer["skills_es.csv"] = newer["skills_en.csv"][1:], newer["skills_es.csv"][1:]

    out = run(files.write(tmp_path / "e", newer))

    assert student.skills.get().skill.code == "esco-s1"
    assert "kept because they are used: 1" in out


def test_what_seed_and_staff_named_stays_theirs(tmp_path):
    geology = SkillFactory(code="geology", name_es="Geología", name_en="Geology")
    crops = SkillFactory(code="crops", name_es="Cultivos", name_en="hydroponic crops")
    SkillAlias.objects.create(
        skill=crops, language="es", text="unir piezas de metal", folded="unir piezas de metal", source="staff"
    )

    out = run(files.write(tmp_path / "e", files.tables()))

    assert set(geology.aliases.values_list("source", flat=True)) == {"seed"}
    assert SkillAlias.objects.get(folded="unir piezas de metal").skill == crops
    assert not Skill.objects.filter(code__in=["esco-s6", "esco-s1"]).exists(), "they are there under other codes"
    assert SkillAlias.objects.get(folded="hidroponia de huerto").skill == crops, "its other names help the seed's skill"
    assert "names that the seed or staff gave a meaning" in out


def test_staffs_alias_on_a_skill_of_esco_survives_the_next_import(tmp_path):
    folder = files.write(tmp_path / "e", files.tables())
    run(folder)
    crops = Skill.objects.get(code="esco-s1")
    crops.aliases.create(language="es", text="hidroponía", folded="hidroponia", source="staff")
    newer = files.tables()
    newer["skills_en.csv"], newer["skills_es.csv"] = newer["skills_en.csv"][1:], newer["skills_es.csv"][1:]

    run(folder)
    run(files.write(tmp_path / "f", newer))

    assert crops.aliases.filter(source="staff").exists()


def test_rows_that_staff_changed_are_left_alone(tmp_path):
    folder = files.write(tmp_path / "e", files.tables())
    run(folder)
    Occupation.objects.filter(code="esco-o1").update(title_en="programmer", source="staff")
    Skill.objects.filter(code="esco-s6").update(name_en="Rocks", source="staff")

    run(folder)

    assert Occupation.objects.get(code="esco-o1").title_en == "programmer"
    assert Skill.objects.get(code="esco-s6").name_en == "Rocks"


def test_relations_to_nothing_are_counted(tmp_path):
    tables = files.tables()
    tables["occupationSkillRelations_en.csv"].append(files.relation("o1", "essential", "s99"))

    out = run(files.write(tmp_path / "e", tables))

    assert "relations to an skill that is not there: 1 (occupationSkillRelations_en.csv, line 6)" in out


def test_attribution_is_said_once_there_are_rows(tmp_path):
    assert attributions() == []
    run(files.write(tmp_path / "e", files.tables()))
    assert [line for line in attributions() if "ESCO" in line] == attributions() != []


def broken(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("skills_es.csv", None, "lacks skills_es.csv"),
        ("skills_es.csv", lambda d: b"", "skills_es.csv is empty"),
        ("skills_es.csv", lambda d: d.replace(b"reuseLevel", b"reuse", 1), "line 1: column reuseLevel missing"),
        ("skills_en.csv", lambda d: d + b'KSC,"x"y,z\r\n', "skills_en.csv, line 8: the file is broken"),
        ("skills_en.csv", lambda d: d + b'KSC,"x', "skills_en.csv, line 8: the file is broken"),
        (
            "skills_en.csv",
            lambda d: d + b"a,b\r\n",
            "line 8: 2 columns where the first line has 8",
        ),
        (
            "skills_es.csv",
            lambda d: d.decode().encode("latin-1"),
            "line 2: preferredLabel is not UTF-8",
        ),
        (
            "skills_es.csv",
            lambda d: d.replace(b"boquillas", b"boqu\x00llas"),
            "line 4: preferredLabel holds a NUL",
        ),
        (
            "occupationSkillRelations_en.csv",
            lambda d: d.replace(b"optional", b"maybe", 1),
            "line 3, column relationType",
        ),
        ("occupations_en.csv", lambda d: d.replace(b"/o2", b"/o1"), "was on line 2 already"),
    ],
)
def test_a_bad_file_is_named_by_place_and_nothing_is_stored(tmp_path, name, change, said):
    folder = files.write(tmp_path / "e", files.tables())
    if change is None:
        (folder / name).unlink()
    else:
        broken(folder, name, change)

    with pytest.raises(CommandError, match=r"Nothing was stored") as error:
        run(folder)

    assert said in str(error.value)
    assert not Occupation.objects.exists()
    assert not Skill.objects.exists()


def test_a_file_that_is_no_zip_or_not_there_is_said(tmp_path):
    (tmp_path / "e.zip").write_bytes(b"no zip")

    with pytest.raises(CommandError, match=r"neither a folder nor a \.zip"):
        run(tmp_path / "e.zip")
    with pytest.raises(CommandError, match="does not exist"):
        run(tmp_path / "nowhere")


def test_a_zip_that_ends_early_is_said(tmp_path):
    path = files.write_zip(tmp_path / "e.zip", files.tables())
    data = path.read_bytes()
    place = data.index(b"reuseLevel")
    path.write_bytes(data[:place] + b"xxxxxxxxxx" + data[place + 10 :])

    with pytest.raises(CommandError, match="Nothing was stored"):
        run(path)


def test_the_number_of_queries_does_not_grow_with_the_files(tmp_path, django_assert_max_num_queries):
    tables = files.tables()
    for number in range(300):
        tables["skills_en.csv"].append(skill := files.skill(f"x{number}", "knowledge", f"subject number {number}"))
        tables["skills_es.csv"].append(skill | {"preferredLabel": f"materia número {number}"})
        tables["occupationSkillRelations_en.csv"].append(files.relation("o1", "optional", f"x{number}"))
    folder = files.write(tmp_path / "e", tables)

    with django_assert_max_num_queries(60):
        run(folder)
