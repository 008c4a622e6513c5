"""JupyterLab: where the kernels of the book's notebooks run."""

import asyncio

import pytest
from tiny_book import cell, write_book

from framework_tabs.serve.lab import Contents


@pytest.fixture
def folder_of(tmp_path):
    """Where the kernel of a file runs, by Jupyter's addresses."""
    book = write_book(tmp_path / "book", cell("1"))
    (book.root / "part" / "deep").mkdir(parents=True)
    book.source().rename(book.root / "part" / "deep" / "x.md")
    book.write(cell("1"), name="y")
    book.split()
    (book.root / "other.ipynb").write_text("{}")

    def find(path, root=book.root):
        contents = Contents(root_dir=str(root))
        return asyncio.run(contents.get_kernel_path(path=path))

    find.book = book
    return find


def test_a_notebook_runs_where_its_page_lies(folder_of):
    assert folder_of("notebooks/a/part/deep/x.ipynb") == "part/deep"
    assert folder_of("notebooks/a/y.ipynb") == "chapters"


def test_others_run_where_they_lie(folder_of):
    assert folder_of("chapters/y.md") == "chapters"
    assert folder_of("other.ipynb") == ""
    assert folder_of("notebooks") == "notebooks"
    assert folder_of("a/y.ipynb", folder_of.book.root / "notebooks") == "a"
