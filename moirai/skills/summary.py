"""What an import of a taxonomy did, in lines that people read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from moirai.skills.synchronise import Changes

EXAMPLES = 3  # shown of each reason


@dataclass
class Summary:
    """Rows added, changed and removed by kind, and what was left out, by reason."""

    changes: dict[str, Changes] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, list[str]] = field(default_factory=dict)

    def skip(self, reason: str, what: str) -> None:
        self.skipped.setdefault(reason, []).append(what)

    def count(self, kind: str, changes: Changes, *, total: int) -> None:
        self.changes[kind] = self.changes.get(kind, Changes()) + changes
        self.totals[kind] = total

    def lines(self) -> Iterator[str]:
        for kind, changes in self.changes.items():
            yield (
                f"{kind}: {changes.added} added, {changes.changed} changed, {changes.removed} removed, "
                f"{self.totals[kind]} now."
            )
        for reason, items in self.skipped.items():
            shown = "; ".join(items[:EXAMPLES])
            yield f"Skipped, {reason}: {len(items)} ({shown}{'; …' if len(items) > EXAMPLES else ''})"
