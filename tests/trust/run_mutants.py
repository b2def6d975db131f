"""Is the matrix worth its time? ``make mutants`` removes each permission check in turn and shows that the matrix fails.

One world is made, then one process is forked for each mutant: it loads the changed module instead of the file, so the
tree itself is never touched. ``MUTANTS=text`` takes those whose name holds the text, a regular expression.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import re
import signal
import sys
import time
from types import ModuleType

import pytest
from django.urls import clear_url_caches, resolve

from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import test_matrix as matrix
from tests.trust.mutants import GUARDS, OURS, ROOT, WITHOUT_EFFECT, Mutant, all_mutants
from tests.trust.requesting import Browser
from tests.trust.test_matrix import many_requests, world  # noqa: F401 - fixtures
from tests.trust.world import ROLES, STATES, World

pytestmark = pytest.mark.django_db
WORKERS = int(os.environ.get("MUTANT_WORKERS", "2"))
SECONDS = 4 * 3600
PATIENCE = float(os.environ.get("MUTANT_SECONDS", "120"))  # of processor time; a mutant not killed by then lives
KILLED, LIVES, BROKEN = 7, 0, 9


def test_every_mutant_is_killed(world):  # noqa: F811
    signal.alarm(SECONDS)
    mutants = [mutant for mutant in all_mutants() if re.search(os.environ.get("MUTANTS", ""), mutant.name)]
    warm(world)
    running: dict[int, Mutant] = {}
    alive: list[str] = []
    for mutant in mutants:
        running[start(mutant, world)] = mutant
        if len(running) >= WORKERS:
            alive += ended(running)
    while running:
        alive += ended(running)
    print(f"\nmutants: {len(mutants) - len(alive)} killed of {len(mutants)}; {len(WITHOUT_EFFECT)} open nothing")
    assert not alive, "\n".join(alive)


def warm(world: World) -> None:  # noqa: F811
    """Ask for every page once, so that children inherit templates, translations and the fitted model."""
    browsers = {role: Browser(world, role) for role in ("anonymous", "owner", "recruiter")}
    for line in matrix.TABLE.values():
        for browser in browsers.values():
            with matrix.undone():
                browser.send("GET", matrix.address(world, line.route, line.target))
    gc.collect()
    gc.freeze()


def ended(running: dict[int, Mutant]) -> list[str]:
    """Wait for one child; the name of its mutant if it lived."""
    pid, status = os.wait()
    mutant, code = running.pop(pid), os.waitstatus_to_exitcode(status)
    print({KILLED: "killed", LIVES: "LIVES "}.get(code, f"BROKEN {code}"), mutant.name, flush=True)
    return [] if code == KILLED else [mutant.name]


def start(mutant: Mutant, world: World) -> int:  # noqa: F811
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        signal.alarm(0)
        install(mutant)
        code = KILLED if is_noticed(mutant, world) else LIVES
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        os._exit(code)


def install(mutant: Mutant) -> None:
    """Let the changed source be the module; of models, which everything holds, exchange the guards alone."""
    name = mutant.path.removesuffix(".py").replace("/", ".")
    if name.endswith(".models") or ".models." in name:
        for (class_name, function_name), function in guards_in(mutant.source, name).items():
            setattr(getattr(sys.modules[name], class_name), function_name, function)
        return
    forget_views()
    parent, _, child = name.rpartition(".")
    package = importlib.import_module(parent)
    changed = ModuleType(name)
    changed.__file__ = str(ROOT / mutant.path)
    sys.modules[name] = changed
    setattr(package, child, changed)
    exec(compile(mutant.source, mutant.path, "exec"), changed.__dict__)


def forget_views() -> None:
    """Making the world may have loaded addresses and views; what asks for them now loads them again."""
    for name in list(sys.modules):
        top, _, rest = name.partition(".")
        is_view = rest.rpartition(".")[2] in ("urls", "views", "access", "pages") or ".views." in name
        if top in OURS and is_view:
            module = sys.modules.pop(name)
            parent, _, child = name.rpartition(".")
            if getattr(sys.modules.get(parent), child, None) is module:
                delattr(sys.modules[parent], child)
    clear_url_caches()


def guards_in(source: str, name: str) -> dict[tuple[str, str], object]:
    """The guards of a changed models module, compiled in the names of the loaded one."""
    found = {}
    for node in ast.parse(source).body:
        for part in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(part, ast.FunctionDef) and part.name in GUARDS:
                names: dict[str, object] = {}
                module = ast.Module([*ast.parse("from __future__ import annotations").body, part], [])
                exec(compile(module, name, "exec"), sys.modules[name].__dict__, names)
                found[node.name, part.name] = names[part.name]
    return found


def is_noticed(mutant: Mutant, world: World) -> bool:  # noqa: F811
    """Whether any cell of any state is wrong; lines that call the changed function first, then those of its app."""
    began = time.process_time()
    app, function = mutant.path.split("/")[0], mutant.what.split()[0].rstrip(":")
    views = {line: resolve(matrix.address(world, line.route, line.target)).func for line in matrix.TABLE.values()}

    def far(line: matrix.Line) -> tuple[bool, bool]:
        view = views[matrix.TABLE[line.route, line.target, line.method]]
        return view.__name__ != function, not line.route.startswith(app)

    browsers = {role: Browser(world, role) for role in ROLES}
    marks = dict(world.marks)
    for distance in ((False, False), (True, False), (False, True), (True, True)):
        for state, take_back in STATES.items():
            with matrix.undone():
                take_back(world)
                before = matrix.holdings(world)
                for line in (line for line in matrix.in_state(state) if far(line) == distance):
                    for role, expected in zip(ROLES, line.cells, strict=True):
                        if matrix.judge(world, role, browsers[role], line, expected, before):
                            return True
                    if time.process_time() - began > PATIENCE:
                        return False
            world.marks = dict(marks)
    return False
