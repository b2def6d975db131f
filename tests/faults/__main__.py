"""`python -m tests.faults [names ...]`: all faults, or those whose names begin with what is given."""

from __future__ import annotations

import sys

from tests import private
from tests.composed import Stack
from tests.faults import FAULTS, report


def main(arguments: list[str]) -> int:
    folder = private.enter("tests.faults", arguments)
    with Stack(folder) as stack:
        stack.set_up_django()
        from tests.faults import change, site, work  # noqa: F401 - each adds its faults
        from tests.faults.world import World

        names = [name for name in FAULTS if not arguments or name.startswith(tuple(arguments))]
        world = World(stack)
        return int(sum(not report(name, world) for name in names) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
