"""Text in a CSV that no spreadsheet computes.

A cell that begins with `=` is a formula to a spreadsheet, whoever wrote it. Such text
gets an apostrophe in front, which reading takes away again. Left out: the CSV itself.
"""

import re

# What a spreadsheet may take for a formula, in wide letters too; with apostrophes in
# front, so that text which has one already reads back as it was.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """Return text as it is written into a cell.

    Args:
        text: Any text.

    Example:
        >>> guarded("=1+1"), guarded("'t Hooft")
        ("'=1+1", "'t Hooft")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of.

    Args:
        cell: What stands in the CSV.

    Example:
        >>> unguarded(guarded("'=1+1"))
        "'=1+1"
    """
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
