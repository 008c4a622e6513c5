"""The preview of a book of Sphinx alone, and the kernels of a live page."""

import pytest
from tiny_book import HEADER, TWO, cell, write_book

from framework_tabs.serve.live import LiveServer
from framework_tabs.serve.preview.pages import Pages

CONF = """\
extensions = ["framework_tabs"]
language = "tr"
exclude_patterns = ["_build"]
framework_tabs = {"frameworks": ["A"], "timeout": 60}
"""


def test_a_book_without_jupyter_books_settings_has_a_preview(tmp_path):
    book = write_book(tmp_path)
    (tmp_path / "_config.yml").unlink()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.md").write_text("# Kitap\n\n```{toctree}\npart/x\n```\n")
    (tmp_path / "part").mkdir()
    code = f"{HEADER}\n# X\n\n- [ ] yapılacak\n\n{cell('print(6 * 7)')}"
    (tmp_path / "part" / "x.md").write_text(code)
    assert book.execute() == []
    with Pages(tmp_path, tmp_path / "_build" / "preview") as pages:
        *_, last = pages.update()
        assert last.problems == ()
        page = (pages.site / "part" / "x.html").read_text(encoding="utf-8")
        assert "<span></span>42\n" in page
        (tmp_path / "conf.py").write_text(CONF + "1 / 0\n")
        assert pages.have_changed()
        *_, last = pages.update()
        assert "ZeroDivisionError" in "".join(last.problems)


@pytest.mark.parametrize(
    ("source", "kernels"),
    [
        ("chapters/own.md", {"b": "other"}),
        ("chapters/x.md", {"a": "python3", "b": "other"}),
        ("search.md", {"a": "python3", "b": "other"}),
    ],
)
def test_a_live_page_has_the_kernels_of_its_frameworks(tmp_path, source, kernels):
    frameworks = {**TWO, "b": {"label": "B", "kernel": "other"}}
    book = write_book(tmp_path, cell("1", "a"), cell("2", "b"), frameworks=frameworks)
    own = HEADER.replace("jupytext:", "kernelspec: {name: other}\njupytext:")
    book.source("own").write_text(f"{own}\n# Own\n\n{cell('1')}")
    server = LiveServer()
    server.settings = book.settings
    assert server.kernels_of(source) == kernels
    head = server.head(source.replace(".md", ".html"))
    assert f'data-source="{source}"' in head
    assert " ".join(f"{k}={n}" for k, n in kernels.items()) in head
