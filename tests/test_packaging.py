"""What is declared is what is used. Alone: pytest tests/test_packaging.py."""

import hashlib
import re
import sys
import tomllib
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

import pytest
import test_layers
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import course

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
TEST = [Requirement(line) for line in PROJECT["optional-dependencies"]["test"]]
# The text at apache.org, which many packages carry unchanged.
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def read_constraints() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in pins}


CONSTRAINTS = read_constraints()


def installed_closure() -> dict[str, str]:
    """Name -> public version of all that this project needs here, read as installed."""
    versions, queue = {}, [(line, {""}) for line in RUNTIME + TEST]
    seen = set()
    while queue:
        requirement, extras = queue.pop()
        name = canonicalize_name(requirement.name)
        wanted = requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras
        )
        if not wanted or (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        # torch 2.13.0+cpu is the processor-only build of 2.13.0.
        versions[name] = metadata.version(name).partition("+")[0]
        for line in metadata.requires(name) or []:
            queue.append((Requirement(line), {"", *requirement.extras}))
    return versions


def test_installed_metadata_is_this_projects():
    installed = metadata.metadata("llm-teaching-kit")
    assert installed["Version"] == PROJECT["version"] == course.__version__
    assert installed["License-Expression"] == "Apache-2.0"
    assert installed["Requires-Python"] == ">=3.11"


def test_course_command_is_installed():
    (entry,) = metadata.entry_points(group="console_scripts", name="course")
    assert entry.value == "course.cli:main"
    assert callable(entry.load())


def test_licence_is_the_unchanged_text():
    content = (ROOT / "LICENSE").read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(content).hexdigest() == APACHE_2


@pytest.mark.parametrize("name", PROJECT["license-files"])
def test_licence_files_exist(name):
    assert (ROOT / name).is_file()


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = text.partition("[project.scripts]")[0]
    lines = [line for line in text.splitlines() if re.match(r'  "[a-z]', line)]
    # Classifiers begin with a capital, and the keywords stand on one line.
    assert [line.strip() for line in lines if " # " not in line] == []
    assert len(lines) > 30


def test_every_import_is_declared():
    homes = metadata.packages_distributions()
    # What only some need is an extra, which an error names where it is missing.
    extras = PROJECT["optional-dependencies"]
    optional = [Requirement(line) for name in extras if name != "test"
                for line in extras[name]]  # fmt: skip
    declared = {canonicalize_name(line.name) for line in RUNTIME + optional}
    undeclared = []
    for module, names in test_layers.IMPORTS.items():
        for top in {name.split(".")[0] for name in names}:
            if top in sys.stdlib_module_names or top in ("course", "widgets"):
                continue
            if not declared & {canonicalize_name(name) for name in homes.get(top, [])}:
                undeclared.append(f"{module} imports {top}")
    assert undeclared == []


def test_constraints_are_exact_and_name_no_address():
    for pin in CONSTRAINTS.values():
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert pin.url is None
        assert "+" not in specifier.version, f"{pin}: other machines lack that build"


def test_constraints_hold_what_is_installed():
    wrong = []
    for name, version in installed_closure().items():
        if name.startswith(("nvidia-", "cuda-", "triton")):
            continue  # torch's graphics-card build names the exact versions itself
        if name not in CONSTRAINTS:
            wrong.append(f"{name} {version} is not in constraints.txt")
        elif not CONSTRAINTS[name].specifier.contains(version):
            wrong.append(f"{name} {version} is installed, not {CONSTRAINTS[name]}")
    assert wrong == []


def test_constraints_name_nothing_superfluous():
    needed = installed_closure()
    elsewhere = {name for name, pin in CONSTRAINTS.items() if pin.marker}
    assert set(CONSTRAINTS) - set(needed) - elsewhere == set()


def test_every_data_file_is_packaged():
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]
    forgotten = [
        str(path.relative_to(ROOT))
        for package in ("course", "widgets")
        for path in (ROOT / package).rglob("*")
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and not any(
            fnmatch(path.relative_to(ROOT / package).as_posix(), pattern)
            for pattern in patterns.get(package, [])
        )
    ]
    assert forgotten == []


def test_every_package_folder_has_an_init():
    folders = {
        path.parent
        for package in ("course", "widgets")
        for path in (ROOT / package).rglob("*.py")
    }
    assert [f for f in folders if not (f / "__init__.py").exists()] == []


def test_ci_runs_the_pythons_of_the_classifiers():
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    (matrix,) = re.findall(r"python: \[(.*)\]", text)
    prefix = "Programming Language :: Python :: 3."
    classified = [line for line in PROJECT["classifiers"] if line.startswith(prefix)]
    assert re.findall(r"3\.\d+", matrix) == [line.split()[-1] for line in classified]


def test_ci_pins_actions_by_commit():
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    actions = re.findall(r"uses: (\S+)", text)
    assert actions
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in actions)
