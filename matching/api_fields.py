"""What the API says of a match: the numbers and sentences of `explain`, none of its own."""

from __future__ import annotations

from rest_framework import serializers

from jobs.api_fields import AppliedToSerializer
from matching import explain


class QuoteSerializer(serializers.Serializer):
    sentence = serializers.CharField()
    start = serializers.IntegerField(help_text="Where in the sentence the words begin that count.")
    end = serializers.IntegerField()
    section = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)


class RequirementSerializer(serializers.Serializer):
    code = serializers.CharField(source="skill.code")
    name = serializers.CharField(source="skill.name")
    is_required = serializers.BooleanField()
    state = serializers.ChoiceField([explain.DIRECT, explain.NEARBY, explain.MISSING])
    points = serializers.IntegerField()
    possible = serializers.IntegerField()
    via = serializers.CharField(source="via.name", default=None, allow_null=True)


class ExplainedRequirementSerializer(RequirementSerializer):
    asked = QuoteSerializer(allow_null=True)
    proof = QuoteSerializer(many=True)


class SharedSerializer(serializers.Serializer):
    name = serializers.CharField()
    other_name = serializers.CharField()
    points = serializers.IntegerField()
    in_cv = QuoteSerializer(allow_null=True)
    in_posting = QuoteSerializer(allow_null=True)


class ConfidenceSerializer(serializers.Serializer):
    level = serializers.ChoiceField(["high", "medium", "low"])
    reason = serializers.CharField()


class ScoreSerializer(serializers.Serializer):
    """Occupation, requirements and words add up to the points."""

    points = serializers.IntegerField(source="summary.points", min_value=0, max_value=100)
    occupation = serializers.IntegerField(source="summary.occupation")
    requirements = serializers.IntegerField(source="summary.requirements")
    words = serializers.IntegerField(source="summary.words")
    confidence = ConfidenceSerializer(source="summary.confidence")


class MatchSerializer(ScoreSerializer):
    """A `cards.Card`."""

    job = AppliedToSerializer(source="match.job")
    sentence = serializers.CharField(source="summary.sentence")
    is_new = serializers.BooleanField()
    rows = RequirementSerializer(source="summary.rows", many=True)


class ConditionSerializer(serializers.Serializer):
    state = serializers.ChoiceField(["met", "unmet", "unknown"])
    text = serializers.CharField()


class GainSerializer(serializers.Serializer):
    code = serializers.CharField(source="requirement.skill.code")
    points = serializers.IntegerField()
    score = serializers.IntegerField()


class ExplanationSerializer(ScoreSerializer):
    """A `pair.Explanation`."""

    job = AppliedToSerializer()
    rows = ExplainedRequirementSerializer(source="summary.rows", many=True)
    shared_occupations = SharedSerializer(source="occupations", many=True)
    shared_words = SharedSerializer(source="words", many=True)
    conditions = ConditionSerializer(many=True, help_text="Never part of the score.")
    gains = GainSerializer(many=True)
