"""Building again: the same site as from nothing, and the same warnings every time."""

import os
import re
import shutil

import pytest
import yaml
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.logging import getLogger

from framework_tabs.rebuild import incremental
from tests.engine.fake_book import CHAPTERS, Book, chapter, three, write_book

BIB = "@book{bir, title={%s}, author={Yazar, A.}, year={2012}, publisher={Yayın}}\n"
FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="9"/>\n'
TEXTS = {
    **CHAPTERS,
    "üç": chapter(
        "Üçüncü bölüm",
        "(sec_uc)=\n## Orta kısım\n\nBkz. {ref}`sec_dort`, {cite}`bir`.\n",
        three("üç = 3"),
    ),
    "dört": chapter(
        "Dördüncü bölüm",
        "(sec_dort)=\n## Son kısım\n\nBkz. {ref}`sec_uc`, {numref}`fig_sekil`.\n",
        "```{figure} şekil.svg\n:name: fig_sekil\nŞekil\n```\n",
        three("dört = 4"),
        "```{code-cell} ipython3\n:load: kod.py\n```\n",
    ),
    "beş": "# Beşinci bölüm\n\n{download}`Veri <veri.csv>`\n\n![](nokta.svg)\n",
}


def write(root):
    """Write a book of chapters that refer to each other."""
    extensions = {"extra_extensions": ["sphinxcontrib.bibtex"]}
    book = write_book(root, TEXTS, bibtex_bibfiles=["kaynak.bib"])
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"] |= extensions
    config["sphinx"]["config"]["numfig"] = True
    (root / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (root / "kaynak.bib").write_text(BIB % "Kitap", encoding="utf-8")
    (root / "chapters" / "şekil.svg").write_text(FIGURE % 9, encoding="utf-8")
    (root / "chapters" / "nokta.svg").write_text(FIGURE % 1, encoding="utf-8")
    (root / "chapters" / "veri.csv").write_text("1,2\n", encoding="utf-8")
    (root / "chapters" / "kod.py").write_text("beş = 5\n", encoding="utf-8")
    (root / "_static").mkdir()
    (root / "_static" / "own.css").write_text("b {}\n", encoding="utf-8")
    with open(root / "index.md", "a", encoding="utf-8") as index:
        index.write("\n```{bibliography}\n```\n")
    return book.answer()


@pytest.fixture
def book(tmp_path):
    """A book that was built."""
    book = write(tmp_path / "kitap")
    assert book.build() == (0, "")
    return book


def replace(book, name, old, new):
    """Change the text of a file of the book."""
    path = book.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def move(book):
    """Put the first chapter last."""
    toc = yaml.safe_load((book.root / "_toc.yml").read_text(encoding="utf-8"))
    toc["chapters"].append(toc["chapters"].pop(0))
    text = yaml.safe_dump(toc, allow_unicode=True)
    (book.root / "_toc.yml").write_text(text, encoding="utf-8")


def link(book):
    """Name an address elsewhere in the table of contents."""
    path = book.root / "_toc.yml"
    toc = yaml.safe_load(path.read_text(encoding="utf-8"))
    toc["chapters"].append({"url": "https://example.org", "title": "Dışarısı"})
    path.write_text(yaml.safe_dump(toc, allow_unicode=True), encoding="utf-8")


def remove(book):
    """Take the second chapter out of the book, with its notebooks."""
    (book.root / "chapters" / "iki.md").unlink()
    replace(book, "_toc.yml", "- file: chapters/iki\n", "")
    for path in book.root.glob("notebooks/*/iki.ipynb"):
        path.unlink()


def rename(book):
    """Give the chapter with the downloads another name, in another folder."""
    (book.root / "ekler").mkdir()
    for name in ("veri.csv", "nokta.svg"):
        (book.root / "chapters" / name).rename(book.root / "ekler" / name)
    (book.root / "chapters" / "beş.md").rename(book.root / "ekler" / "altı.md")
    replace(book, "_toc.yml", "chapters/beş", "ekler/altı")


CHANGES = {
    "prose": lambda b: replace(b, "chapters/bir.md", "Şimdi eğitelim.", "Eğitelim."),
    "title": lambda b: replace(b, "chapters/bir.md", "# Birinci", "# İlk"),
    "section": lambda b: replace(b, "chapters/dört.md", "## Son", "## En son"),
    "figure": lambda b: replace(
        b, "chapters/bir.md", "Ağı kuralım.", "```{figure} şekil.svg\nÖnce\n```"
    ),
    "order": move,
    "address": link,
    "another address": lambda b: replace(b, "_toc.yml", "example.org", "example.com"),
    "removed": remove,
    "renamed": rename,
    "bibliography": lambda b: replace(b, "kaynak.bib", "2012", "2013"),
    "picture": lambda b: replace(b, "chapters/şekil.svg", '"9"/', '"8"/'),
    "notebook": lambda b: b.answer(lambda key, source: []),
    "style": lambda b: replace(b, "_static/own.css", "b", "i"),
}


def site(book) -> dict:
    """What a site's visitor can get, by its address."""
    found = [path for path in book.site.rglob("*") if path.is_file()]
    return {
        path.relative_to(book.site).as_posix(): path.read_bytes()
        for path in found
        if path.name != ".buildinfo"
    }


def from_nothing(book, folder) -> dict:
    """The site of the same sources, built where nothing was built before."""
    ignored = shutil.ignore_patterns("_build")
    shutil.copytree(book.root, folder, ignore=ignored)
    other = Book(folder)
    assert other.build() == (0, "")
    return site(other)


def test_after_any_change_the_site_is_what_a_build_from_nothing_gives(book, tmp_path):
    for name, change in CHANGES.items():
        change(book)
        assert book.build() == (0, ""), name
        again, anew = site(book), from_nothing(book, tmp_path / name)
        differing = [p for p in anew if again.get(p) != anew[p]]
        assert (differing, set(again) - set(anew)) == ([], set()), name


def test_a_change_of_prose_writes_its_page_alone(book):
    before = {p: p.stat().st_mtime_ns for p in book.site.rglob("*.html")}
    CHANGES["prose"](book)
    assert book.build() == (0, "")
    written = {p.stem for p, then in before.items() if p.stat().st_mtime_ns != then}
    assert written - {"search", "genindex"} == {"bir", "index"}


def test_a_file_changed_without_its_time_is_noticed(book):
    path = book.root / "chapters" / "bir.md"
    then = path.stat().st_mtime_ns
    CHANGES["prose"](book)
    os.utime(path, ns=(then, then))
    assert book.build() == (0, "")
    assert "Şimdi eğitelim." not in book.page("chapters/bir")


BREAKS = {
    "loaded code": lambda b: replace(b, "chapters/kod.py", "5", "6"),
    "own reference": lambda b: replace(b, "chapters/bir.md", "Ağı kur", "{ref}`yok` "),
    "another page's": lambda b: replace(b, "chapters/dört.md", "(sec_dort)=", ""),
    "no page's": lambda b: (b.root / "kaynak.bib").unlink(),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_build_that_warns_does_so_every_time_until_it_is_mended(book, broken):
    sources = [*book.root.glob("*/*.md"), *book.root.glob("*/*.py")]
    sound = {path: path.read_bytes() for path in sources}
    sound[book.root / "kaynak.bib"] = (book.root / "kaynak.bib").read_bytes()
    BREAKS[broken](book)
    told = [book.build(warningiserror=True, keep_going=True) for _ in range(3)]
    assert all("WARNING" in warnings for _, warnings in told)
    assert all(result != 0 for result, _ in told)
    for path, content in sound.items():
        path.write_bytes(content)
    assert book.build(warningiserror=True, keep_going=True) == (0, "")


def written(book, **options):
    """Build again; return the result and the names of the pages that were written."""
    before = {p: p.stat().st_mtime_ns for p in book.site.rglob("*.html")}
    result, _ = book.build(**options)
    after = {p: p.stat().st_mtime_ns for p in book.site.rglob("*.html")}
    names = {p.stem for p, then in after.items() if before.get(p) != then}
    return result, names - {"search", "genindex"}


def test_a_warning_of_no_page_has_all_read_again_once_and_no_more(book):
    strict = {"warningiserror": True, "keep_going": True}
    BREAKS["no page's"](book)
    book.build(**strict)
    builds = [written(book, **strict) for _ in range(4)]
    assert [result for result, _ in builds] == [1, 1, 1, 1]
    # The warnings about two other pages come from reading them each time.
    assert ["bir" in names for _, names in builds] == [False, True, False, False]


def test_a_warning_of_no_page_ends_with_its_cause(book):
    strict = {"warningiserror": True, "keep_going": True}
    target = book.site / "_images" / "şekil.svg"
    target.unlink()
    target.mkdir()
    CHANGES["picture"](book)
    assert book.build(**strict)[0] == 1
    target.rmdir()
    assert written(book, **strict) == (1, set())
    assert book.build(**strict) == (0, "")
    assert target.is_file()


def test_a_warning_of_a_whole_page_names_its_file(book, monkeypatch):
    def warn(self):
        getLogger("eklenti").warning("Bir söz.", location="chapters/bir")

    monkeypatch.setattr(StandaloneHTMLBuilder, "finish", warn)
    CHANGES["prose"](book)
    _, warnings = book.build()
    assert re.search(r"/chapters/bir\.md: WARNING: Bir söz\.", warnings)


def test_that_a_build_uses_one_process_is_no_warning_about_the_book(book):
    result, warnings = book.build(jobs=2, freshenv=True)
    assert "doing serial read" in warnings
    assert written(book, jobs=2) == (result, set())


def test_after_a_failure_too_nothing_of_a_chapter_that_is_gone_stays(book, tmp_path):
    BREAKS["own reference"](book)
    assert book.build(warningiserror=True)[0] != 0
    replace(book, "chapters/bir.md", "{ref}`yok` ", "Ağı kur")
    remove(book)
    assert book.build() == (0, "")
    assert set(site(book)) == set(from_nothing(book, tmp_path / "yeni"))


def test_what_pages_did_not_bring_stays(book):
    (book.site / "CNAME").write_text("example.org\n")
    (book.site / "_images" / "own.svg").write_text("<svg/>\n")
    remove(book)
    assert book.build() == (0, "")
    assert (book.site / "CNAME").is_file()
    assert (book.site / "_images" / "own.svg").is_file()


def test_after_a_build_that_was_cut_off_all_is_read_again(book, monkeypatch):
    CHANGES["title"](book)
    with monkeypatch.context() as patch:

        def killed(*_):
            raise KeyboardInterrupt

        patch.setattr(StandaloneHTMLBuilder, "write_doc", killed)
        book.build()
    assert book.build() == (0, "")
    assert "İlk bölüm" in book.page("chapters/iki")


def test_changed_code_of_the_book_s_own_extensions_builds_all_again(
    book, monkeypatch, tmp_path
):
    tools, extra = incremental._tools, tmp_path / "eklenti.py"
    extra.write_text("1\n")
    monkeypatch.setattr(incremental, "_tools", lambda *given: [*tools(*given), extra])
    before = {p: p.stat().st_mtime_ns for p in book.site.glob("chapters/*.html")}
    assert book.build() == (0, "")
    assert all(p.stat().st_mtime_ns != then for p, then in before.items())
