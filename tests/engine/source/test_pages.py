"""Which files are pages, what they and their notebooks are called."""

import random
import shutil
from dataclasses import replace

import pytest
import yaml
from sphinx.util.matching import get_matching_files
from tiny_book import HEADER, TWO, cell, text, write_book

from framework_tabs.__main__ import main
from framework_tabs.config import ConfigError, load
from framework_tabs.execute import gather, verify
from framework_tabs.source import chapter
from framework_tabs.source.cell import ChapterError
from framework_tabs.source.pages import find, name_of, pages
from framework_tabs.store import files


def write(book, path: str, *parts: str) -> None:
    """Write a page anywhere in the book."""
    file = book.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(*parts), encoding="utf-8")


def configure(book, toc: dict | None = None, **settings) -> None:
    """Add to a book's settings, and give it a table of contents."""
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | settings
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    if toc:
        (book.root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")


def names(book) -> list[str]:
    """The pages of a book, relative to its root."""
    return [book.settings.relative(path) for path in pages(book.settings)]


EVERYWHERE = (
    "intro.md",
    "chapters/intro.md",
    "chapters/part/x.md",
    "chapters/x.md",
    "part/x.md",
    "x/x.md",
)


def write_pages(root):
    """A book with equally named pages in several folders; each prints its path."""
    book = write_book(root)
    for path in EVERYWHERE:
        write(book, path, cell(f"print('{path}')"))
    return book


@pytest.fixture
def book(tmp_path):
    """The book, of which nothing was executed."""
    return write_pages(tmp_path)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The folder of its notebooks, executed."""
    book = write_pages(tmp_path_factory.mktemp("executed"))
    assert book.execute() == []
    return book.root / "notebooks"


def test_pages_anywhere_have_notebooks_of_their_own(book, notebooks):
    shutil.copytree(notebooks, book.root / "notebooks")
    printed = {
        each.source: book.printed("a", each.name)
        for each in chapter.read_all(book.settings)
    }
    assert printed == {path: f"{path}\n" for path in EVERYWHERE}
    assert [book.settings.relative(path) for path in files.stored(book.settings)] == [
        "notebooks/a/chapters/intro.ipynb",
        "notebooks/a/chapters/part/x.ipynb",
        "notebooks/a/intro.ipynb",
        "notebooks/a/part/x.ipynb",
        "notebooks/a/x/x.ipynb",
        "notebooks/a/x.ipynb",
    ]
    assert verify.problems(book.chapters, book.settings) == []


def test_a_page_in_chapters_gives_its_short_name_up_for_one_outside(book):
    short = book.root / "chapters" / "part" / "x.md"
    assert name_of(short, book.settings) == "chapters/part/x"
    (book.root / "part" / "x.md").unlink()
    assert name_of(short, book.settings) == "part/x"
    assert "part/x" in [each.name for each in book.chapters]


def test_a_page_is_meant_by_its_name_its_path_or_its_end(book, monkeypatch):
    def meant(name):
        return [book.settings.relative(path) for path in find(name, book.settings)]

    assert meant("intro") == ["intro.md"]
    assert (
        meant("chapters/intro") == meant("chapters/intro.md") == ["chapters/intro.md"]
    )
    assert meant("x/x.md") == ["x/x.md"]
    assert meant("x") == ["chapters/x.md"]
    assert meant("nothing") == []
    monkeypatch.chdir(book.root / "part")
    assert meant("./x.md") == ["part/x.md"]


def test_a_name_of_several_pages_is_not_guessed(tmp_path, capsys):
    book = write_book(tmp_path)
    for path in ("one/x.md", "two/x.md"):
        write(book, path, cell("print(1)"))
    assert main(["execute", "x", "--root", str(book.root)]) == 1
    assert "“x”" in (told := capsys.readouterr().err)
    assert "one/x.md, two/x.md" in told
    assert main(["execute", "one/x", "--root", str(book.root)]) == 0
    assert not book.path("a", "two/x").exists()


def test_a_link_leads_from_a_notebook_to_that_of_a_page_in_another_folder(tmp_path):
    book = write_book(tmp_path, frameworks=TWO, common={"p": {"label": "P"}})
    write(book, "part/far.md", "(far)=\n## Far\n", cell("1"))
    write(
        book, "part/near.md", "{ref}`far` {ref}`deep`\n", cell("1", "a"), cell("1", "b")
    )
    write(book, "deep/er/x.md", "(deep)=\n## Deep\n", cell("1", "a"), cell("1", "b"))
    book.split()
    prose = book.notebook("b", "part/near").cells[1].source
    assert prose == "[Far](../../p/part/far.ipynb) [Deep](../deep/er/x.ipynb)"


def test_what_other_machines_ran_is_gathered_in_folders_alike(book, notebooks):
    gather.gather([notebooks], book.chapters, book.settings)
    assert verify.problems(book.chapters, book.settings) == []


def test_a_copy_that_jupyter_keeps_is_no_notebook_of_the_book(book, notebooks):
    shutil.copytree(notebooks, book.root / "notebooks")
    copy = book.root / "notebooks/a/part/.ipynb_checkpoints/x-checkpoint.ipynb"
    copy.parent.mkdir()
    copy.write_text("{}")
    left = book.path("a", "part/gone")
    left.write_text("{}")
    assert files.orphans(book.chapters, book.settings) == [left]


TOCS = {
    "jb-book": {
        "format": "jb-book",
        "root": "intro",
        "parts": [
            {
                "caption": "One",
                "chapters": [{"file": "part/x.md"}, {"url": "http://x"}],
            },
            {"chapters": [{"file": "chapters/x", "sections": [{"glob": "x/*"}]}]},
        ],
    },
    "jb-article": {
        "format": "jb-article",
        "root": "intro",
        "sections": [
            {"file": "part/x", "sections": [{"file": "chapters/x"}]},
            {"file": "x/x"},
        ],
    },
}


@pytest.mark.parametrize("toc", TOCS.values(), ids=TOCS)
def test_only_the_table_of_contents_may_say_what_is_a_page(book, toc):
    configure(book, toc, only_build_toc_files=True)
    assert names(book) == ["chapters/x.md", "intro.md", "part/x.md", "x/x.md"]
    configure(book, only_build_toc_files=False)
    assert names(book) == sorted(EVERYWHERE)


def test_a_draft_has_no_notebooks_and_is_named(book, capsys):
    configure(book, TOCS["jb-article"], only_build_toc_files=True)
    assert main(["split", "--root", str(book.root)]) == 0
    told = capsys.readouterr().out
    assert "_toc.yml" in told and "chapters/part/x.md" in told
    assert not book.path("a", "chapters/part/x").exists()
    configure(book, only_build_toc_files=False)
    assert main(["split", "--root", str(book.root)]) == 0
    assert "_toc.yml" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "line"),
    [("root: x\nchapters: [\n", 3), ("[1]", 1), ("format: other\nroot: x\n", 1)],
)
def test_a_table_of_contents_that_is_none_is_named(book, content, line):
    configure(book, only_build_toc_files=True)
    (book.root / "_toc.yml").write_text(content)
    with pytest.raises(ChapterError, match=rf"^_toc\.yml:{line}: "):
        pages(book.settings)
    (book.root / "_toc.yml").unlink()
    with pytest.raises(ChapterError, match=r"^_toc\.yml:1: "):
        pages(book.settings)


def test_what_the_book_excludes_is_no_page(book):
    for path in (".venv/x.md", "_build/x.md", "notebooks/x.md", "part/.hidden.md"):
        write(book, path, cell("1"))
    assert names(book) == sorted(EVERYWHERE)
    configure(book, exclude_patterns=["part", "chapters/**", "*/x.md"])
    assert names(book) == ["intro.md"]
    configure(book, exclude_patterns=["[z-a]"])
    with pytest.raises(ConfigError, match=r"^exclude_patterns: .*z-a"):
        names(book)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of Sphinx's own expressions
def test_patterns_mean_what_they_mean_to_sphinx(tmp_path):
    book = write_book(tmp_path)
    random.seed(0)
    letters = "ab[]!?*.-"
    for place in ("a", "b", "a-b", "ab/a", "ab/b", "b!/a", "b!/ab/b", "[a]"):
        write(book, f"{place}.md", "Text.")
    for _ in range(300):
        pattern = "".join(random.choices(letters + "/*", k=random.randint(1, 5)))
        everything = get_matching_files(book.root, exclude_patterns=[pattern])
        wanted = sorted(path for path in everything if path.endswith(".md"))
        found = pages(replace(book.settings, exclude=(pattern,)))
        assert sorted(map(book.settings.relative, found)) == wanted, pattern


CONF = """\
import os
extensions = ["myst_nb", "framework_tabs"]
exclude_patterns = ["_build", "drafts"]
framework_tabs = {"frameworks": ["A"], "timeout": 60}
assert os.path.exists("conf.py") and not tags.has("x") and __file__
"""


@pytest.fixture
def plain(tmp_path):
    """A book of Sphinx alone: no table of contents but toctrees."""
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\n:glob:\n\n*/*\n```\n")
    book = write_book(tmp_path)
    (tmp_path / "_config.yml").unlink()
    write(book, "part/x.md", cell("print(1)"))
    write(book, "drafts/x.md", cell("print(1)"))
    return book


def test_a_book_of_sphinx_alone_has_its_settings_in_conf_py(plain, capsys):
    root = ["--root", str(plain.root)]
    assert main(["execute", *root]) == 0
    assert plain.printed("a", "part/x") == "1\n"
    assert main(["check", *root]) == 0
    assert main(["new", "part/second", *root]) == 0
    assert "toctree" in capsys.readouterr().out
    assert [each.name for each in plain.chapters] == ["part/second", "part/x"]
    assert not (plain.root / "_toc.yml").exists()


@pytest.mark.parametrize(
    ("conf", "told"),
    [
        ("framework_tabs = {'timout': 1}", r"^conf\.py: framework_tabs\.timout: "),
        ("1 / 0", r"^conf\.py: .*ZeroDivisionError"),
        ("raise SystemExit(3)", r"^conf\.py: .*SystemExit"),
        ("", r"^conf\.py: framework_tabs\.frameworks: "),
    ],
)
def test_a_mistake_in_conf_py_is_named(plain, conf, told):
    (plain.root / "conf.py").write_text(conf)
    with pytest.raises(ConfigError, match=told):
        load(plain.root)


def test_new_takes_a_folder_and_leaves_none_behind(book, capsys):
    configure(book, TOCS["jb-article"])
    root = ["--root", str(book.root)]
    assert main(["new", "far/away/new", *root]) == 0
    assert "(sec_new)=\n# New\n" in (book.root / "far/away/new.md").read_text()
    listed = yaml.safe_load((book.root / "_toc.yml").read_text())
    assert {"file": "far/away/new"} in listed["sections"]
    (book.root / "_toc.yml").write_text("format: jb-book\n- \n")
    assert main(["new", "other/place/new", *root]) == 1
    assert not (book.root / "other").exists()


def test_the_first_entry_of_an_article_is_a_section(tmp_path):
    book = write_book(tmp_path)
    configure(book, {"format": "jb-article", "root": "intro"})
    (tmp_path / "intro.md").write_text("# Intro\n")
    assert main(["new", "one", "--root", str(tmp_path)]) == 0
    listed = yaml.safe_load((tmp_path / "_toc.yml").read_text())
    assert listed["sections"] == [{"file": "chapters/one"}]


def test_a_page_without_cells_may_be_written_as_its_author_likes(tmp_path):
    book = write_book(tmp_path, cell("1"))
    (tmp_path / "README.md").write_text("---\n\nText\n\n```python\nno end\n")
    assert [each.name for each in book.chapters] == ["x"]
    (tmp_path / "README.md").write_text(HEADER + "```python\nno end\n")
    with pytest.raises(ChapterError, match=r"^README\.md:6: "):
        chapter.read(tmp_path / "README.md", book.settings)
