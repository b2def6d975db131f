"""Skills that every posting lists count for less, alike in the score, on the card and on the page."""

from __future__ import annotations

import pytest

from conftest import DAY, NOW
from jobs.tests.factories import JobFactory
from matching import cards, encoded, explain, modelstore, pair, ranking
from matching.models import Match
from matching.scoring.requirements import FEWEST_POSTINGS
from moirai.skills.tests.factories import SkillFactory
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_apart(model):
    """A model fitted on postings that all list Office and of which one lists Rust."""
    JobFactory.create_batch(FEWEST_POSTINGS, skills=["office"])
    job = JobFactory(skills=["office", "rust", "python"], preferred=["sql"])
    modelstore.fit(now=NOW + DAY)
    encoded.forget()
    return job


def test_a_rare_skill_is_worth_more_than_one_that_everybody_lists(told_apart):
    student = CVFactory(student__skills=["office", "rust"]).student

    rows = {row.skill.code: row for row in pair.explain_pair(student, told_apart, now=NOW).summary.rows}

    assert rows["rust"].points > 3 * rows["office"].points


def test_card_and_scorer_share_the_points_out_alike(told_apart):
    late = SkillFactory(code="zig")  # younger than the model: counts as rare
    job = JobFactory(skills=["office", "rust", late.code], preferred=["sql"])
    students = [
        CVFactory(student__skills=skills).student
        for skills in (["office", "rust"], ["rust", late.code, "sql"], ["office", "sql"], ["office"])
    ]
    for student in students:
        ranking.refresh_student(student=student, now=NOW)
        matches = list(Match.objects.filter(student=student, job__in=[job, told_apart]).select_related("job__company"))
        assert matches
        for match, card in zip(matches, cards.of_student(student, matches, now=NOW), strict=True):
            read = pair.read(student, match.job, now=NOW).explained()
            by_scorer = {row.skill: row for row in read.requirements}
            by_page = pair.explain_pair(student, match.job, now=NOW).summary.rows
            assert [(row.skill, row.points) for row in card.summary.rows] == [
                (row.skill, row.points) for row in by_page
            ]
            weights = explain.weights_of(pair.asked_of([match.job_id])[match.job_id], encoded_rarity(match))
            for row in card.summary.rows:
                exact = by_scorer[row.skill.pk]
                assert weights[row.skill.pk] == round(1000 * exact.weight)
                assert abs(100 * row.points - exact.points) < 200  # whole points, of a part that is whole itself
            assert sum(row.points for row in card.summary.rows) == card.summary.requirements


def encoded_rarity(match: Match):
    return modelstore.skill_rarity(match.model_version)


def test_rarity_of_a_version_that_is_gone_is_neutral(db):
    assert len(modelstore.skill_rarity("2-gone")) == 0
