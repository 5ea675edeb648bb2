"""A problem's test, compiled once for all of its samples."""

import ast
import hashlib
from dataclasses import dataclass

from failpairs.code.syntax import preamble
from failpairs.errors import InputError
from failpairs.execution.harness.compilation import TEST, pack
from failpairs.records import Problem


@dataclass(frozen=True)
class CompiledTest:
    """The test of a problem in the form in which it travels to the judge.

    Attributes:
        code: the preamble of the prompt and the test, compiled and packed.
        fingerprint: stands for `code`.
        assertions: how many assertions there are in the test.
    """

    code: str
    fingerprint: str
    assertions: int


def compile_check(problem: Problem) -> CompiledTest:
    """Compile a test so that each assertion that held adds its number to `__passed__`, and one that
    is tried takes it away first.

    Raises:
        InputError: it does not compile, which is the problem's fault and no sample's.
    """
    try:
        counter = _Counter()
        tree = counter.visit(ast.parse(problem.test))
        # Optimised, as PYTHONOPTIMIZE in the shell asks, a test would lose its assertions.
        before = compile(preamble(problem.prompt, problem.entry_point), TEST, "exec", optimize=0)
        code = pack((before, compile(tree, TEST, "exec", optimize=0)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f"the test of problem {problem.task_id!r} does not compile: {error}"
        raise InputError(message) from None
    return CompiledTest(code, hashlib.sha256(code.encode()).hexdigest(), counter.total)


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
