from course.grading.exports.slicing import defined, sliced

TEXT = """
import math
import random as rnd
from os import path, sep

SIZE, other = 3, 4
rnd.seed(0)
print(len("x"))
table = {}
table["a"] = SIZE

if SIZE:
    flag = True

@staticmethod
def use():
    local = path.join("a", "b")
    return local, table

def local():
    return math.pi

def reads_flag(): return flag
""".strip("\n")


def test_only_what_is_needed_in_order():
    text = sliced(TEXT, {"use"})
    wanted = ["from os import path", "SIZE, other", "table = {}", 'table["a"]', "@stat"]
    assert [text.count(line) for line in wanted] == [1] * 5
    assert sorted(wanted, key=text.find) == wanted
    for other in ("math", "rnd", "print", "def local", "reads_flag"):
        assert other not in text, f"{other} is not needed"


def test_a_change_of_what_is_kept_is_kept():
    assert sliced(TEXT, {"rnd"}) == "import random as rnd\n\nrnd.seed(0)"


def test_blocks_define_what_stands_in_them():
    assert "if SIZE:\n    flag = True" in sliced(TEXT, {"reads_flag"})


def test_statements_on_one_line_are_parted():
    assert sliced("a = 1; b = a; c = 2", {"b"}) == "a = 1\n\nb = a"


def test_unknown_names():
    assert sliced(TEXT, {"nothing", "len"}) == ""


def test_names_within_functions_and_comprehensions_are_their_own():
    text = "def f():\n    x = 1\ny = [z for z in range(3)]"
    assert defined(text) == {"f", "y"}
