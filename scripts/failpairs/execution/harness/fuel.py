"""Programs that end after so many steps: a limit of time would be another one on each machine."""

import ast
from typing import Any

NAME = "__step__"
LOOPS = (ast.For, ast.While, ast.AsyncFor)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class OutOfFuel(BaseException):
    """Not an Exception, which code may catch."""


class Fuel:
    """Counts the steps of the programs that `load` has changed.

    Attributes:
        spent: steps that were taken in all, up to the last `refill`.
    """

    def __init__(self, steps: int) -> None:
        """
        Args:
            steps: that may be taken between one `refill` and the next.
        """
        self._steps = self._left = steps
        self.spent = 0

    def refill(self) -> None:
        self.spent += self._steps - self._left
        self._left = self._steps

    # No closure: programs that replace the code of functions would fail at it.
    def step(self) -> bool:
        """Take a step.

        Raises:
            OutOfFuel: there is none left.
        """
        self._left -= 1
        if self._left < 0:
            raise OutOfFuel
        return True


def load(program: str, fuel: Fuel) -> dict[str, Any]:
    """The names that a program defines. Each call of its functions is a step, and each turn of its
    loops and comprehensions."""
    tree = ast.fix_missing_locations(_Counted().visit(ast.parse(program)))
    names: dict[str, Any] = {"__name__": "reference", NAME: fuel.step}
    fuel.refill()
    exec(compile(tree, "<reference>", "exec"), names)
    return names


class _Counted(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, LOOPS):
            node.body.insert(0, ast.copy_location(ast.Expr(_step()), node))
        elif isinstance(node, FUNCTIONS):
            place = 0 if ast.get_docstring(node, clean=False) is None else 1
            node.body.insert(place, ast.copy_location(ast.Expr(_step()), node))
        elif isinstance(node, ast.Lambda):
            node.body = ast.BoolOp(ast.And(), [_step(), node.body])
        elif isinstance(node, ast.comprehension):
            node.ifs.insert(0, _step())
        return node


def _step() -> ast.Call:
    return ast.Call(ast.Name(NAME, ast.Load()), [], [])
