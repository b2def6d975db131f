"""Is the matrix worth its time? ``make mutants`` removes each permission check in turn and shows that the matrix fails.

One world is made and every cell asked for once, so that it is known which lines of the tables reach which function.
Then one process is forked for each mutant: it loads the changed module instead of the file, so the tree itself is
never touched, and asks those lines again. ``MUTANTS=text`` takes those whose name holds the text, a regular expression.
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
from collections import defaultdict
from types import CodeType, FrameType, ModuleType

import pytest
from django.urls import clear_url_caches, resolve

from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import test_api as api
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
    reached = warm(world)
    running: dict[int, Mutant] = {}
    alive: list[str] = []
    for mutant in mutants:
        running[start(mutant, world, reached)] = mutant
        if len(running) >= WORKERS:
            alive += ended(running)
    while running:
        alive += ended(running)
    print(f"\nmutants: {len(mutants) - len(alive)} killed of {len(mutants)}; {len(WITHOUT_EFFECT)} open nothing")
    assert not alive, "\n".join(alive)


#: Of a function (path and first line) the lines of the tables that reach it.
Reached = dict[tuple[str, int], set[matrix.Line]]
TABLES = {matrix: matrix.TABLE, api: api.TABLE}


def warm(world: World) -> Reached:  # noqa: F811
    """What each line reaches, whoever asks, be it to be refused. Children inherit what is loaded on the way."""
    browsers = {role: Browser(world, role) for role in ROLES}
    before = matrix.holdings(world)
    reached: Reached = defaultdict(set)
    called: set[CodeType] = set()

    def hear(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    for table, lines in TABLES.items():
        for line in lines.values():
            called.clear()
            for role, expected in zip(ROLES, line.cells, strict=True):
                sys.setprofile(hear)
                judge(table, world, browsers, line, role, expected, before)
                sys.setprofile(None)
            for code in called:
                reached[code.co_filename, code.co_firstlineno].add(line)
    gc.collect()
    gc.freeze()
    return reached


def judge(
    table: ModuleType,
    world: World,  # noqa: F811
    browsers: dict[str, Browser],
    line: matrix.Line,
    role: str,
    expected: str,
    before: dict[str, list[object]],
) -> bool:
    """Whether a cell of the site or of the API is wrong."""
    if table is api:
        return bool(list(api.judge(world, role, line, expected, before)))
    return bool(matrix.judge(world, role, browsers[role], line, expected, before))


def lines_of(mutant: Mutant, world: World, reached: Reached) -> set[matrix.Line]:  # noqa: F811
    """The lines that reach the function of a mutant, or whose view it is; all of them where none does."""
    path = ROOT / mutant.path
    found: set[matrix.Line] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.lineno <= mutant.line <= (node.end_lineno or 0):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found = reached.get((str(path), first), set()) or found  # the innermost comes last
    function = mutant.what.split()[0].rstrip(":")
    all_of_them = {line for lines in TABLES.values() for line in lines.values()}
    views = {line: resolve(matrix.address(world, line.route, line.target)).func.__name__ for line in all_of_them}
    return found | {line for line, view in views.items() if view == function} or all_of_them


def ended(running: dict[int, Mutant]) -> list[str]:
    """Wait for one child; the name of its mutant if it lived."""
    pid, status = os.wait()
    mutant, code = running.pop(pid), os.waitstatus_to_exitcode(status)
    print({KILLED: "killed", LIVES: "LIVES "}.get(code, f"BROKEN {code}"), mutant.name, flush=True)
    return [] if code == KILLED else [mutant.name]


def start(mutant: Mutant, world: World, reached: Reached) -> int:  # noqa: F811
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        signal.alarm(0)
        asked = lines_of(mutant, world, reached)
        install(mutant)
        code = KILLED if is_noticed(mutant, world, asked) else LIVES
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


def is_noticed(mutant: Mutant, world: World, asked: set[matrix.Line]) -> bool:  # noqa: F811
    """Whether any cell of the lines is wrong, in any state."""
    began = time.process_time()
    keys = {(line.route, line.target, line.method) for line in asked}
    browsers = {role: Browser(world, role) for role in ROLES}
    marks = dict(world.marks)
    for state, take_back in STATES.items():
        with matrix.undone():
            take_back(world)
            before = matrix.holdings(world)
            for table in TABLES:
                for line in table.in_state(state):
                    if (line.route, line.target, line.method) not in keys:
                        continue
                    for role, expected in zip(ROLES, line.cells, strict=True):
                        if judge(table, world, browsers, line, role, expected, before):
                            return True
                    if time.process_time() - began > PATIENCE:
                        return False
        world.marks = dict(marks)
    return False
