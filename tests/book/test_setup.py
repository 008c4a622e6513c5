"""Setting the book up: what is pinned, what `make` repeats, what a failure says."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint, packages_distributions
from pathlib import Path

import environment
import pytest
import versions
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "api_tabs",
    "architecture_explorer",
    "d2l_import",
    "d2l_shim",
    "framework_tabs",
    "sphinx_turkish",
)


PARTS = ("book", "paper", "notebooks")
FILES = (*PARTS, "no-deps", "tests", "constraints")


SUPPORTED = [".".join(map(str, version)) for version in environment.SUPPORTED]


# The requirement files


def lines_of(name):
    """The lines of a file in requirements/, less comments and empty ones."""
    path = ROOT / "requirements" / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def requirements(name):
    """The requirements in a file, with their markers."""
    return [Requirement(x) for x in lines_of(name) if not x.startswith("-")]


def names_in(requirements):
    """The names of the distributions among some requirements."""
    return {canonicalize_name(x.name) for x in requirements}


def all_parts():
    """The requirements that requirements.txt gathers."""
    return [x for name in PARTS for x in requirements(name)]


def pins(name, python):
    """Map each distribution that a file pins for a Python to its version."""
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    return {
        canonicalize_name(x.name): str(x.specifier)
        for x in requirements(name)
        if x.marker is None or x.marker.evaluate(here)
    }


def test_every_requirement_is_pinned_to_one_release():
    for name in FILES:
        for requirement in requirements(name):
            pinned = re.fullmatch(r"==[\w.]+", str(requirement.specifier))
            assert pinned, f"{name}: {requirement}"


@pytest.mark.parametrize("python", SUPPORTED)
@pytest.mark.parametrize("name", FILES)
def test_direct_pins_are_those_of_the_complete_resolution(name, python):
    assert pins(name, python).items() <= pins("constraints", python).items()


@pytest.mark.parametrize("python", SUPPORTED)
def test_each_python_gets_mxnet_once_and_a_numpy_that_is_tested_with_it(python):
    book = pins("notebooks", python)
    alone = pins("no-deps", python)
    assert ("mxnet" in book) + ("mxnet" in alone) == 1
    assert (python, book["numpy"].lstrip("=")) in versions.PAIRS


def test_no_requirements_file_names_an_address_or_an_index():
    options = [
        line
        for name in FILES
        for line in lines_of(name)
        if line.startswith("-") or "/" in line or "@" in line
    ]
    assert options == 3 * ["-c constraints.txt"] + ["-r ../requirements.txt"]


def test_one_file_at_the_top_installs_the_book_with_everything():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    parts = [f"-r requirements/{name}.txt" for name in PARTS]
    assert [x for x in lines if x and not x.startswith("#")] == ["-e .", *parts]


def test_the_package_asks_for_what_the_requirements_pin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = sum(project["optional-dependencies"].values(), project["dependencies"])
    names = names_in(Requirement(text) for text in asked)
    assert names == names_in(all_parts())


def test_every_part_agrees_on_the_supported_pythons():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    allowed = SpecifierSet(project["requires-python"])
    minors = [f"3.{minor}" for minor in range(20)]
    assert [x for x in minors if allowed.contains(f"{x}.9")] == SUPPORTED
    assert sorted({python for python, numpy in versions.PAIRS}) == SUPPORTED
    named = [x.split(" :: ")[-1] for x in project["classifiers"]]
    assert [x for x in named if re.fullmatch(r"3\.\d+", x)] == SUPPORTED
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"| Python {python} |" in readme for python in SUPPORTED)


SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_runs_its_command_and_says_how_it_is_used(name, monkeypatch, capsys):
    command = EntryPoint(name, SCRIPTS[name], "console_scripts").load()
    monkeypatch.setattr(sys, "argv", [f"/somewhere/bin/{name}", "--help"])
    with pytest.raises(SystemExit) as end:
        command()
    assert end.value.code == 0
    assert "kullanım: " in capsys.readouterr().out


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_fails_says_so_in_its_exit_status(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    wrong = {"d2l-shim": ["run", "none.ipynb"], "framework-tabs": ["check"]}
    monkeypatch.setattr(sys, "argv", [name, *wrong[name]])
    assert EntryPoint(name, SCRIPTS[name], "console_scripts").load()() == 1


def imported_modules(package):
    """Top-level names of the modules that the files of a package import."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield node.module.split(".")[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_the_code_imports_is_a_direct_requirement(package):
    foreign = set(imported_modules(package)) - sys.stdlib_module_names - set(PACKAGES)
    providers = packages_distributions()
    required = names_in(all_parts())
    missing = {
        module
        for module in foreign
        if not any(canonicalize_name(x) in required for x in providers.get(module, []))
    }
    assert not missing


def test_all_packages_agree_with_one_another():
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]
    result = subprocess.run(command, capture_output=True, text=True)
    alone = names_in(requirements("no-deps"))
    if sys.version_info < (3, 13):
        alone = set()
    lines = result.stdout.splitlines()
    disagreeing = [line for line in lines if line.split()[0] not in alone]
    assert disagreeing in ([], ["No broken requirements found."])


# The environment

STAMP = ".venv/book.installed"


@pytest.fixture
def project(tmp_path):
    """A folder with tools/environment.py and a .venv whose pip is this Python's.

    The project that is installed at the end has nothing in it.
    """
    for name in ("tools", "locks"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "tools" / "environment.py", tmp_path / "tools")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "bos"\nversion = "1"\n[tool.setuptools]\npackages = []\n'
    )
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return tmp_path


def install(project, lock="", version=None, **more):
    """Run tools/environment.py with a lock, where no package can be reached."""
    (project / "locks" / "book.txt").write_text(lock)
    program = project / "tools" / "environment.py"
    code = (
        "import runpy, sys; "
        f"sys.version_info = {version or tuple(sys.version_info)}; "
        f"sys.argv = ['', 'book', '{project / STAMP}']; "
        f"runpy.run_path('{program}', run_name='__main__')"
    )
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9",
        "PIP_RETRIES": "1",
        "PIP_TARGET": str(project / "target"),
    }
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=variables | nowhere | more,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_another_python_is_refused_in_one_message_that_names_the_right_ones(
    project, version
):
    result = install(project, version=version)
    assert result.returncode == 1
    (message,) = result.stderr.split("\n\n")[-1].strip().splitlines()
    assert "Python {}.{}.{}".format(*version) in message
    assert "Python 3.11, 3.12 ya da 3.13" in message
    assert not (project / STAMP).exists()


HASH = "--hash=sha256:" + "0" * 64


def test_without_network_the_message_says_so_and_nothing_counts_as_installed(project):
    result = install(project, f"hicbir-yerde-olmayan-paket==1.0 {HASH}")
    assert result.returncode == 1
    (message,) = result.stderr.strip().splitlines()
    assert "paket sunucusuna ulaşılamıyor" in message
    assert not (project / STAMP).exists()


def test_a_file_that_is_not_the_locked_one_is_not_installed(project):
    wheel = project / "paket-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("paket.py", "")
        archive.writestr("paket-1.0.dist-info/METADATA", "Name: paket\nVersion: 1.0\n")
        archive.writestr("paket-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    result = install(project, f"paket==1.0 {HASH}", PIP_FIND_LINKS=str(project))
    assert result.returncode == 1
    assert "sağlama toplamını tutmuyor" in result.stderr
    assert not (project / "target").exists()
    assert not (project / STAMP).exists()


def test_a_lock_without_hashes_is_refused(project):
    result = install(project, "paket==1.0", PIP_FIND_LINKS=str(project))
    assert result.returncode == 1
    assert not (project / STAMP).exists()


def test_a_finished_installation_leaves_its_stamp_and_no_mark(project):
    result = install(project)
    assert result.returncode == 0, result.stderr
    assert (project / STAMP).exists()
    assert not (project / ".venv" / "unfinished").exists()


def test_an_interrupted_installation_is_not_built_upon(project):
    folder = project / ".venv"
    assert environment.Environment(folder).is_usable()
    (folder / "unfinished").touch()
    assert not environment.Environment(folder).is_usable()


@pytest.fixture
def installed(monkeypatch):
    """What environment.main installs, in order; nothing is, and all there is works."""
    done = []
    new = environment.Environment
    monkeypatch.setattr(new, "is_usable", lambda self: self.folder.exists())
    monkeypatch.setattr(new, "create", lambda self: self.folder.mkdir())
    monkeypatch.setattr(new, "install_lock", lambda self, name: done.append(name))
    monkeypatch.setattr(new, "try_lock", lambda self, name: done.append(f"{name}?"))
    monkeypatch.setattr(new, "needs_cuda", lambda self: False)
    monkeypatch.setattr(new, "install_project", lambda self: done.append("project"))
    monkeypatch.setattr(environment, "check_disk", lambda *_: None)
    return done


def test_a_part_comes_into_the_environment_that_is_there(installed, tmp_path):
    stamp = tmp_path / "env" / "paper.installed"
    stamp.parent.mkdir()
    environment.main("paper", stamp)
    assert installed == ["paper"]
    assert [path.name for path in stamp.parent.iterdir()] == ["paper.installed"]


def test_an_environment_that_starts_over_gets_what_the_part_stands_on(
    installed, tmp_path
):
    stamp = tmp_path / "env" / "tests.installed"
    environment.main("tests", stamp)
    locks = ["book", "paper", "notebooks", "tests"]
    assert installed == ["torch-cpu?", *locks, "project"]
    stamps = sorted(path.name for path in stamp.parent.iterdir())
    assert stamps == sorted(f"{name}.installed" for name in locks)


def test_an_intel_mac_gets_the_site_but_no_frameworks(installed, tmp_path, monkeypatch):
    monkeypatch.setattr(environment.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(environment.platform, "machine", lambda: "x86_64")
    environment.main("book", tmp_path / "env" / "book.installed")
    with pytest.raises(environment.SetupError, match="Intel işlemcili Mac"):
        environment.main("notebooks", tmp_path / "env" / "notebooks.installed")
    assert installed == ["book", "project"]


def test_too_little_disk_is_refused_with_both_amounts(tmp_path):
    needed = shutil.disk_usage(tmp_path).free + 50 * environment.GIGABYTE
    with pytest.raises(environment.SetupError, match=r"[\d,]+ GB daha ister.* GB boş"):
        environment.check_disk(tmp_path, installed=0, needed=needed)
    environment.check_disk(tmp_path, installed=needed, needed=needed)


def test_a_disk_that_fills_up_on_the_way_is_named_as_the_cause(project):
    folder = environment.Environment(project / ".venv")
    failure = folder.failure("ERROR: [Errno 28] No space left on device")
    assert "Diskte yer kalmadı" in str(failure)


def test_any_other_failure_quotes_what_pip_said_last(project):
    folder = environment.Environment(project / ".venv")
    failure = folder.failure("ERROR: first\nERROR: No matching distribution\n")
    assert "“No matching distribution”" in str(failure)


def test_an_intel_mac_is_refused_before_anything_is_downloaded():
    with pytest.raises(environment.SetupError, match="Intel işlemcili Mac"):
        environment.check_machine("Darwin", "x86_64")
    environment.check_machine("Darwin", "arm64")
    environment.check_machine("Linux", "x86_64")


# The matrix of versions


@pytest.fixture
def matrix(tmp_path, monkeypatch):
    """tools/versions.py in a folder of its own, whose commands only note themselves."""
    commands = []

    def run(command, log):
        commands.append([str(part) for part in command])
        log.write_text("=== 2 passed, 1 skipped in 3.2s ===\n")
        return 0

    monkeypatch.setattr(versions, "FOLDER", tmp_path / ".venvs")
    monkeypatch.setattr(versions, "find_python", lambda version: f"python{version}")
    monkeypatch.setattr(versions, "run", run)
    return commands


def test_each_pair_is_tested_with_its_numpy_in_one_line(matrix, capsys):
    assert versions.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(versions.PAIRS)
    assert "Python 3.12, NumPy 2.5.5: 2 geçti, 1 atlandı" in lines
    exchanges = [command[-1] for command in matrix if "--require-hashes" in command]
    assert exchanges == [f"locks/numpy-{numpy}.txt" for _, numpy in versions.PAIRS]


def test_one_interpreter_s_pairs_can_be_tested_alone(matrix, capsys):
    versions.main(sys.executable)
    here = "Python {}.{},".format(*sys.version_info)
    assert all(x.startswith(here) for x in capsys.readouterr().out.splitlines())


def test_a_failing_pair_fails_the_matrix_after_all_have_had_their_turn(
    matrix, capsys, monkeypatch
):
    def run(command, log):
        failed = "pytest" in command and "3.12" in log.name
        log.write_text("=== 1 failed, 2 passed in 3.2s ===\n")
        return int(failed)

    monkeypatch.setattr(versions, "run", run)
    assert not versions.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(versions.PAIRS)
    assert ["BAŞARISIZ: 1 kaldı" in line for line in lines].count(True) == 2


def test_a_python_that_is_not_there_fails_the_matrix(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(versions, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert not versions.main()
    assert "BAŞARISIZ: python3.12 bulunamadı" in capsys.readouterr().out


def test_an_interpreter_that_is_not_supported_is_refused(tmp_path):
    with pytest.raises(versions.PairError, match="desteklenen bir Python değil"):
        versions.pairs_of(str(tmp_path / "python"))


# make


@pytest.fixture
def checkout(tmp_path):
    """A book with one chapter whose jupyter-book only notes that it was called."""
    folder = tmp_path / "book"
    builder = folder / ".venv" / "bin" / "jupyter-book"
    for name in ("chapters", "_build", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "locks", folder / "locks")
    for name in ("_config.yml", "_toc.yml", "chapters/one.md", "chapters/two.md"):
        (folder / name).touch()
    builder.write_text('#!/bin/sh\necho "data: $D2L_SHIM_DATA" >> builds\n')
    builder.chmod(0o755)
    (folder / ".venv" / "book.installed").touch()
    return folder


def make(folder, *arguments):
    """Run make in a checkout, as a reader without variables of the book would."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith("D2L_SHIM_")}
    variables.pop("MAKEFLAGS", None)
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=variables, capture_output=True, text=True
    )


def builds(folder):
    """What each build of a checkout noted."""
    return (folder / "builds").read_text().splitlines()


def make_newer(path):
    """Let a file have changed after everything else."""
    newest = max(x.stat().st_mtime for x in path.parents[1].rglob("*"))
    os.utime(path, (newest + 10, newest + 10))


def test_a_second_make_book_builds_nothing_and_says_where_to_look(checkout):
    make(checkout, "book")
    result = make(checkout, "book")
    assert len(builds(checkout)) == 1
    assert f"file://{checkout}/_build/html/index.html" in result.stdout


def test_a_changed_chapter_is_built_again(checkout):
    make(checkout, "book")
    make_newer(checkout / "chapters" / "one.md")
    make(checkout, "book")
    assert len(builds(checkout)) == 2


def test_a_deleted_chapter_is_noticed(checkout):
    make(checkout, "book")
    (checkout / "chapters" / "two.md").unlink()
    make_newer(checkout / "chapters")
    make(checkout, "book")
    assert len(builds(checkout)) == 2


def test_a_failed_build_fails_and_is_tried_again(checkout):
    builder = checkout / ".venv" / "bin" / "jupyter-book"
    good = builder.read_text()
    builder.write_text(good + "exit 1\n")
    assert make(checkout, "book").returncode != 0
    builder.write_text(good)
    assert make(checkout, "book").returncode == 0
    assert len(builds(checkout)) == 2


NEEDS = {
    "book": {"book", "serve", "split", "preview"},
    "book paper": {"pdf", "epub"},
    "book notebooks": {"lab", "live", "execute"},
    "book paper notebooks tests": {"lint", "test", "lock", "renew", "licences", "sbom"},
}


@pytest.mark.parametrize(
    ("goal", "parts"),
    [(goal, parts) for parts, goals in NEEDS.items() for goal in sorted(goals)],
)
def test_a_goal_installs_only_what_it_needs(checkout, goal, parts):
    (checkout / ".venv" / "book.installed").unlink()
    commands = make(checkout, "--dry-run", goal).stdout
    installed = re.findall(r"environment\.py (\w+) \.venv/(\w+)\.installed", commands)
    assert installed == [(part, part) for part in parts.split()]


def test_data_beside_the_checkout_is_used_where_nothing_else_is_said(checkout):
    data = checkout.parent / "shared" / "fashion-mnist"
    data.mkdir(parents=True)
    make(checkout, "book")
    assert builds(checkout) == [f"data: {data}"]


def test_help_is_what_make_says_without_a_goal_and_lists_every_command():
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True)
    listed = re.findall(r"^  ([\w-]+)  +\S", result.stdout, re.M)
    assert set(listed) == commands()


# What the project says of itself


def commands():
    """The goals that the Makefile declares."""
    lines = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.M)
    return set(" ".join(lines).split())


def test_the_readme_explains_every_command_and_no_other():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z][a-z0-9-]+)", text)) == commands()


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
)
def test_a_page_of_the_repository_names_only_files_that_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_citation_file_has_what_readers_of_the_format_require():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["license"] == ["MIT", "CC-BY-SA-4.0"]


def test_the_changelog_s_newest_version_is_the_one_that_is_cited():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, *_ = re.findall(r"^## \[(\d[\d.]*)\] - ([\d-]+)$", text, re.M)
    assert newest == (citation["version"], str(citation["date-released"]))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == newest[0]


def test_the_guide_for_contributors_names_only_commands_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    written = re.findall(r"(?:`|^)make ([a-z -]+?) *(?:`|#.*|$)", text, re.M)
    assert written
    assert {goal for goals in written for goal in goals.split()} <= commands()


def test_each_licence_file_names_its_licence():
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    text = (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert "SPDX-License-Identifier: CC-BY-SA-4.0" in text
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in text
