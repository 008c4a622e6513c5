"""Kernels of other languages than Python, from the cell to the page."""

import shutil

import pytest
import yaml
from bs4 import BeautifulSoup
from fake_book import HEADER, cell, tab_sets, write_book
from kernels import install_shell

from framework_tabs.execute import command as execution
from framework_tabs.execute import verify
from framework_tabs.source import chapter
from framework_tabs.store import record
from tests import policy

LANGUAGES = {
    "shell": (
        {"label": "Shell", "kernel": "shell", "versions": "echo sed 4.9"},
        ["for i in 1 2; do x=$i; done", 'echo "x is $x"', "false"],
        {"name": "bash", "file_extension": ".sh"},
    ),
    "ir": (
        {"label": "R", "kernel": "ir"},
        ["x <- sapply(1:2, function(i) i)[2]", 'cat("x is", x, "\\n")', 'stop("no")'],
        {"name": "R", "pygments_lexer": "r", "file_extension": ".r"},
    ),
}


@pytest.fixture(scope="module")
def patched():
    """What changes the environment of this module's tests."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request, tmp_path_factory, patched):
    """An executed and built book for Python and another language."""
    kernel, (framework, sources, language) = request.param, LANGUAGES[request.param]
    if kernel == "ir" and not (shutil.which("R") and _is_installed("ir")):
        policy.skip_or_fail(
            "R ve IRkernel kurulu değil: apt install r-base-core r-cran-irkernel"
        )
    install_shell(patched, tmp_path_factory.mktemp("jupyter"))
    define, show, fail = sources
    pairs = ("x = 2", define), ("print('x is', x)", show)
    cells = [
        cell(s, k) for pair in pairs for s, k in zip(pair, ("py", "o"), strict=True)
    ]
    failing = (
        cell("1 / 0", "py", "raises-exception"),
        cell(fail, "o", "raises-exception"),
    )
    own = HEADER.replace("name: python3", f"name: {kernel}")
    texts = {
        "both": "\n".join([HEADER, "# Both\n", *cells, "Errors.\n", *failing]),
        "own": "\n".join([own, "# Own\n", cell(define), cell(show)]),
    }
    book = write_book(tmp_path_factory.mktemp("book") / "book", texts)
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text())
    frameworks = {"py": {"label": "Python"}, "o": framework}
    config["sphinx"]["config"]["framework_tabs"]["frameworks"] = frameworks
    path.write_text(yaml.safe_dump(config))
    settings = book.settings
    found = chapter.read_all(settings)
    assert execution.execute(found, list(settings.runners.values()), settings) == []
    book.result = book.build(warningiserror=True)
    book.kernel, book.language = kernel, language
    book.lexer = language.get("pygments_lexer", language["name"])
    return book


def _is_installed(kernel):
    from jupyter_client.kernelspec import KernelSpecManager

    return kernel in KernelSpecManager().find_kernel_specs()


def test_each_language_runs_its_cells(book):
    for key in ("py", "o"):
        notebook = record.load(book.notebook(key, "both"))
        assert notebook.cells[2].outputs[0].text.strip() == "x is 2"
        assert notebook.cells[-1].outputs[0].output_type == "error"


def test_a_notebook_says_what_its_language_is(book):
    metadata = record.load(book.notebook("o", "both")).metadata
    assert metadata.kernelspec.name == book.kernel
    assert metadata.kernelspec.language == book.language["name"]
    assert book.language.items() <= metadata.language_info.items()
    python = record.load(book.notebook("py", "both")).metadata
    assert python.language_info.pygments_lexer == "ipython3"


def test_a_run_records_the_version_of_the_language(book):
    run = record.load(book.notebook("o", "both")).metadata.framework_tabs.run
    assert run.python == ""
    assert run.packages[book.language["name"]][0].isdigit()
    python = record.load(book.notebook("py", "both")).metadata.framework_tabs.run
    assert python.python and "language" not in python


def test_a_page_in_another_language_runs_only_where_that_is_at_home(book):
    assert not book.notebook("py", "own").exists()
    notebook = record.load(book.notebook("o", "own"))
    assert notebook.cells[-1].outputs[0].text.strip() == "x is 2"


def test_notebooks_need_no_kernel_to_be_checked(book, monkeypatch, tmp_path):
    for name in ("JUPYTER_PATH", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])
    found = chapter.read_all(book.settings)
    assert verify.problems(found, book.settings) == []
    assert verify.notices(found, book.settings) == []


def test_each_cell_of_a_page_is_highlighted_in_its_language(book):
    assert book.result == (0, "")
    page = BeautifulSoup(book.page("chapters/both"), "html.parser")
    code = tab_sets(page)[0]
    languages = {
        key: {c for block in panel.select("div") for c in block.get("class", [])}
        & {"highlight-ipython3", f"highlight-{book.lexer}"}
        for key, panel in code.items()
    }
    assert languages == {
        "py": {"highlight-ipython3"},
        "o": {f"highlight-{book.lexer}"},
    }
    assert code["o"].select("pre span[class]")


def test_a_page_in_another_language_is_highlighted_in_it(book):
    page = BeautifulSoup(book.page("chapters/own"), "html.parser")
    assert page.select(f".cell_input .highlight-{book.lexer} pre span[class]")
