"""The table of names against the source of the real packages, and what they give."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

from d2l_shim import d2l_names
from tests.d2l import real_d2l

FOLDERS = {
    d2l_names.OLD: Path(*PathFinder.find_spec("d2l").submodule_search_locations),
    d2l_names.NEW: real_d2l.D2L_1 / "d2l",
}


@pytest.fixture
def name(request):
    """The module of the framework that this run compares."""
    framework = request.config.getoption("--framework")
    return "torch" if framework == "pytorch" else framework


def body(edition, framework):
    source = (FOLDERS[edition] / f"{framework}.py").read_text("utf-8")
    return ast.parse(source).body


def defined(body):
    """Yield each name that a module's functions, classes and assignments bind."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def imported(body):
    """Yield each name that a module imports, with what it stands for."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from ((each.asname or each.name, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


@pytest.mark.parametrize("edition", d2l_names.EDITIONS)
def test_the_table_has_the_names_that_d2l_has(edition, name):
    module = body(edition, name)
    listed = {
        known.name
        for known in d2l_names.table().values()
        if name in known.frameworks[edition]
    }
    assert listed == {*defined(module), *dict(imported(module))}


def test_libraries_are_those_that_d2l_imports(name):
    both = [*body(d2l_names.OLD, name), *body(d2l_names.NEW, name)]
    found = dict(imported(both))
    (module, attribute) = {
        tuple(ast.unparse(node.value).split(".", 1))
        for node in both
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "nn_Module"
    }.pop()
    found["nn_Module"] = f"{found[module]}.{attribute}"
    assert d2l_names.libraries(name) == found


@pytest.mark.parametrize(
    ("asked", "edition"), [("Vocab", d2l_names.OLD), ("Trainer", d2l_names.NEW)]
)
def test_the_real_package_gives_a_name_that_is_left_out(asked, edition, name, root):
    code = (
        f"import sys; sys.path.insert(0, {str(FOLDERS[edition].parent)!r})\n"
        f"from tests.d2l import real_d2l; real_d2l.prepare({name!r})\n"
        f"import d2l_shim; d2l_shim.install(); from d2l import {name} as d2l\n"
        f"print(d2l.{asked}.__name__, sys.modules[d2l.{asked}.__module__].__file__)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True
    )
    assert process.stdout.split() == [asked, str(FOLDERS[edition] / f"{name}.py")]


@pytest.mark.parametrize("edition", d2l_names.EDITIONS)
def test_the_page_names_the_versions_that_d2l_asks_for(edition, root):
    page = (root / "chapters" / "d2l.md").read_text("utf-8").lower()
    (row,) = re.findall(rf"(?m)^\| {re.escape(edition)} \(.*$", page)
    named = re.findall(r"(numpy|pandas|scipy|matplotlib|requests) ([\d.]+\d)", row)
    (d2l,) = metadata.distributions(name="d2l", path=[str(FOLDERS[edition].parent)])
    asked = {re.sub("[ ()]", "", requirement) for requirement in d2l.requires}
    assert {f"{package}=={version}" for package, version in named} <= asked
    assert len(named) == 4
