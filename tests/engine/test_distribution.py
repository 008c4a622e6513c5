"""The engine as a distribution: what it asks for, and what its README lists."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tiny_book import write_book

from framework_tabs import __main__ as command
from framework_tabs import _compat, config

REPOSITORY = Path(__file__).resolve().parents[2]
ENGINE = REPOSITORY / "framework_tabs"
README = (ENGINE / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ENGINE / "pyproject.toml").read_text(encoding="utf-8"))
STYLE = "accessible-pygments"
"""The colours of code, whose module is called otherwise."""
OPTIONAL = {"d2l_import", "sphinx_turkish"}
"""Packages of this repository that the engine uses where they are."""


def extra(name):
    """Return what an extra asks for, with what the extras in it do."""
    found = map(Requirement, PROJECT["project"]["optional-dependencies"][name])
    return {
        line
        for each in found
        for line in (
            set().union(*map(extra, each.extras))
            if each.name == "framework-tabs"
            else {str(each)}
        )
    }


def imported():
    """Return the modules of others that the engine imports anywhere."""
    yield from (module.split(".")[0] for module, _versions in _compat.NAMES.values())
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield node.module.split(".")[0]


def table(heading):
    """Return the names in the first column of a section's table."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.M)
    return {name for row in rows for name in re.findall("`(.*?)`", row)}


def test_it_asks_for_what_it_imports():
    modules = set(imported()) - sys.stdlib_module_names - OPTIONAL
    known = packages_distributions()
    found = {canonicalize_name(name) for module in modules for name in known[module]}
    project = PROJECT["project"]
    names = *extra("epub"), *extra("live"), *extra("book")
    lines = {*project["dependencies"], *names}
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    # Kernels and styles of code are asked for by their names, and fonts are files. What
    # the extra cluster has is a program.
    assert found == asked - {"ipykernel", STYLE, *command.FONTS}


@pytest.mark.parametrize("name", command.EXTRAS)
def test_an_extra_brings_what_its_command_needs(name):
    assert extra(name) - {STYLE} == set(command.EXTRAS[name])


def test_every_package_of_the_engine_and_every_file_it_reads_is_in_its_wheel():
    tools = PROJECT["tool"]["setuptools"]
    folders = {path.parent for path in ENGINE.rglob("__init__.py")}
    names = {
        ".".join(folder.relative_to(REPOSITORY).parts): folder for folder in folders
    }
    assert set(tools["packages"]) == set(names)
    taken = {
        path
        for package, patterns in tools["package-data"].items()
        for pattern in patterns
        for path in names[package].glob(pattern)
    }
    read = {
        path
        for path in ENGINE.rglob("*.*")
        if path.suffix not in (".py", ".pyc") and path.parent != ENGINE
    }
    marker = ENGINE / "py.typed"
    assert read | {marker} == {path for path in taken if path.is_file()}


def test_both_projects_hold_the_same_engine():
    whole = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    whole, own = whole["tool"]["setuptools"], PROJECT["tool"]["setuptools"]
    packages = [p for p in whole["packages"] if p.split(".")[0] == "framework_tabs"]
    assert packages == own["packages"]
    assert own["package-data"].items() <= whole["package-data"].items()


def test_the_readme_lists_every_command_and_every_setting():
    parser = command._parser()
    commands = next(a.choices for a in parser._actions if a.choices)
    assert table("Commands") == set(commands)
    assert table("Settings") == set(config._KEYS)
    details = README.partition("The details of a framework:")[2].partition("\n\n")[0]
    assert set(config._FRAMEWORK_KEYS) <= set(re.findall("`(.*?)`", details))


@pytest.mark.parametrize(
    ("arguments", "absent", "message"),
    [
        (
            ["epub"],
            "pypdfium2",
            "elle kurmak için: pip install pypdfium2\n",
        ),
        (["pdf"], "jupyter_book", 'pip install "jupyter-book<2"\n'),
        (["import", "a.md", "b"], "d2l_import", "alexnet-kitabi ile birlikte gelir"),
    ],
)
def test_a_command_whose_packages_are_missing_says_how_to_get_them(
    tmp_path, monkeypatch, capsys, arguments, absent, message
):
    book = write_book(tmp_path)
    found = command.find_spec
    monkeypatch.setattr(
        command, "find_spec", lambda name: None if name == absent else found(name)
    )
    assert command.main([*arguments, "--root", str(book.root)]) == 1
    assert message in capsys.readouterr().err
