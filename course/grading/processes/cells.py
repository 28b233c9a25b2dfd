"""Run a notebook's cells without a kernel, in the process that grading gives them.

Python is run as it stands. IPython's own syntax is accepted: a magic does nothing (but
`%%time` and the like run what is below them), a shell command is refused, and a line
says so; `await` may stand outside a function. Left out: outputs, which nobody reads.
"""

import ast
import linecache
from collections.abc import Coroutine
from typing import Any

# Magics that run the cell they head.
_RUNNING = {"time", "timeit", "capture", "prun"}


class Cells:
    r"""A notebook's names, and the way its cells come to define them.

    Args:
        namespace: Where the cells' names are; gets `get_ipython` and `display`.

    Attributes:
        notes: What was left out of the cells run so far, a line each.

    Example:
        >>> cells = Cells({})
        >>> cells.run("%matplotlib inline\nx = 2", "cell 1")
        >>> cells.namespace["x"], cells.notes
        (2, ['the magic %matplotlib does nothing here'])
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        """Begin with the names that there are."""
        self.namespace = namespace
        self.notes: list[str] = []
        namespace["get_ipython"] = lambda: _Shell(self)
        namespace.setdefault("display", lambda *_, **__: None)

    def run(self, text: str, name: str) -> None:
        """Run a cell; whatever it raises comes out.

        Args:
            text: Its source.
            name: What to call it in an error, such as "cell 3".
        """
        name = f"<{name}>"
        text = text if _is_python(text) else _to_python(text)
        # So that an error can show the line.
        linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(text, name, "exec", flags=flags, dont_inherit=True)
        result = eval(code, self.namespace)  # exec would lose what it awaits
        if isinstance(result, Coroutine):
            import asyncio  # few cells wait for anything

            asyncio.run(result)

    def note(self, line: str) -> None:
        """Remember what was left out, once.

        Args:
            line: For the teacher.
        """
        if line not in self.notes and len(self.notes) < 20:
            self.notes.append(line)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    except (ValueError, RecursionError, MemoryError):
        return True  # not to be read at all; compiling it says why
    return True


def _to_python(text: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(text)


class _Shell:
    """What `get_ipython()` returns: as much of a shell as rewritten cells call."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def run_line_magic(self, name: str, _line: str, **_: Any) -> None:
        self._cells.note(f"the magic %{name[:40]} does nothing here")

    def run_cell_magic(self, name: str, _line: str, body: str) -> None:
        if name in _RUNNING:
            self._cells.run(body, f"%%{name}")
        else:
            self._cells.note(f"what stands below the magic %%{name[:40]} was not run")

    def system(self, command: str) -> None:
        self._refuse(command)

    def getoutput(self, command: str, **_: Any) -> list[str]:
        self._refuse(command)
        return []

    def set_next_input(self, *_: Any, **__: Any) -> None:
        """Do nothing: there is no next cell to fill in."""

    def _refuse(self, command: str) -> None:
        words = " ".join(command.split())[:60]
        self._cells.note(f"the shell command !{words} was refused: only Python is run")
