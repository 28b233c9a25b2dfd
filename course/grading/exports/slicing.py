"""The statements of a program that some of its names need, and no others.

An export puts a case, its helpers and the solution it compares with into one cell or
file. Left out: control flow; a statement is taken whole, and one too many does no harm.
"""

import ast
import symtable

from course.grading.visible import names_from_outside


def sliced(text: str, wanted: set[str]) -> str:
    r"""Return the statements that define some names, and all that those rest on.

    Args:
        text: Source of a program.
        wanted: The names; those that it does not define are ignored.

    Returns:
        The statements in their order, as they were written, without comments between.

    Example:
        >>> text = "import math\nR = 2\nunused = 3\ndef area():\n    return math.pi * R"
        >>> print(sliced(text, {"area"}))
        import math
        <BLANKLINE>
        R = 2
        <BLANKLINE>
        def area():
            return math.pi * R
    """
    parts = [_Part(node, text) for node in ast.parse(text).body]
    own = set().union(*(part.defines for part in parts))
    names, kept = wanted & own, set()
    while True:
        more = [n for n, part in enumerate(parts) if part.is_for(names)]
        if kept.issuperset(more):
            break
        kept.update(more)
        names = names.union(*(parts[n].uses & own for n in more))
    return "\n\n".join(parts[n].text for n in sorted(kept))


def defined(text: str) -> set[str]:
    """Return the names that the statements of a program define.

    Args:
        text: Its source.

    Example:
        >>> sorted(defined("import os.path as p; a, b = 1, 2"))
        ['a', 'b', 'p']
    """
    return set().union(*(_Part(node, text).defines for node in ast.parse(text).body))


class _Part:
    """A statement, with the names that tie it to the others."""

    def __init__(self, node: ast.stmt, text: str) -> None:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(mark.lineno for mark in decorators)])
        # Not splitlines, for which a form feed ends a line and for Python it does not.
        lines = text.split("\n")[first - 1 : node.end_lineno]
        # Of two statements on a line each stands alone.
        whole = node.col_offset == 0 and not _is_followed(node, text)
        self.text = "\n".join(lines) if whole else ast.unparse(node)
        self.uses = names_from_outside(symtable.symtable(self.text, "part", "exec"))
        self.defines = _defines(node)

    def is_for(self, names: set[str]) -> bool:
        # What defines nothing, as model.eval(), changes what it names.
        return bool((self.defines or self.uses) & names)


def _is_followed(node: ast.stmt, text: str) -> bool:
    last = text.split("\n")[(node.end_lineno or node.lineno) - 1]
    rest = last.encode()[node.end_col_offset :].decode().strip()
    return rest.startswith(";")


def _defines(node: ast.AST) -> set[str]:
    """Return the names that a statement sets, also those within its blocks."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return set()
    return set().union(*map(_defines, ast.iter_child_nodes(node)))
