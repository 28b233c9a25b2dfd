r"""Which names a cell defines at its top, and which it takes from other cells.

Nothing is run: Python compiles the cell, and the instructions tell what is stored and
what is loaded. Lines of IPython (`%`, `!`, `?`) become `pass`. Left out: names that are
made as the cell runs (`globals()["x"] = 1`), and objects that a later cell changes.
"""

import ast
import dis
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

LONGEST = (
    100_000  # characters of a cell that is looked into; a lesson's have some 1,000
)
_KEPT = 5_000  # characters of a cell whose names are remembered

_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
# Magics that run the cell they head.
_RUNNING = re.compile(r"%%(time|timeit|capture|prun)\b")
_SHELL_VALUE = re.compile(r"^(\s*)([\w, ]+=)\s*[%!].*$")
_DEFINITION = re.compile(
    r"^(?:(?:async\s+)?def\s+|class\s+)(\w+)|^(\w+)[^\S\n]*=(?!=)", re.M
)


@dataclass(frozen=True)
class Names:
    """What ties a cell to the others.

    Attributes:
        defines: Names that it sets at its top; "*" for an import of all.
        uses: Names that it takes from elsewhere, built-in ones among them.
        is_python: Whether it could be read; if not, `defines` is a guess.
    """

    defines: frozenset[str]
    uses: frozenset[str] = frozenset()
    is_python: bool = True


def names_in(text: str) -> Names:
    r"""Return the names of a cell.

    Args:
        text: Its source, whatever it is.

    Example:
        >>> found = names_in("%matplotlib inline\ndef f():\n    return g(1)")
        >>> sorted(found.defines), sorted(found.uses), found.is_python
        (['f'], ['g'], True)
        >>> names_in("def f(:").defines, names_in("def f(:").is_python
        (frozenset({'f'}), False)
    """
    return _remembered(text) if len(text) <= _KEPT else _names_in(text)


def _names_in(text: str) -> Names:
    if len(text) > LONGEST:
        return Names(frozenset(), is_python=False)
    code = _compiled(text) or _compiled(without_ipython(text))
    if code is None:
        found = (first or second for first, second in _DEFINITION.findall(text))
        return Names(frozenset(found), is_python=False)
    defined, made_global, uses = _stored_and_loaded(code)
    inner: set[str] = set()
    for nested in _nested(code):
        _, also_global, loaded = _stored_and_loaded(nested)
        made_global |= also_global
        inner |= loaded
    defined |= made_global
    return Names(frozenset(defined), frozenset(uses | (inner - defined)))


_remembered = lru_cache(maxsize=2048)(_names_in)


def _stored_and_loaded(code: CodeType) -> tuple[set[str], set[str], set[str]]:
    """Return what code stores, stores as global, and loads before it stores it.

    In `x = x + 1` the load comes first, in `for x in y` the store.
    """
    stored, made_global, loaded, constant = set(), set(), set(), None
    for step in dis.get_instructions(code):
        if step.opname == "STORE_NAME":
            stored.add(step.argval)
        elif step.opname == "STORE_GLOBAL":
            made_global.add(step.argval)
        elif step.opname in _LOADS and step.argval not in stored:
            loaded.add(step.argval)
        elif step.opname == "LOAD_CONST":
            constant = step.argval
        elif step.opname == "IMPORT_NAME" and constant == ("*",):
            stored.add("*")
    return stored, made_global, loaded


def _nested(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of all functions and classes within."""
    left = [code]
    while left:
        found = [c for c in left.pop().co_consts if isinstance(c, CodeType)]
        yield from found
        left += found


def _compiled(text: str) -> CodeType | None:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a learner's text is no news
            return compile(text, "cell", "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None  # UnicodeError is a ValueError


def without_ipython(text: str) -> str:
    r"""Return a cell as Python to be read, not run, with as many lines as before.

    Args:
        text: A cell's source.

    Example:
        >>> without_ipython("%%time\nfiles = !ls\nlen?\nx = 1").split("\n")
        ['pass', 'files = None', 'pass', 'x = 1']
        >>> without_ipython("%%bash\nls").split("\n")
        ['pass', '']
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%") and not _RUNNING.match(lines[first]):
        return "\n" * first + "pass" + "\n" * (len(lines) - first - 1)
    kept, continued = [], False
    for line in lines:
        bare = line.strip()
        if continued:
            kept.append("")
        elif bare[:1] in ("%", "!", "?") or (bare.endswith("?") and "#" not in bare):
            kept.append(line[: len(line) - len(line.lstrip())] + "pass")
        else:
            kept.append(_SHELL_VALUE.sub(r"\1\2 None", line))
        is_ipython = continued or kept[-1] != line
        continued = is_ipython and line.endswith("\\")
    return "\n".join(kept)
