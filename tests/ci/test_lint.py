"""The checks of make lint: that hooks run the same ones, and what they notice."""

import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent


def checks():
    """The commands of make lint, without those that install their programs."""
    goal = ["make", "--dry-run", "--no-print-directory", "lint"]
    commands = subprocess.check_output(goal, cwd=ROOT, text=True).splitlines()
    return [line for line in commands if line.startswith(".venv/bin/")]


def hooks():
    """The hooks of pre-commit."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    return [hook for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]


def test_hooks_and_make_lint_run_the_same_checks():
    assert [hook["entry"] for hook in hooks()] == checks()


def test_hooks_run_programs_of_the_environment_on_what_make_lint_reads():
    for hook in hooks():
        assert hook["language"] == "system" and hook["pass_filenames"] is False
        assert (SCRIPTS / Path(hook["entry"].split()[0]).name).exists()


def test_pre_commit_accepts_the_hooks():
    command = [SCRIPTS / "pre-commit", "validate-config", ".pre-commit-config.yaml"]
    assert subprocess.run(command, cwd=ROOT).returncode == 0


@pytest.fixture
def folder(tmp_path):
    """A folder with the settings of the checks."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def found(folder, program, *options):
    """What a check says of a folder; nothing where it is content."""
    command = [SCRIPTS / program, *options]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert bool(result.returncode) == bool(result.stdout)
    return result.stdout


STRICT = ["config", "execute.job", "source.chapter", "split.notebook", "store.record"]


def test_every_module_that_decides_what_is_still_right_is_typed_strictly():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    strict = [
        pattern
        for each in settings["tool"]["mypy"]["overrides"]
        if each.get("disallow_untyped_defs")
        for pattern in each["module"]
    ]
    for name in STRICT:
        module = f"framework_tabs.{name}"
        assert any(fnmatch(module, pattern) for pattern in strict), module


def test_a_wrong_type_is_noticed(folder):
    package = folder / "framework_tabs" / "store"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "x.py").write_text("def size(of):\n    return len(of)\n")
    told = found(folder, "mypy", "framework_tabs")
    assert "x.py:1: error: Function is missing a type annotation" in told


MISTAKE = "rec" + "ieve"
"""A typing error that is none in this file."""


def test_a_typing_error_in_code_is_noticed_and_turkish_text_is_not_read(folder):
    (folder / "chapters").mkdir()
    (folder / "chapters" / "katman.md").write_text(f"Bu {MISTAKE}\n")
    (folder / "README.md").write_text(f"Bu {MISTAKE}\n")
    assert found(folder, "codespell") == ""
    (folder / "code.py").write_text(f"# {MISTAKE} it\n")
    (folder / "CONTRIBUTING.md").write_text(f"{MISTAKE}\n")
    told = found(folder, "codespell")
    assert "code.py:1" in told and "CONTRIBUTING.md:1" in told


def test_code_in_another_form_is_noticed_and_code_in_prose_is_left_alone(folder):
    (folder / "page.md").write_text("```python\nimport a\nb = ( 1 )\n```\n")
    assert found(folder, "ruff", "format", "--check", "--quiet") == ""
    (folder / "code.py").write_text("b = ( 1 )\n")
    assert "code.py" in found(folder, "ruff", "format", "--check")
