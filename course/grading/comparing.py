"""Cases that say what they expected: `assert got == expected` keeps both sides.

A plain assertion only says that it failed. pytest rewrites it to say more, which is for
the eyes of the author; this rewriting is smaller and keeps the two values, so that a
learner sees them. By convention the learner's side stands on the left.
"""

import ast
from collections.abc import Callable
from types import CodeType
from typing import Any


class Mismatch(AssertionError):  # noqa: N818 - an answer, and no fault of the code
    """An assertion of a case that did not hold.

    Attributes:
        got: Left side of the comparison; None if it was no comparison for equality.
        expected: Right side.
        compared: Whether there are two sides.
    """

    def __init__(
        self,
        message: str,
        got: Any = None,
        expected: Any = None,
        compared: bool = False,
    ) -> None:
        """Keep both sides."""
        super().__init__(message)
        self.got, self.expected, self.compared = got, expected, compared


def compile_cases(text: str, filename: str) -> CodeType:
    r"""Compile a file of cases with assertions that raise `Mismatch`.

    Args:
        text: Its source.
        filename: For tracebacks.

    Example:
        >>> code = compile_cases("def test(x):\n    assert x == 1", "example")
        >>> names = {}
        >>> exec(code, names)
        >>> try:
        ...     names["test"](2)
        ... except Mismatch as mismatch:
        ...     print(mismatch.got, mismatch.expected)
        2 1
    """
    tree = _Assertions().visit(ast.parse(text, filename))
    setup = ast.parse(
        "from course.grading.comparing import expect_equal as _expect_equal\n"
        "from course.grading.comparing import expect_true as _expect_true\n"
    )
    tree.body[:0] = setup.body
    return compile(ast.fix_missing_locations(tree), filename, "exec")


def equal(got: Any, expected: Any) -> bool:
    """Tell whether two values are equal; arrays in all their items, and in their shape.

    Args:
        got: The learner's value.
        expected: What it should be, or an object such as `pytest.approx` makes.

    Example:
        >>> import numpy
        >>> equal(numpy.zeros(2), numpy.zeros(2)), equal(numpy.zeros(2), [0, 0])
        (True, False)
    """
    try:
        same = got == expected
        if getattr(same, "ndim", 0) == 0:
            return bool(same)
        alike = type(got) is type(expected) and got.shape == expected.shape
        return alike and bool(same.all())
    except (TypeError, ValueError, RuntimeError):
        # Arrays of shapes that do not fit; or a container with arrays in it, which
        # cannot tell for itself.
        return _equal_items(got, expected)


def _equal_items(got: Any, expected: Any) -> bool:
    if type(got) is not type(expected) or not isinstance(got, dict | list | tuple):
        return False
    if isinstance(got, dict):
        return got.keys() == expected.keys() and all(
            equal(got[key], value) for key, value in expected.items()
        )
    return len(got) == len(expected) and all(map(equal, got, expected))


def expect_equal(got: Any, expected: Any, message: Callable[[], str]) -> None:
    """Raise `Mismatch` unless two values are equal.

    Args:
        got: The learner's value.
        expected: What it should be, or an object such as `pytest.approx` makes.
        message: Called for the words that an author put behind the comparison.
    """
    if not equal(got, expected):
        raise Mismatch(message(), got, expected, compared=True)


def expect_true(value: Any, message: Callable[[], str]) -> None:
    """Raise `Mismatch` unless a value is true.

    Args:
        value: Of the asserted expression.
        message: Called for the words that an author put behind it.
    """
    if not value:
        raise Mismatch(message(), compared=False)


class _Assertions(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        message = ast.Call(_name("str"), [node.msg or ast.Constant("")], [])
        no_arguments = ast.arguments([], [], None, [], [], None, [])
        later = ast.Lambda(no_arguments, message)
        test = node.test
        is_equality = (
            isinstance(test, ast.Compare)
            and len(test.ops) == 1
            and isinstance(test.ops[0], ast.Eq)
        )
        if is_equality:
            sides = [test.left, test.comparators[0]]
            call = ast.Call(_name("_expect_equal"), [*sides, later], [])
        else:
            call = ast.Call(_name("_expect_true"), [test, later], [])
        return ast.copy_location(ast.Expr(call), node)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())
