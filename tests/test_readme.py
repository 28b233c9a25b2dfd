"""README.md and CONTRIBUTING.md are true. Alone: pytest tests/test_readme.py."""

import doctest
import re
from pathlib import Path

import pytest

from course.lessons.lesson import read_lesson, sources

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "DATA_LICENSES.md")
}
# In code marks and meant as a path: with a folder, or with an ending of ours. NN and
# TOPIC stand for any name.
A_PATH = re.compile(r"`((?:[\w.]+/)+[\w.]*|[\w.]+\.(?:md|txt|toml|py))`")


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^(\w+):.*## ", text, re.MULTILINE))


def tree_entries() -> list[str]:
    """The paths of the annotated tree, each below the folder that it is indented under.

    An indentation below a file only groups: the entries stay in that file's folder.
    """
    (block,) = re.findall(r"<!-- tree:.*?```text\n(.*?)```", README, re.DOTALL)
    entries, folders = [], [(-1, "")]
    for line in block.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.split(r"\s{2,}", line.strip())[0].split()
        while folders[-1][0] >= indent:
            folders.pop()
        parent = folders[-1][1]
        entries += [parent + name for name in names]
        if names[0].endswith("/"):
            folders.append((indent, parent + names[0]))
    return entries


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        if path and not (ROOT / path).exists():
            broken.append(target)
        headings = re.findall(r"^#+ (.*)$", PAGES[page], re.MULTILINE)
        anchors = {
            re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings
        }
        if anchor and anchor not in anchors:
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_named_paths_exist(page):
    names = {n for n in A_PATH.findall(PAGES[page]) if not re.search("NN|TOPIC", n)}
    run_files = {"run.json", "history.jsonl"}
    missing = {name for name in names - run_files if not (ROOT / name).exists()}
    assert missing == set()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_named_make_targets_exist(page):
    named = set(re.findall(r"(?:`|^)make (\w+)", PAGES[page], re.MULTILINE))
    assert named
    assert named - make_targets() == set()


def test_readme_lists_the_course_commands():
    import typer

    from course import cli

    commands = typer.main.get_command(cli.app).commands
    shown = {name for name, command in commands.items() if not command.hidden}
    assert set(re.findall(r"^\| `course (\w+)", README, re.MULTILINE)) == shown


def test_tree_is_the_tree():
    entries = tree_entries()
    assert [entry for entry in entries if not list(ROOT.glob(entry))] == []
    assert len(set(entries)) == len(entries)


def test_tree_names_every_module():
    named = {path for entry in tree_entries() for path in ROOT.glob(entry)}
    # Of views, demo and adapters the folder is enough: a file there is a page or view.
    whole = {ROOT / "course" / name for name in ("views", "demo", "adapters")}
    modules = {path for path in ROOT.glob("course/**/*.py") if path.stem != "__init__"}
    unnamed = {path for path in modules - named if path.parent not in whole}
    assert unnamed == set(), "each module has its line in README's tree"


def test_lesson_table_is_what_the_sources_say():
    expected = []
    for source in sources():
        lesson = read_lesson(source)
        front, name = lesson.front, source.stem
        needs = ", ".join(front["needs"]) or "processor"
        expected.append(
            f"| {int(name[:2])} | [{front['title']}](notebooks/{name}.ipynb) "
            f"| {front['summary']} | {len(lesson.tasks)} | {front['minutes']} "
            f"| {needs} |"
        )
    rows = re.findall(r"^\| \d+ \|.*$", README, re.MULTILINE)
    assert rows == expected


def test_example_prints_what_it_shows():
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 1
    example = doctest.DocTestParser().get_doctest(blocks[0], {}, "README", None, None)
    report: list[str] = []
    result = doctest.DocTestRunner().run(example, out=report.append)
    assert result.attempted > 5
    assert result.failed == 0, "".join(report)


def test_check_prints_what_it_shows():
    from course.grading.cases import cases_path, load_cases
    from course.grading.checking import check_cases
    from course.grading.namespaces import wrong_namespace
    from course.lessons.catalogue import card
    from course.lessons.progress import Attempt

    (shown,) = re.findall(r'check\("02.2"\)\n\n(.*?)```', README, re.DOTALL)
    answers = load_cases(cases_path("02"), hidden=True).wrong_answers
    wrong = next(w for w in answers if w.name == "merges_from_the_right")
    result = check_cases(
        next(e for e in card("02").exercises if e.id == "02.2"),
        load_cases(cases_path("02")).of("02.2"),
        wrong_namespace(wrong),
        record=lambda *_: Attempt(1, None),
    )
    assert repr(result) == shown.rstrip()


def test_steps_without_make_are_those_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    install = 'pip install -c constraints.txt -e ".[test]"'
    assert install in makefile
    assert README.count(install) == 2
