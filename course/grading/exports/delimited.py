r"""A sheet of delimited text in which single cells change and no other byte does.

`csv` would read and write it too, with its own quotes and line ends. Here each cell
knows its place in the text: byte-order mark, delimiter, decimal comma, quotes and ends
of lines stay those of whoever made the sheet. Left out: sheets that are no text.

Source: RFC 4180, with `;` and tabs as delimiters beside its comma.
"""

import re

from course.errors import CourseError

_DELIMITERS = ",;\t"
_MARK = "\ufeff"


class Sheet:
    r"""A sheet, read; cells by row and column from 0.

    Args:
        text: The file's content.
        spans: Of each cell of each row: where it begins and ends in the text.
        delimiter: Between two cells.

    Attributes:
        rows: The cells' values, without quotes.

    Example:
        >>> sheet = read_sheet('\ufeffName;Grade\r\n"Li; Bo";\r\n')
        >>> sheet.put(1, 1, "7,5")
        >>> sheet.text()
        '\ufeffName;Grade\r\n"Li; Bo";7,5\r\n'
    """

    def __init__(
        self, text: str, spans: list[list[tuple[int, int]]], delimiter: str
    ) -> None:
        """Read the cells' values."""
        self._text, self._spans, self._delimiter = text, spans, delimiter
        self._changed: dict[tuple[int, int], str] = {}
        self.rows = [[_value(text[a:b]) for a, b in row] for row in spans]
        cells = [cell.strip() for row in self.rows for cell in row]
        commas = any(re.fullmatch(r"-?\d+,\d{1,2}", cell) for cell in cells)
        dots = any(re.fullmatch(r"-?\d+\.\d+", cell) for cell in cells)
        # A semicolon is there because the comma is taken, by decimals.
        self._decimal = "," if not dots and (commas or delimiter == ";") else "."

    def cell(self, row: int, column: int) -> str:
        """Return a cell's value; "" beyond the end of a short row.

        Args:
            row: From 0, which is the head.
            column: From 0.
        """
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def put(self, row: int, column: int, value: str) -> None:
        """Change a cell.

        Args:
            row: From 0.
            column: From 0.
            value: Without quotes; they are added where needed.

        Raises:
            CourseError: If the row is too short to have such a cell.
        """
        if column >= len(self._spans[row]):
            raise CourseError(
                f"Row {row + 1} of the sheet has {len(self._spans[row])} columns, the "
                f"first has {len(self._spans[0])}: export the sheet again."
            )
        self._changed[row, column] = value

    def number(self, value: float) -> str:
        """Return a number as the sheet writes it, with at most two decimals.

        Args:
            value: Any finite number.
        """
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return text.replace(".", self._decimal)

    def text(self) -> str:
        """Return the sheet's text with all changes."""
        pieces, end = [], 0
        for (row, column), value in sorted(self._changed.items()):
            begin, after = self._spans[row][column]
            quoted = self._text[begin : begin + 1] == '"'
            if quoted or re.search(f'["\r\n{self._delimiter}]', value):
                value = '"' + value.replace('"', '""') + '"'
            pieces += [self._text[end:begin], value]
            end = after
        return "".join(pieces) + self._text[end:]


def read_sheet(text: str) -> Sheet:
    """Read a sheet of delimited text.

    Args:
        text: The file's content; its first line names the columns.

    Raises:
        CourseError: If it has no columns, or a quote is not closed.
    """
    start = len(_MARK) if text.startswith(_MARK) else 0
    head = re.sub(r'"[^"]*"', "", text[start:].split("\n", 1)[0])
    delimiter = max(_DELIMITERS, key=head.count)
    if not head.count(delimiter):
        raise CourseError(
            "The sheet has no columns with commas, semicolons or tabs between them: "
            "export it as csv."
        )
    # A cell, with or without quotes, and what stands behind it.
    cell = re.compile(
        rf'("(?:[^"]|"")*"|(?!")[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)'
    )
    rows: list[list[tuple[int, int]]] = [[]]
    while match := cell.match(text, start):
        rows[-1].append(match.span(1))
        start = match.end()
        if match[2] != delimiter:
            if start == len(text):
                return Sheet(text, rows, delimiter)
            rows.append([])
    raise CourseError(
        f"Row {len(rows)} of the sheet has a quotation mark that is not closed, or "
        "text behind it: export the sheet again."
    )


def _value(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw
