"""Where the commands write: people read standard error, programs standard output."""

import html
import json
import math
from pathlib import Path
from typing import Any

from rich.console import Console

from course.errors import CourseError

console = Console(stderr=True)


def show(data: Any) -> None:
    """Print JSON on standard output."""
    print(json_text(data, indent=1))


def json_text(data: Any, **options: Any) -> str:
    """Return data as JSON that every reader accepts: a number that is none is null.

    Args:
        data: What `json` can write.
        options: Options of `json.dumps`.

    Example:
        >>> json_text({"low": float("nan"), "value": 1.0})
        '{"low": null, "value": 1.0}'
    """
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False, **options)
    except ValueError:
        return json.dumps(_finite(data), ensure_ascii=False, **options)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    is_no_number = isinstance(data, float) and not math.isfinite(data)
    return None if is_no_number else data


def html_page(title: str, section: str) -> str:
    """Return a page that stands alone: no script, no style sheet, no request.

    Args:
        title: Title of the window, plain text.
        section: What to show, HTML; it looks right on a light and on a dark ground.

    Example:
        >>> "<title>1 &lt; 2</title>" in html_page("1 < 2", "<p>Yes.</p>")
        True
    """
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n</head>\n"
        '<body style="font-family:system-ui,sans-serif;max-width:60em;margin:2em auto">'
        f"\n{section}\n</body>\n</html>\n"
    )


def write_file(file: Path, content: str) -> None:
    """Write a file by way of a temporary one, so that no half of it remains.

    Args:
        file: Where to.
        content: Text.

    Raises:
        CourseError: If the folder does not exist or cannot be written.
    """
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CourseError(
            f"{file} cannot be written ({error.strerror}): choose another place."
        ) from error
