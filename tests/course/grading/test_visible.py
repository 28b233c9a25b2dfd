"""The hidden part of cases, and all that only it needs, goes; the rest stays.

Alone: pytest tests/course/grading/test_visible.py
"""

import ast
from pathlib import Path

import pytest

from course.errors import CourseError
from course.grading.visible import visible_source

HIDDEN = "@pytest.mark.hidden\ndef test_h(student):\n    {}\n"


def visible(text):
    return visible_source(text, Path("test_02_x.py"))


def kept(text):
    """Names defined at the top of the visible part."""
    names = set()
    for node in ast.parse(visible(text)).body[1:]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = getattr(node, "targets", None) or [node.target]
            names |= {n.id for t in targets for n in ast.walk(t) if hasattr(n, "id")}
        else:
            names.add(node.name)
    return names


def test_hidden_cases_and_wrong_answers_go_with_what_only_they_need():
    text = (
        '"""About the hidden ones."""\n'
        "import math\nimport pytest\nfrom random import choice, seed\n"
        "SHOWN = 1\nSECRET = math.pi\n\n\n"
        "def helper():\n    return SECRET\n\n\n"
        f"{HIDDEN.format('helper(), choice')}\n\n"
        '@pytest.mark.wrong_answer("02.1")\ndef wrong():\n    SECRET\n\n\n'
        '@pytest.mark.exercise("02.1")\ndef test_a(student):\n    seed, SHOWN\n'
    )
    assert kept(text) == {"pytest", "seed", "SHOWN", "test_a"}
    assert "About" not in visible(text)
    assert "choice" not in visible(text)


def test_text_of_what_stays_is_as_it_was_written():
    case = (
        '@pytest.mark.exercise(\n    "02.1",\n    hint=("a",  "b"),\n)\n'
        "def test_a(student):\n    # a comment\n    assert  1 ==  1"
    )
    assert visible(f"import pytest\n\n{case}\n").endswith(f"\n\n\n{case}\n")


USES = {
    "in a decorator": '@pytest.mark.exercise("02.1", hint=NEEDED)\ndef test_a(s): 1',
    "in an annotation": "def test_a(s: NEEDED) -> None: 1",
    "in an annotation of a variable": "def test_a(s):\n    x: NEEDED = 1",
    "as a default": "def test_a(s, x=NEEDED): 1",
    "in a comprehension": "def test_a(s): [x for x in NEEDED if x]",
    "inside a comprehension": "def test_a(s): {NEEDED: x for x in s}",
    "in a nested function": "def test_a(s):\n    def g(): return lambda: NEEDED\n",
    "in a class": "def test_a(s):\n    class A:\n        x = NEEDED\n",
    "as a base": "def test_a(s):\n    class A(NEEDED): 1\n",
    "by its attribute": "def test_a(s): NEEDED.x.y = 1",
    "in a formatted text": "def test_a(s): f'{NEEDED!r:>{s}}'",
    "as the global that it sets": "def test_a(s):\n    global NEEDED\n    NEEDED += 1",
    "through a helper": "def test_a(s): g()\ndef g(): return h()\ndef h(): NEEDED",
    "through a class": "def test_a(s): A()\nclass A:\n    def f(self): NEEDED",
    "through a constant": "B = [NEEDED]\nA: list = [*B]\ndef test_a(s): A",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize(
    "definition",
    [
        "NEEDED = 1",
        "NEEDED: int = 1",
        "OTHER, (*NEEDED, LAST) = 1, (2, 3)",
        "class NEEDED: 1",
        "def NEEDED(): 1",
        "import NEEDED",
        "import x as NEEDED",
        "from x import y as NEEDED",
    ],
)
def test_what_a_visible_case_uses_stays(use, definition):
    assert "NEEDED" in kept(f"import pytest\n{definition}\n{use}\n")


LOCAL = {
    "a variable": "def test_a(s):\n    SECRET = 1\n    SECRET",
    "an argument": "def test_a(s, SECRET): SECRET",
    "a comprehension's variable": "def test_a(s): [SECRET for SECRET in s]",
    "an import": "def test_a(s):\n    import SECRET\n    SECRET.x",
    "a loop's variable": "def test_a(s):\n    for SECRET in s: SECRET",
    "a caught error": "def test_a(s):\n    try: 1\n    except E as SECRET: SECRET",
    "a nested function's": "def test_a(s):\n    SECRET = 1\n    def g(): SECRET",
    "an attribute": "def test_a(s): s.SECRET(SECRET=1)",
    "a text": "def test_a(s): 'SECRET'  # SECRET",
}


@pytest.mark.parametrize("use", LOCAL.values(), ids=LOCAL)
def test_local_name_keeps_no_secret_of_the_same_name(use):
    text = f"import pytest\nSECRET = [12345]\n{HIDDEN.format('SECRET')}\n{use}\n"
    assert "12345" not in visible(text)


@pytest.mark.parametrize("mark", ["hidden", 'wrong_answer("02.1")'])
@pytest.mark.parametrize("use", ["test_h", "g", "[test_h]"])
def test_visible_case_cannot_use_a_hidden_one(mark, use):
    hidden = f"@pytest.mark.{mark}\ndef test_h(student): 1"
    text = f"import pytest\n{hidden}\ndef g(): test_h\ndef test_a(s): {use}"
    with pytest.raises(CourseError, match=r"^test_02_x\.py:3: .* test_h, which learn"):
        visible(text)


def test_import_of_a_module_in_a_package():
    assert kept("import os.path\nimport os.nt\ndef test_a(s): os.path") == {
        *("os.path", "os.nt", "test_a"),
    }


def test_relative_import_keeps_its_dots():
    assert "from ..x import y" in visible("from ..x import y, z\ndef test_a(s): y")


def test_definition_that_is_used_twice_stays_once():
    text = "A = 1\nB = A\nC = A\ndef test_a(s): B, C"
    assert visible(text).count("A = 1") == 1


def test_form_feed_moves_no_line():
    text = "A = 'x\x0cy'\nB = 2\n\n\ndef test_a(s): B"
    assert kept(text) == {"B", "test_a"}


def test_visible_part_of_a_visible_part_is_the_same():
    once = visible(f"import pytest\nA = 1\n{HIDDEN.format('A')}\ndef test_a(s): 1\n")
    assert visible(once) == once


def test_file_with_hidden_cases_alone():
    assert kept(f"import pytest\n{HIDDEN.format('1')}") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "if TYPE_CHECKING:\n    import x",
        "try:\n    import x\nexcept ImportError: 1",
        "from x import *",
        "A['b'] = 1",
        "A.b = 1",
        "A, B.c = 1, 2",
        "A += 1",
        "print(1)",
        "async def f(): 1",
        "with x: 1",
        "del A",
    ],
)
def test_statement_whose_purpose_could_not_be_told(statement):
    with pytest.raises(CourseError, match=r"^test_02_x\.py:2: only imports and assign"):
        visible(f"A = 1\n{statement}\ndef test_a(s): A\n")


@pytest.mark.parametrize("mark", ["mark.hidden", "hidden", "pytest.mark . hidden(1)"])
def test_hidden_by_another_name_does_not_become_visible(mark):
    text = f"from pytest import mark\nhidden = mark.hidden\n@{mark}\ndef test_a(s): 1"
    if mark.startswith("pytest"):
        assert "test_a" not in visible(text)
    else:
        with pytest.raises(
            CourseError, match="test_a: write each decorator as @pytest"
        ):
            visible(text)
