"""Is the matrix worth its time? ``make mutants`` removes each permission check in turn and shows that the matrix fails.

One world is made and every cell asked for once, so that it is known which lines of the tables reach which function.
Then one process is forked for each mutant: it exchanges the code of the functions that are loaded, so the tree itself
is never touched, and asks those lines again. ``MUTANTS=text`` takes those whose name holds the text, a regular
expression.
"""

from __future__ import annotations

import ast
import builtins
import gc
import os
import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver, resolve

from matching.tests.conftest import model, taxonomy  # noqa: F401 - fixtures
from tests.trust import test_api as api
from tests.trust import test_matrix as matrix
from tests.trust.mutants import ROOT, WITHOUT_EFFECT, Mutant, all_mutants, mutants_in_all_files
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
    assert not (gone := WITHOUT_EFFECT.keys() - {mutant.known_as for mutant in mutants_in_all_files()}), gone
    began = time.monotonic()
    mutants = [mutant for mutant in all_mutants() if re.search(os.environ.get("MUTANTS", ""), mutant.name)]
    reached = warm(world, {mutant.path for mutant in mutants})
    print(f"\nwarm after {time.monotonic() - began:.0f} s", flush=True)
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
#: The functions of each file, also those that others imported and those inside decorators.
LOADED: dict[str, list[FunctionType]] = defaultdict(list)


def warm(world: World, paths: set[str]) -> Reached:  # noqa: F811
    """What of the files each line reaches, whoever asks, be it to be refused. Children inherit what is loaded."""
    list(views_of(get_resolver()))
    for function in gc.get_objects():
        if type(function) is FunctionType and "<lambda>" not in function.__qualname__:
            LOADED[function.__code__.co_filename].append(function)
    called: set[tuple[str, int]] = set()
    builtins.saw = lambda *where: called.add(where)  # type: ignore[attr-defined]
    usual = [(function, function.__code__) for path in paths for function in LOADED[str(ROOT / path)]]
    for path in paths:
        install(Mutant(path, 0, "says what is called", saying_what_is_called(path)))
    browsers = {role: Browser(world, role) for role in ROLES}
    before = matrix.holdings(world)
    reached: Reached = defaultdict(set)
    wrong: list[str] = []
    for table, lines in TABLES.items():
        for line in lines.values():
            called.clear()
            for role, expected in zip(ROLES, line.cells, strict=True):
                wrong += judge(table, world, browsers, line, role, expected, before)
            for where in called:
                reached[where].add(line)
    for function, code in usual:
        function.__code__ = code
    assert not wrong, "\n".join(["wrong before anything is removed:", *wrong])
    gc.collect()
    gc.freeze()
    return reached


def saying_what_is_called(path: str) -> str:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.parse(f"saw({path!r}, {node.lineno})").body[0])
    return ast.unparse(tree)


def judge(
    table: ModuleType,
    world: World,  # noqa: F811
    browsers: dict[str, Browser],
    line: matrix.Line,
    role: str,
    expected: str,
    before: dict[str, list[object]],
) -> list[str]:
    """What is wrong with a cell of the site or of the API."""
    if table is not api:
        return matrix.judge(world, role, browsers[role], line, expected, before)
    try:
        return list(api.judge(world, role, line, expected, before))
    except Exception as error:  # a 500 for who asks
        return [f"{line.method} {line.route} ({line.target}) as {role}: {error!r}"]


def lines_of(mutant: Mutant, world: World, reached: Reached) -> set[matrix.Line]:  # noqa: F811
    """The lines that reach the function of a mutant, or whose view it is; all of them where none does."""
    found: set[matrix.Line] = set()
    for node in ast.walk(ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.lineno <= mutant.line <= (node.end_lineno or 0):
            found = reached.get((mutant.path, node.lineno), set()) or found  # the innermost comes last
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
        noticed = first_wrong(world, asked)
        code = KILLED if noticed else LIVES
        print(f"{mutant.name}\n    {noticed or 'nobody notices'}", flush=True)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        os._exit(code)


def install(mutant: Mutant) -> None:
    """Give every loaded function of the file the code it has in the changed source, whoever holds it by then."""
    if mutant.sign_in is not None:
        for view in views_of(get_resolver()):
            if f"{view.__module__}.{view.__name__}" == mutant.dotted:
                view.login_required = mutant.sign_in
        return
    codes = {code.co_qualname: code for code in codes_in(compile(mutant.source, mutant.path, "exec"))}
    for function in LOADED[str(ROOT / mutant.path)]:
        function.__code__ = codes[function.__code__.co_qualname]


def codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from codes_in(part)


def views_of(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views_of(pattern)
        else:
            yield pattern.callback


def first_wrong(world: World, asked: set[matrix.Line]) -> str:  # noqa: F811
    """What is wrong with the first wrong cell of the lines, in any state; empty if all are right."""
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
                        if wrong := judge(table, world, browsers, line, role, expected, before):
                            return f"{state}: {wrong[0]}"
                    if time.process_time() - began > PATIENCE:
                        return ""
        world.marks = dict(marks)
    return ""
