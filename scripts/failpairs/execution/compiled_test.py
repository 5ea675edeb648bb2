"""A problem's tests, compiled once for all of its samples."""

import ast
import functools
import hashlib
import json
from dataclasses import dataclass

from failpairs.code.syntax import preamble
from failpairs.errors import InputError
from failpairs.execution.harness.compilation import TEST, pack
from failpairs.records import Problem


@dataclass(frozen=True)
class CompiledTest:
    """The tests of a problem in the form in which they travel to the judge.

    Attributes:
        kind: how programs are called, see `Problem`.
        entry_point: what they define.
        setup: code that runs before them, compiled and packed, or nothing.
        tests: the test and, where there are any, the additional tests: of each the preamble of the
            prompt and the test, compiled and packed.
        assertions: how many assertions there are in them.
    """

    kind: str
    entry_point: str
    setup: str
    tests: tuple[str, ...]
    assertions: int

    @functools.cached_property
    def encoded(self) -> bytes:
        """All that the judge must know of a problem."""
        return self._encoded(self.tests)

    @functools.cached_property
    def encoded_base(self) -> bytes:
        """The same without additional tests."""
        return self._encoded(self.tests[:1])

    def _encoded(self, tests: tuple[str, ...]) -> bytes:
        keys = ("kind", "entry_point", "setup")
        return json.dumps({**{key: getattr(self, key) for key in keys}, "tests": tests}).encode()

    @functools.cached_property
    def fingerprint(self) -> str:
        """Stands for all that the judge must know."""
        return hashlib.sha256(self.encoded).hexdigest()

    @property
    def is_script(self) -> bool:
        return self.kind == "program"


def compile_check(problem: Problem) -> CompiledTest:
    """Compile the tests so that each assertion that held adds its number to `__passed__`, and one
    that is tried takes it away first.

    A call of `check` outside of any function, with which some tests end, is left out.

    Raises:
        InputError: they do not compile, which is the problem's fault and no sample's.
    """
    counter = _Counter()
    try:
        # Optimised, as PYTHONOPTIMIZE in the shell asks, a test would lose its assertions.
        compiled = functools.partial(compile, filename=TEST, mode="exec", optimize=0)
        setup = pack(compiled(problem.setup)) if problem.setup else ""
        before = compiled(preamble(problem.prompt, problem.entry_point))
        tests = tuple(
            pack((before, compiled(counter.visit(_without_calls(test)))))
            for test in (problem.test, problem.plus_test)
            if test
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f"the test of problem {problem.task_id!r} does not compile: {error}"
        raise InputError(message) from None
    return CompiledTest(problem.kind, problem.entry_point, setup, tests, counter.total)


def _without_calls(test: str) -> ast.Module:
    tree = ast.parse(test)
    tree.body = [statement for statement in tree.body if not _calls_check(statement)]
    return tree


def _calls_check(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"))):
            return True
    return False


class _Counter(ast.NodeTransformer):
    total = 0

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        number, self.total = self.total, self.total + 1
        return [_note("discard", number, node), node, _note("add", number, node)]


def _note(verb: str, number: int, place: ast.stmt) -> ast.stmt:
    """The statement `__passed__.<verb>(<number>)`."""
    function = ast.Attribute(ast.Name("__passed__", ast.Load()), verb, ast.Load())
    call = ast.Call(function, [ast.Constant(number)], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), place))
