"""Who may import whom, read from the source. Alone: pytest tests/test_layers.py.

Imports point one way, so that a reader meets a thing before it is used, and heavy
libraries come in where they are needed and not before.
"""

import ast
import subprocess
import sys
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module may import those above it, and those of its own line as long as no circle
# closes. A name stands for a module or a package with all that is in it; one with a
# star for those that no plain name stands for.
LAYERS = (
    ("errors", "files", "hardware", "libraries", "spreadsheets"),
    ("assets",),
    ("cleaning", "tables", "tasks", "data"),
    ("runs",),
    ("inference",),
    ("evaluation",),
    ("finetuning",),
    ("hyperparameters",),
    ("*",),  # every other topic module
    ("views",),
    ("demo", "lessons", "grading"),
    ("cli",),
)
# Plain names first, then longer patterns before shorter ones.
PLACES = sorted(
    ((name, rank) for rank, names in enumerate(LAYERS) for name in names),
    key=lambda place: ("*" in place[0], -len(place[0])),
)

# Library -> the only places whose files may import it. The first kept apart are those
# that draw (a view serves a notebook and the demo alike and knows neither).
HOMES = {
    "ipywidgets": ("widgets/",),
    "anywidget": ("widgets/",),
    "IPython": ("widgets/", "course/grading/"),
    "gradio": ("course/demo/", "app.py"),
}

# Loaded by none of the modules in `LIGHT` until a function that needs them is called.
HEAVY = {
    *("torch", "transformers", "accelerate", "peft", "datasets", "evaluate"),
    *("numpy", "scipy", "sklearn", "pandas", "shap", "captum", "optuna"),
    *("matplotlib", "plotly", "gradio", "ipywidgets", "IPython"),
}
LIGHT = (
    *("course", "course.errors", "course.assets", "course.cli"),
    "course.evaluation.shares",
)


def source_files() -> list[Path]:
    files = [*ROOT.glob("course/**/*.py"), *ROOT.glob("widgets/**/*.py")]
    files += [path for path in [ROOT / "app.py"] if path.exists()]
    return sorted(files)


def module_name(path: Path) -> str:
    """course/views/explanation.py -> course.views.explanation; packages by folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path) for path in source_files()}


def imported_names(tree: ast.Module, module: str) -> set[str]:
    """All that a file imports, at its top or in a function, as dotted names.

    `from course import runs` gives course.runs if that is a module, else course: only
    the file system tells. Imports for type checkers alone do not count.
    """
    names = set()
    nodes = list(tree.body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            nodes.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write relative imports out in full"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                names.add(inner if inner in MODULES else node.module)
        nodes.extend(ast.iter_child_nodes(node))
    return names


def read_imports() -> dict[str, set[str]]:
    """Module -> the dotted names it imports."""
    return {
        module_name(path): imported_names(
            ast.parse(path.read_text(encoding="utf-8")), module_name(path)
        )
        for path in source_files()
    }


IMPORTS = read_imports()


def ours(module: str) -> set[str]:
    """The modules of this project that a module imports, itself left out."""
    return {name for name in IMPORTS[module] if name in IMPORTS} - {module, "course"}


def rank(module: str) -> int:
    """The layer of a module; app.py and widgets stand above everything in course."""
    package, _, rest = module.partition(".")
    if package != "course":
        return len(LAYERS)
    name = rest.split(".")[0]
    return next(rank for pattern, rank in PLACES if fnmatch(name, pattern))


@pytest.mark.parametrize("module", sorted(set(IMPORTS) - {"course"}))
def test_imports_point_to_lower_layers(module):
    upwards = {name for name in ours(module) if rank(name) > rank(module)}
    assert not upwards, f"{module} imports {upwards}, which stand above it in LAYERS"


def test_no_imports_in_a_circle():
    try:
        TopologicalSorter({module: ours(module) for module in IMPORTS}).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("path", source_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_libraries_stay_in_their_homes(path):
    imported = {name.split(".")[0] for name in IMPORTS[module_name(path)]}
    place = path.relative_to(ROOT).as_posix()
    strangers = [
        library
        for library, homes in HOMES.items()
        if library in imported and not place.startswith(homes)
    ]
    assert not strangers, f"{place} imports {strangers}; see HOMES in this file"


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("module", LIGHT)
def test_importing_loads_nothing_heavy(module):
    code = f"import sys, {module}; print(*sorted({HEAVY} & set(sys.modules)))"
    assert run_python(code) == ""


def test_import_course_takes_under_300_milliseconds():
    # Processor time of a fresh interpreter, the best of three: other tests are running.
    code = (
        "import time; start = time.process_time(); import course; "
        "print(time.process_time() - start)"
    )
    assert min(float(run_python(code)) for _ in range(3)) < 0.3


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("course.errors", "course.data"),
        ("course.finetuning", "course.hyperparameters.space"),
        ("course.hyperparameters.space", "course.explanation"),  # a topic not named
        ("course.explanation", "course.views.explanation"),
        ("course.demo.pages", "course.cli.tables"),
        ("course.cli", "app"),
    ],
)
def test_rank_follows_the_order_of_layers(lower, higher):
    assert rank(lower) < rank(higher)


def test_layers_name_each_module_once():
    names = [name for layer in LAYERS for name in layer]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import torch.nn as nn", {"torch.nn"}),
        ("def f():\n    from course import runs", {"course.runs"}),
        ("from course import __version__", {"course"}),
        ("if TYPE_CHECKING:\n    import torch\nelse:\n    import json", {"json"}),
        ("text = 'import torch'", set()),
    ],
)
def test_imported_names_reads_all_and_only_imports(source, names):
    assert imported_names(ast.parse(source), "example") == names
