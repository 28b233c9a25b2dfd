"""Notebooks are built from their sources, well formed, and run from top to bottom.

Alone: pytest tests/test_notebooks.py. Run as a program (`make notebooks`), this file
writes notebooks/NN_name.ipynb from notebooks/source/NN_name.py: the same source gives
the same bytes, so that a diff shows what was changed and nothing else.
"""

import ast
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
import yaml
from nbclient import NotebookClient

TESTS = Path(__file__).parent
NOTEBOOKS = TESTS.parent / "notebooks"
SOURCES = sorted((NOTEBOOKS / "source").glob("*.py"))

FRONT_MATTER = {"title", "summary", "minutes", "device", "needs", "sources"}
TAGS = {
    *("title", "objectives", "setup", "concept", "demo", "observe", "widget"),
    *("question", "exercise", "check", "hint", "scale", "recap", "sources"),
}
KERNEL = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def read_source(source: Path) -> tuple[dict[str, Any], list[Any]]:
    """The front matter and the cells of a lesson's source."""
    cells = jupytext.read(source, fmt="py:percent").cells
    return yaml.safe_load(cells[0].source.strip("-\n")), cells[1:]


def build(source: Path) -> str:
    """The text of the notebook of a source; the same at each call."""
    front, cells = read_source(source)
    title = (
        f"# {front['title']}\n\n{front['summary']}\n\n"
        f"*About {front['minutes']} minutes; needs no graphics card. "
        f"Built from `source/{source.name}`: edit that file, not this one.*"
    )
    sources = "## Sources\n\n" + "\n".join(f"- {line}" for line in front["sources"])
    cells = [
        nbformat.v4.new_markdown_cell(title, metadata={"tags": ["title"]}),
        *cells,
        nbformat.v4.new_markdown_cell(sources, metadata={"tags": ["sources"]}),
    ]
    notebook = nbformat.v4.new_notebook(metadata=KERNEL, cells=cells)
    used: dict[str, int] = {}
    for cell in notebook.cells:
        kept = {"tags", "exercise"} & set(cell.metadata)
        cell.metadata = {name: cell.metadata[name] for name in kept}
        # From the content: inserting a cell leaves the ids of the others alone.
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
        used[digest] = used.get(digest, 0) + 1
        cell.id = f"{digest[:12]}-{used[digest]}"
    nbformat.validate(notebook)
    notebook = nbformat.v4.rwbase.split_lines(notebook)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def notebook_of(source: Path) -> Path:
    return NOTEBOOKS / source.with_suffix(".ipynb").name


def tags_of(cell: Any) -> list[str]:
    return cell.metadata.get("tags", [])


each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def test_every_notebook_has_a_source():
    built = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    assert built == {path.stem for path in SOURCES} != set()


@each_source
def test_notebook_is_what_its_source_builds(source):
    committed = notebook_of(source).read_text(encoding="utf-8")
    assert committed == build(source), "edit the source, then run: make notebooks"


@each_source
def test_build_gives_valid_notebook_without_outputs(source):
    notebook = nbformat.reads(build(source), as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(c.outputs == [] and c.execution_count is None for c in code)


def test_inserted_cell_keeps_the_ids_of_the_others(tmp_path):
    text = SOURCES[0].read_text(encoding="utf-8")
    (tmp_path / "longer.py").write_text(text + '\n# %% tags=["demo"]\nprint(1)\n')
    (tmp_path / "same.py").write_text(text)
    ids = {
        name: [c["id"] for c in json.loads(build(tmp_path / name))["cells"]]
        for name in ("longer.py", "same.py")
    }
    added = [i for i in ids["longer.py"] if i not in ids["same.py"]]
    # The first cell names the file, so its id may differ here.
    assert len(added) == 2


@each_source
def test_front_matter_is_complete(source):
    front, _ = read_source(source)
    assert set(front) == FRONT_MATTER
    assert len(front["summary"]) <= 100
    assert front["summary"].endswith(".")
    assert 0 < front["minutes"] <= 90
    assert front["device"] in ("cpu", "gpu")
    assert front["sources"]


@each_source
def test_cells_follow_the_lesson_form(source):
    _, cells = read_source(source)
    wrong = []
    for cell in cells:
        start = cell.source[:50]
        if len(tags_of(cell)) != 1 or not set(tags_of(cell)) <= TAGS:
            wrong.append(f"one known tag expected, got {tags_of(cell)}: {start}")
        if cell.cell_type == "markdown" and re.search("^# ", cell.source, re.MULTILINE):
            wrong.append(f"the title is the only heading of level 1: {start}")
        if tags_of(cell) == ["concept"] and len(cell.source.split()) > 120:
            wrong.append(f"over 120 words: {start}")
    assert wrong == []
    order = [tag for cell in cells for tag in tags_of(cell)]
    assert (order[:2], order[-1]) == (["objectives", "setup"], "recap")


@each_source
def test_code_cells_are_short_and_import_at_the_top(source):
    _, cells = read_source(source)
    wrong = []
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        start = cell.source[:50]
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > (15 if tags_of(cell) == ["setup"] else 20):
            wrong.append(f"{len(lines)} lines: {start}")
        if re.search(r"^\s*[!%]|/home/|/tmp/|[A-Z]:\\", cell.source, re.MULTILINE):
            wrong.append(f"shell command, magic or absolute path: {start}")
        imports = any(
            isinstance(node, ast.Import | ast.ImportFrom)
            for node in ast.walk(ast.parse(cell.source))
        )
        if imports and tags_of(cell) != ["setup"]:
            wrong.append(f"import outside the set-up cell: {start}")
    assert wrong == []


@each_source
def test_each_demo_is_followed_by_what_to_see(source):
    _, cells = read_source(source)
    order = [tag for cell in cells for tag in tags_of(cell)]
    after = [order[i + 1] for i, tag in enumerate(order) if tag == "demo"]
    assert set(after) == {"observe"}


@pytest.mark.timeout(600)
@each_source
def test_notebook_runs_offline_in_a_fresh_kernel(source, tmp_path):
    notebook = nbformat.reads(build(source), as_version=4)
    guard = f"import sys; sys.path[:0] = [{str(TESTS.parent)!r}, {str(TESTS)!r}]\n"
    guard += "import offline; offline.block_network()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(guard))
    check = "assert offline.attempts == [], offline.attempts"
    notebook.cells.append(nbformat.v4.new_code_cell(check))
    environment = {**os.environ, "COURSE_RUNS": str(tmp_path / "runs")}
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute(env=environment)
    for cell in notebook.cells[1:-1]:
        if cell.cell_type == "code" and tags_of(cell) in (["demo"], ["setup"]):
            assert cell.outputs, f"shows nothing: {cell.source[:50]}"


if __name__ == "__main__":
    for lesson in SOURCES:
        notebook_of(lesson).write_text(build(lesson), encoding="utf-8", newline="\n")
        print(notebook_of(lesson).relative_to(NOTEBOOKS.parent))
