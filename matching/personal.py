"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from datetime import datetime

from matching import encoded, modelstore
from matching.models import Cutoff, EncodedText, FittedModel, Match, Side
from moirai.accounts.models import User
from moirai.privacy.registry import Holding, keep, register
from students.models import Student


def export(user: User) -> dict[str, object]:
    """Every score with its three parts."""
    matches = Match.objects.filter(student__user=user).order_by("-score", "job_id")
    values = ("job__public_id", "job__title", "score", "occupation_points", "requirement_points", "word_points")
    return {"matches": list(matches.values(*values, "model_version", "computed_at"))}


def stop(user: User, now: datetime) -> None:
    Match.objects.filter(student__user=user).delete()


def erase(user: User, now: datetime) -> None:
    """Matches and runs go by cascade; encoded texts know the student by number alone."""
    ids = list(Student.objects.filter(user=user).values_list("pk", flat=True))
    EncodedText.objects.filter(side=Side.STUDENT, subject_id__in=ids).delete()
    Cutoff.objects.filter(side=Side.STUDENT, subject_id__in=ids).delete()


def expire(now: datetime) -> int:
    """Models and encoded texts of other versions, and files of this machine that hold somebody who is gone."""
    gone = modelstore.forget_retired(now=now)
    kept = FittedModel.objects.values("version")
    old = EncodedText.objects.exclude(model_version__in=kept).delete()[0]
    encoded.forget_erased()
    return gone + old


register(Holding("matching", export, block=stop, restrict=stop, erase=erase, expire=expire))
keep(
    {
        "matching.Match": "until it is computed again; with the student or the posting",
        "matching.MatchRun": "with the student or the posting; full runs always, they name nobody",
        "matching.EncodedText": "until the text changes or the student is erased",
        "matching.Cutoff": "until it is computed again or the student is erased",
        "matching.MatchPlan": "with the run",
        "matching.MatchChunk": "with the run",
        "matching.FittedModel": "until a day after the next fit; at least one every ERASE_AFTER_DAYS",
        "matching.FittedModelFile": "with the model; weights of words that five students or a posting share",
    }
)
