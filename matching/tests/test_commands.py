"""The commands that people, ops and benchmarks use."""

from __future__ import annotations

import gzip

import pytest
import time_machine
from django.core.management import CommandError, call_command

from conftest import NOW
from jobs.tests.factories import JobFactory
from matching import encoded, ranking
from matching.models import FittedModel, Match
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pair(model):
    student = CVFactory(student__external_id="s1", student__skills=["python"]).student
    return student, JobFactory(external_id="j1", skills=["python"])


def test_fitting_without_a_taxonomy_says_what_to_do(db):
    with pytest.raises(CommandError, match="load_taxonomy"):
        call_command("fit_matching")


def test_rescoring_everything_fits_first_and_stores(taxonomy, capsys):
    encoded.forget()
    student, _job = CVFactory().student, JobFactory()
    call_command("rescore", "--all", "--wait")
    assert FittedModel.objects.get().is_serving
    assert student.matches.count() == 1
    assert "1 pairs scored, 1 matches stored" in capsys.readouterr().out
    encoded.forget()


@pytest.mark.parametrize("option", ["--student=s1", "--job=j1"])
def test_rescoring_one_stores_its_matches(pair, option):
    call_command("rescore", option, "--wait")
    assert Match.objects.count() == 1


def test_rescoring_somebody_unknown_says_who(pair):
    with pytest.raises(CommandError, match="'nobody'"):
        call_command("rescore", "--student=nobody", "--wait")


def test_exported_lines_are_the_stored_matches(pair, tmp_path):
    ranking.refresh_student(student=pair[0], now=NOW)
    call_command("export_matches", str(tmp_path / "out.tsv"))
    score = Match.objects.get().score
    assert (tmp_path / "out.tsv").read_text() == f"s1\tj1\t{score / 100:.2f}\n"


def test_given_pairs_are_scored_as_the_stored_ones_in_the_order_given(pair, tmp_path):
    student, job = pair
    JobFactory(external_id="j2")
    ranking.refresh_student(student=student, now=NOW)
    with gzip.open(tmp_path / "pairs.tsv.gz", "wt") as file:
        file.write("s1\tj2\t0\ns1\tj1\t1\n")
    call_command("export_matches", "--pairs", str(tmp_path / "pairs.tsv.gz"), str(tmp_path / "out.tsv"))
    lines = [line.split("\t") for line in (tmp_path / "out.tsv").read_text().splitlines()]
    assert [line[:2] for line in lines] == [["s1", "j2"], ["s1", "j1"]]
    assert float(lines[1][2]) == student.matches.get(job=job).score / 100


@pytest.mark.parametrize(
    ("text", "message"), [("s1\n", "line 1: expected"), ("s1\tj1\ns1\tnone\n", "line 2: there is no job 'none'")]
)
def test_a_bad_line_is_named_and_nothing_is_written(pair, tmp_path, text, message):
    (tmp_path / "pairs.tsv").write_text(text)
    with pytest.raises(CommandError, match=message):
        call_command("export_matches", "--pairs", str(tmp_path / "pairs.tsv"), str(tmp_path / "out.tsv"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("out")] == []


@pytest.mark.parametrize("top", ["0", "-3"])
def test_top_must_be_at_least_one(pair, tmp_path, top):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("export_matches", f"--top={top}", str(tmp_path / "out.tsv"))
