"""`manage.py import_onet`: placing, storing, running again, bad files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moirai.skills.attribution import attributions
from moirai.skills.models import Occupation, Skill, SkillAlias
from moirai.skills.tests.factories import OccupationFactory, OccupationGroupFactory, SkillFactory

pytestmark = pytest.mark.django_db

DATA = {
    "Occupation Data.txt": [
        "O*NET-SOC Code\tTitle\tDescription",
        '15-1252.00\tSoftware Developers\tMake "good" software.',
        "51-4121.00\tMetal Joiners\tJoin metal.",
        "29-1141.00\tRegistered Nurses of the Ward\tCare.",
        "27-2099.00\tStrange Entertainers\tEntertain.",
    ],
    "Alternate Titles.txt": [
        "O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)",
        "15-1252.00\tProgrammer\tn/a\t1",
        "51-4121.00\tWelder\tn/a\t1",
        "51-4121.00\tArc Welder\tn/a\t1",
    ],
    "Task Statements.txt": [
        "O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source",
        "15-1252.00\t1\tWrite programs.\tCore\t1\t1\t1",
        "15-1252.00\t2\tTalk about programs.\tSupplemental\t1\t1\t1",
        "99-9999.00\t3\tNobody's task.\tCore\t1\t1\t1",
    ],
    "Technology Skills.txt": [
        "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand",
        "15-1252.00\tAcme Compiler\t1\tCompilers\tN\tN",
        "15-1252.00\tWeb browser software\t1\tBrowsers\tN\tN",
        "15-1252.00\tPython\t1\tLanguages\tY\tY",
        "15-1252.00\tBallerina\t1\tLanguages\tN\tN",
        "51-4121.00\tAcme Compiler\t1\tCompilers\tN\tN",
    ],
}


@pytest.fixture
def world():
    nurses, welders = OccupationGroupFactory(code="2221"), OccupationGroupFactory(code="7212")
    OccupationFactory(code="developer", title_en="software developer")
    welder = OccupationFactory(code="welder", title_en="welder", group=welders)
    welder.aliases.create(language="en", text="arc welder")
    OccupationFactory(code="nurse", title_en="registered nurse", group=nurses)
    SkillFactory(code="python", name_es="Python", name_en="Python")


def write(folder, data=DATA):
    folder.mkdir(exist_ok=True)
    for name, lines in data.items():
        (folder / name).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return folder


def run(path):
    out = StringIO()
    call_command("import_onet", str(path), stdout=out)
    return out.getvalue()


def test_occupations_are_placed_by_title_by_other_titles_or_by_likeness(world, tmp_path):
    out = run(write(tmp_path / "o"))

    placed = dict(Occupation.objects.filter(source="onet").values_list("code", "group__code"))
    assert placed == {"onet-15-1252.00": "2512", "onet-51-4121.00": "7212", "onet-29-1141.00": "2221"}
    assert "occupations like no other in the database: 1 (27-2099.00 Strange Entertainers)" in out
    assert "rows of an occupation that is not there: 1 (Task Statements.txt, line 4)" in out
    assert "CC BY 4.0" in out
    assert ["O*NET" in line for line in attributions()] == [True]


def test_tasks_and_technology_become_phrases_and_titles_aliases(world, tmp_path):
    run(write(tmp_path / "o"))

    developer = Occupation.objects.get(code="onet-15-1252.00")
    assert (developer.title_es, developer.description_en) == ("", 'Make "good" software.')
    assert list(developer.aliases.values_list("language", "text")) == [("en", "Programmer")]
    phrases = dict(developer.phrases.values_list("text_en", "is_essential"))
    assert phrases["Write programs"] is True
    assert phrases["Talk about programs"] is False
    assert phrases["Python"] is False


def test_technology_becomes_tools_where_the_name_is_free_and_names_one_thing(world, tmp_path):
    run(write(tmp_path / "o"))

    tools = Skill.objects.filter(source="onet", kind=Skill.Kind.TOOL)
    assert set(tools.values_list("code", flat=True)) == {"onet-acme-compiler", "onet-ballerina"}
    assert SkillAlias.objects.filter(folded="python").exclude(skill__code="python").count() == 0
    assert set(SkillAlias.objects.filter(text="Ballerina").values_list("language", "is_ambiguous")) == {
        ("es", True),
        ("en", True),
    }


def test_running_again_changes_nothing(world, tmp_path):
    folder = write(tmp_path / "o")
    run(folder)
    before = [list(model.objects.order_by("pk").values()) for model in (Skill, SkillAlias, Occupation)]

    out = run(folder)

    assert [list(model.objects.order_by("pk").values()) for model in (Skill, SkillAlias, Occupation)] == before
    assert "Phrases: 0 added, 0 changed, 0 removed" in out


def test_what_vanished_goes(world, tmp_path):
    run(write(tmp_path / "o"))

    run(write(tmp_path / "o", DATA | {"Technology Skills.txt": DATA["Technology Skills.txt"][:1]}))

    assert not Skill.objects.filter(source="onet").exists()


def test_without_occupations_there_is_nothing_to_place_by(tmp_path):
    with pytest.raises(CommandError, match="load_taxonomy first"):
        run(write(tmp_path / "o"))


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("Task Statements.txt", ["O*NET-SOC Code\tStatement"], "columns Task, Task Type missing"),
        ("Occupation Data.txt", [DATA["Occupation Data.txt"][0], "2512\tX\tY"], "line 2, column O\\*NET-SOC Code"),
        ("Technology Skills.txt", [DATA["Technology Skills.txt"][0], "15-1252.00\tX"], "line 2: 2 columns where"),
    ],
)
def test_a_bad_file_is_named_by_place_and_nothing_is_stored(world, tmp_path, name, lines, said):
    with pytest.raises(CommandError, match=said):
        run(write(tmp_path / "o", DATA | {name: lines}))

    assert not Occupation.objects.filter(source="onet").exists()


def test_a_missing_file_is_named(world, tmp_path):
    folder = write(tmp_path / "o")
    (folder / "Alternate Titles.txt").unlink()

    with pytest.raises(CommandError, match=r"lacks Alternate Titles\.txt"):
        run(folder)
