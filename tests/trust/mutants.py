"""Permission checks found by reading the syntax trees of views and of what guards them, each removed in turn."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("students", "jobs", "matching", "notifications", "moirai")
#: Whatever answers requests, and what it asks for permission, also in modules that are yet to be written.
PLACES = ["**/views.py", "**/views/*.py", "**/board.py", "**/access.py", "**/api*.py", "**/api/*.py", "pages.py",
          "**/staff.py", "**/grants.py", "**/candidates.py"]  # fmt: skip
GUARDED_QUERIES = ["**/models.py", "**/models/*.py"]
#: What is there beside them for a whole person's data at once, and is asked by no address.
NO_PLACES = ("personal.py",)
#: Queryset methods that narrow rows to those a person may see; a mutant takes all rows instead.
NARROWING = {"of", "of_company", "of_job", "active", "open", "visible_to_companies", "shown_to_companies", "about"}
#: Modules with functions of those names, which take no rows.
MODULES = {"cards"}
#: Keywords by which a query names whose rows it wants; a mutant leaves them out.
OWNERS = {"student", "student_skill__student", "user", "user_id", "company", "subject"}
#: Bodies of models in which every keyword and condition is a permission.
GUARDS = {"visible_to_companies", "matchable", "shown_to_companies", "open", "closed_to_the_public", "active", "of",
          "of_company", "is_open"}  # fmt: skip
#: Mutants that open nothing to anybody, each with the reason; by path, function and what is left out.
HANDLER = "error handlers are called by Django itself, not through the middleware that asks for a sign-in"
NO_FILE = "asks whether there is a file at all; whose it is was asked before"
PASSWORD = "asks for the password again, which a visitor has not"
SCOPE = "only tokens of recruiters have the scope (`SCOPES_OF`)"
INVITED = "says of too many that they are invited, and lists nobody more"
SIGNED = "looks into what only we can have signed"
WORDS = "chooses words"
REPORTS = "counts those that wait; the office sees the others too"
WITHOUT_EFFECT: dict[str, str] = {
    "moirai/pages.py: bad_request asks for a sign-in": HANDLER,
    "moirai/pages.py: permission_denied asks for a sign-in": HANDLER,
    "moirai/pages.py: not_found asks for a sign-in": HANDLER,
    "moirai/pages.py: server_error asks for a sign-in": HANDLER,
    "jobs/views/pipeline.py: shared_cv refuses no more where cv is None": NO_FILE,
    "jobs/views/pipeline.py: shared_cv refuses no more where not (cv.file or cv.text)": NO_FILE,
    "jobs/views/public.py: company_page: without of": "shows postings that are public on pages of their own",
    "moirai/privacy/views.py: download asks for no sign-in": PASSWORD,
    "moirai/api/pages.py: tokens asks for no sign-in": PASSWORD,
    "moirai/api/pages.py: person_of refuses no more where not may_act(user)": "so does `BearerAuthentication`",
    "jobs/views/posting.py: review does not ask whether the company is verified": WORDS,
    "jobs/api_company.py: post does not ask whether the company is verified": WORDS,
    "jobs/api_company.py: post refuses no more where user.role != User.Role.RECRUITER": SCOPE,
    "jobs/views/conversation.py: calendar_of refuses no more where standing.starts_at is None": "there is no date yet",
    "matching/views.py: suggested: without of_job": "can hide a button; nothing in it is shown",
    "jobs/models/report.py: open: without closed_at__isnull": REPORTS,
    "moirai/privacy/models.py: open: without closed_at__isnull": REPORTS,
    "students/models/outcome.py: open: without closes_on__gte": "asks whether a cohort is being asked already",
    "jobs/grants.py: revoke: without company": "shuts more companies out, of the same person",
    "matching/api_company.py: get: without student": INVITED,
    "matching/candidates.py: candidates_of: without student": INVITED,
    "matching/candidates.py: candidates_of: without student (2)": "chooses the part of the page",
    "jobs/views/moderation.py: desk: without open": REPORTS,
    "notifications/views.py: _meant refuses no more where not isinstance(user_id, int)": SIGNED,
    "notifications/views.py: _meant refuses no more where what not in Kind.values and what not in digests": SIGNED,
    "jobs/views/moderation.py: desk_company: without open": REPORTS,
    "students/access.py: student_of refuses no more where isinstance(user, AnonymousUser)": "visitors never get there",
}


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    what: str
    source: str = ""
    sign_in: bool | None = None  # of a view that asks for one, or no longer does; its source stays

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"

    @property
    def known_as(self) -> str:
        return f"{self.path}: {self.what}"

    @property
    def dotted(self) -> str:
        """The function as Python calls it, where ``what`` begins with its name."""
        return f"{self.path.removesuffix('.py').replace('/', '.')}.{self.what.split()[0].rstrip(':')}"


def raises_refusal(body: list[ast.stmt]) -> bool:
    """Whether a branch refuses: 404, 403, or sends away."""
    last = body[-1]
    return isinstance(last, ast.Raise) and any(word in ast.unparse(last) for word in ("Http404", "PermissionDenied"))


def changes(node: ast.AST, function: str, *, in_model: bool) -> Iterator[tuple[str, ast.AST]]:
    """Each way to weaken this node alone, with its name."""
    if isinstance(node, ast.If) and raises_refusal(node.body):
        parts = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        for number, part in enumerate(parts):
            weaker = copy.deepcopy(node)
            if isinstance(weaker.test, ast.BoolOp):
                # In "a or b" a part never refuses; in "not (x or y)" it always would, so the whole is dropped.
                weaker.test.values[number] = ast.Constant(isinstance(weaker.test.op, ast.And))
            else:
                # With what it asked beside it: what a function holds of the one around it stays the same.
                weaker.test = ast.BoolOp(ast.And(), [ast.Constant(False), weaker.test])
            yield f"{function} refuses no more where {ast.unparse(part)[:60]}", weaker
        return
    if isinstance(node, ast.IfExp | ast.If) and "is_verified" in ast.unparse(node.test):
        weaker = copy.deepcopy(node)
        weaker.test = ast.Constant(not ast.unparse(node.test).startswith("not "))
        yield f"{function} does not ask whether the company is verified", weaker
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        opens_a_file = node.func.attr == "open" and bool(node.args)
        is_of_a_module = isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES
        if not in_model and node.func.attr in NARROWING and not opens_a_file and not is_of_a_module:
            yield f"{function}: without {node.func.attr}", _everything(node)
        if node.func.attr in ("filter", "get") or in_model:
            yield from _without_keywords(node, function, in_model=in_model)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_object_or_404":
        yield from _without_keywords(node, function, in_model=in_model)


def _everything(node: ast.Call) -> ast.Call:
    assert isinstance(node.func, ast.Attribute)
    return ast.Call(ast.Attribute(copy.deepcopy(node.func.value), "all", ast.Load()), [], [])


def _without_keywords(node: ast.Call, function: str, *, in_model: bool) -> Iterator[tuple[str, ast.AST]]:
    for number, keyword in enumerate(node.keywords):
        if keyword.arg and (keyword.arg in OWNERS or in_model):
            weaker = copy.deepcopy(node)
            del weaker.keywords[number]
            yield f"{function}: without {keyword.arg}", weaker


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one file; those of one name are numbered from the second."""
    said: Counter[str] = Counter()
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    name = str(path.relative_to(ROOT))
    in_model = "/models" in name
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        if in_model and function.name not in GUARDS:
            continue
        if not in_model:
            yield from _decorators(function, name)
        for node in ast.walk(function):
            for what, weaker in changes(node, function.name, in_model=in_model):
                said[what] += 1
                what += f" ({said[what]})" if said[what] > 1 else ""
                yield Mutant(name, getattr(node, "lineno", 0), what, _with(tree, node, weaker))


def _decorators(function: ast.FunctionDef, name: str) -> Iterator[Mutant]:
    """``login_not_required`` taken from a public view, and given to a guarded one."""
    is_view = function.args.args and function.args.args[0].arg == "request" and not function.name.startswith("_")
    if not is_view or function.col_offset or not function.decorator_list:
        return
    is_public = "login_not_required" in map(ast.unparse, function.decorator_list)
    what = f"{function.name} asks for {'a' if is_public else 'no'} sign-in"
    yield Mutant(name, function.lineno, what, sign_in=is_public)


def _with(tree: ast.Module, old: ast.AST, new: ast.AST) -> str:
    """The source in which ``old`` is ``new``."""

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if getattr(node, "_mark", False):
                return new
            return self.generic_visit(node)

    old._mark = True  # type: ignore[attr-defined]
    try:
        changed = Swap().visit(copy.deepcopy(tree))
    finally:
        del old._mark  # type: ignore[attr-defined]
    return ast.unparse(ast.fix_missing_locations(changed))


def all_mutants() -> list[Mutant]:
    return [mutant for mutant in mutants_in_all_files() if mutant.known_as not in WITHOUT_EFFECT]


def mutants_in_all_files() -> list[Mutant]:
    files = {path for app in OURS for place in PLACES + GUARDED_QUERIES for path in (ROOT / app).glob(place)}
    files = {path for path in files if path.name not in NO_PLACES}
    return [mutant for path in sorted(files) for mutant in mutants_of(path)]
