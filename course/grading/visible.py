"""A file of cases without its hidden part: what a learner's process may read.

Hidden cases and wrong answers go, and with them whatever only they use: imports, data,
functions. What stays is the text as it was written. In a public repository "hidden"
means that a case is neither shown nor loaded where learners work; it is no secret.
"""

import ast
import symtable
from pathlib import Path

from course.errors import CourseError

_HEAD = '"""The visible cases of a lesson; hidden ones are run when it is graded."""'
_NOT_SHOWN = {"pytest.mark.hidden", "pytest.mark.wrong_answer"}
_KNOWN = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign) + (
    ast.FunctionDef,
    ast.ClassDef,
)


def visible_source(text: str, path: Path) -> str:
    r"""Return the source of a file of cases with the visible ones alone.

    Args:
        text: Source of the whole file, or of one that was made visible before.
        path: The file, for an error.

    Raises:
        CourseError: With file and line, for what a later reader could not tell apart: a
            statement of another kind than imports, assignments to names, functions and
            classes; an import of `*`; a case's decorator other than `pytest.mark`; a
            visible case that uses a hidden one.

    Example:
        >>> text = "A = 1\nB = 2\ndef test_a(student): A"
        >>> print(visible_source(text, Path("x.py")).partition(_HEAD)[2])
        <BLANKLINE>
        <BLANKLINE>
        A = 1
        <BLANKLINE>
        <BLANKLINE>
        def test_a(student): A
        <BLANKLINE>
    """
    tree = ast.parse(text)
    first = int(ast.get_docstring(tree) is not None)
    parts = [_Part(node, text, path) for node in tree.body[first:]]
    wanted = [part for part in parts if part.is_visible_case]
    # Whatever a part that stays uses, stays; until nothing more is found.
    names = {name for part in wanted for name in part.uses}
    while True:
        more = [part for part in parts if part not in wanted and part.defines & names]
        if not more:
            break
        wanted += more
        names |= {name for part in more for name in part.uses}
    for part in wanted:
        if part.is_hidden:
            raise CourseError(
                f"{part.where}a visible case uses {part.node.name}, which learners do "
                "not get: move what both need into a function of its own."
            )
    kept = [part.text(names) for part in parts if part in wanted]
    return _HEAD + "\n\n" + "\n\n\n".join(kept) + "\n"


class _Part:
    """A statement at the top of the file, and the names that tie it to the others."""

    def __init__(self, node: ast.stmt, text: str, path: Path) -> None:
        self.node = node
        self.where = f"{path.name}:{node.lineno}: "
        if not isinstance(node, _KNOWN) or self.defines & {"*", ""}:
            raise CourseError(
                f"{self.where}only imports and assignments of names, functions and "
                "classes can stand at the top of a file of cases: move it into one."
            )
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(mark.lineno for mark in decorators)])
        # Not splitlines, for which a form feed ends a line and for Python it does not.
        self.lines = text.split("\n")[first - 1 : node.end_lineno]
        self.uses = names_from_outside(symtable.symtable(self.whole, "part", "exec"))
        marks = {ast.unparse(mark).split("(")[0] for mark in decorators}
        is_case = isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        if is_case and not all(mark.startswith("pytest.mark.") for mark in marks):
            # By another name "hidden" would not be seen, and the case be shown.
            raise CourseError(
                f"{self.where}{node.name}: write each decorator as @pytest.mark."
            )
        self.is_hidden = bool(marks & _NOT_SHOWN)
        self.is_visible_case = is_case and not self.is_hidden

    @property
    def whole(self) -> str:
        return "\n".join(self.lines)

    @property
    def defines(self) -> set[str]:
        """The names it gives the others; "" stands for what is not a name."""
        node = self.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            return {alias.asname or alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return {node.name}
        targets = getattr(node, "targets", None) or [node.target]
        return {name for target in targets for name in _names_in(target)}

    def text(self, names: set[str]) -> str:
        if isinstance(self.node, ast.ImportFrom):
            # A name that is not used here may tell what a hidden case compares with.
            used = [a for a in self.node.names if (a.asname or a.name) in names]
            return ast.unparse(ast.ImportFrom(self.node.module, used, self.node.level))
        return self.whole


def _names_in(target: ast.expr) -> set[str]:
    """Return the names that an assignment sets: of `a, *b = ...` a and b."""
    if isinstance(target, ast.Tuple | ast.List):
        return set().union(*map(_names_in, target.elts))
    if isinstance(target, ast.Starred):
        return _names_in(target.value)
    return {target.id if isinstance(target, ast.Name) else ""}


def names_from_outside(table: symtable.SymbolTable) -> set[str]:
    """Return the names that code takes from the top of its file."""
    is_top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (symbol.is_referenced() if is_top else symbol.is_global())
    }
    return names.union(*map(names_from_outside, table.get_children()))
