"""The key of a run: what changes it, and what must not."""

import asyncio
import os

import pytest
from tiny_book import write_book

from framework_tabs.execute.job import Failure
from framework_tabs.execute.versions import ask
from framework_tabs.store.fingerprint import (
    basis,
    for_code,
    kernel_environment,
    machine,
)

LIB = '''"""What it is for."""

def f(x):
    """Say what it does."""
    return x + 1  # because
'''
IGNORED = ["lib/other.py", "lib/user.py"]


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with a package of its own, a library and a folder of data."""
    root = tmp_path / "kitap"
    (root / "lib").mkdir(parents=True)
    (root / "lib" / "f.py").write_text(LIB)
    (root / "lib" / "other.py").write_text("y = 1\n")
    (tmp_path / "veri").mkdir()
    (tmp_path / "veri" / "a.gz").write_bytes(b"1")
    monkeypatch.chdir(root)
    monkeypatch.setenv("VERI", "../veri")
    monkeypatch.delenv("BUTCE", raising=False)
    install(root, "1.0")
    return write_book(
        root,
        frameworks={"a": {"label": "A", "packages": ["ornek"], "ignores": IGNORED}},
        depends_on=["lib"],
        environment=["VERI", "BUTCE"],
    )


def install(root, version: str) -> None:
    """Make the package ``ornek`` look installed where kernels look first."""
    (root / "ornek.dist-info").mkdir(exist_ok=True)
    (root / "ornek.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: ornek\nVersion: {version}\n"
    )


def key(book, code: str = "kod") -> str:
    """The key of a run now."""
    return found(book).key(code)


def found(book):
    """What a run rests on now."""
    framework = book.settings.frameworks["a"]
    versions = asyncio.run(ask(framework, book.settings))
    return basis(framework, book.settings, versions.python, versions.packages)


def test_the_key_depends_on_the_code(book):
    assert key(book) == key(book)
    assert key(book, "kod") != key(book, "başka")


def test_the_key_depends_on_package_versions(book):
    before = key(book)
    install(book.root, "2.0")
    assert key(book) != before


def test_the_key_depends_on_what_the_library_does(book):
    before = key(book)
    (book.root / "lib" / "f.py").write_text(LIB.replace("x + 1", "x + 2"))
    assert key(book) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # because", ""),
        ("Say what it does.", "Say it better."),
        ("What it is for.", "What it is not for."),
        ("\n\n", "\n\n\n"),
    ],
)
def test_comments_docstrings_and_layout_do_not_count(book, old, new):
    before = key(book)
    (book.root / "lib" / "f.py").write_text(LIB.replace(old, new))
    assert key(book) == before


def test_files_that_the_framework_ignores_do_not_count(book):
    before = key(book)
    (book.root / "lib" / "other.py").write_text("y = 2\n")
    assert key(book) == before


def test_a_new_module_or_data_file_of_the_library_counts(book):
    before = key(book)
    (book.root / "lib" / "table.csv").write_text("1\n")
    assert key(book) != before


def test_a_data_folder_counts_by_its_content_not_its_name_or_age(book, monkeypatch):
    before = key(book)
    data = book.root.parent / "veri"
    os.utime(data / "a.gz", (1, 1))
    data.rename(data.with_name("yeni"))
    monkeypatch.setenv("VERI", "../yeni")
    assert key(book) == before
    (data.with_name("yeni") / "a.gz").write_bytes(b"2")
    assert key(book) != before


def test_a_plain_variable_counts_by_its_value(book, monkeypatch):
    unset = key(book)
    monkeypatch.setenv("BUTCE", "cpu")
    cpu = key(book)
    monkeypatch.setenv("BUTCE", "full")
    assert len({unset, cpu, key(book)}) == 3


def test_the_record_shows_the_facts_and_no_path_of_this_machine(book, monkeypatch):
    record = found(book).record("kod")
    assert record["packages"] == {"ornek": "1.0"}
    assert record["environment"] == {"VERI": "../veri", "BUTCE": None}
    assert record["key"] == key(book)
    far = book.root.parent.parent
    monkeypatch.setenv("VERI", str(far))
    assert found(book).record("")["environment"]["VERI"] == far.name


def test_a_kernel_sees_folders_from_wherever_it_runs(book):
    variables = kernel_environment(book.settings)
    assert variables["VERI"] == str(book.root.parent / "veri")
    assert variables["PYTHONPATH"].split(os.pathsep)[0] == str(book.root)


def test_a_missing_package_is_named(book):
    (book.root / "ornek.dist-info" / "METADATA").unlink()
    (book.root / "ornek.dist-info").rmdir()
    with pytest.raises(Failure, match="ornek.*“python3”"):
        key(book)


def test_the_machine_is_told_in_a_few_words():
    assert f"{os.cpu_count()} çekirdek" in machine() and machine().endswith("GiB")


def key_of(book, *sources: str) -> str:
    """The key of a run of cells with this code."""
    settings = book.settings
    framework = settings.frameworks["a"]
    return for_code(found(book), framework, settings, sources).key("kod")


@pytest.mark.parametrize(
    "source",
    [
        "from lib import other",
        "from lib import f, other as o",
        "from lib import (\n    f,  # iki ad\n    other,\n)",
        "import lib.other",
        "import lib.f, lib.other as o",
        "from lib.other import y",
        "%%writefile is.py\nimport os\n\nif True:\n    from lib import other",
        "from lib import user",
    ],
)
def test_an_ignored_file_counts_for_a_notebook_that_imports_it_by_name(book, source):
    (book.root / "lib" / "user.py").write_text("from lib import other\n")
    before, plain = key_of(book, source), key_of(book, "import lib\nx = other")
    (book.root / "lib" / "other.py").write_text("y = 2\n")
    assert key_of(book, source) != before
    assert key_of(book, "import lib\nx = other") == plain == key(book)
