"""What breaks in production, broken on purpose: `make faults`, one JSON line for each with its invariant.

Each fault meets the stack of tests/composed.py: PostgreSQL, Redis, gunicorn, worker, beat and the proxy, over TLS.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
#: By name: the invariant and what breaks it; the function returns whether it held, and the figures.
FAULTS: dict[str, tuple[str, Callable[[Any], tuple[bool, Facts]]]] = {}


def fault(name: str, invariant: str) -> Callable[[Callable[[Any], tuple[bool, Facts]]], Callable]:
    def add(run: Callable[[Any], tuple[bool, Facts]]) -> Callable:
        FAULTS[name] = invariant, run
        return run

    return add


def report(name: str, world: Any) -> bool:
    """Run one and print its line; whatever goes wrong on the way is a failure with its words."""
    invariant, run = FAULTS[name]
    began = time.monotonic()
    try:
        held, facts = run(world)
    except Exception as error:
        held, facts = False, {"error": f"{type(error).__name__}: {error}"[:600]}
    line = {"fault": name, "invariant": invariant, **facts, "took_seconds": round(time.monotonic() - began, 1)}
    verdict = "held" if held else ("not shown" if "not_shown" in facts else "broken")
    print(json.dumps(line | {"verdict": verdict}, ensure_ascii=False), flush=True)
    return verdict != "broken"
