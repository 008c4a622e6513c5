"""The book as a PDF: whole, numbered like the site, readable by eye and by machine.

How it looks is for eyes; these tests read the edition of one framework, which has the
same pages less the others' code.
"""

import re
from collections import defaultdict

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from framework_tabs import config
from framework_tabs.source import chapter as chapters
from sphinx_turkish import hyphenation

EDITION = "pytorch"
MILLIMETRE = 72 / 25.4

LETTERS = r"[^\W\d_]+"
DIVISION = "\x02"
"""What PDFium reads for a hyphen at the end of a line."""


@pytest.fixture(scope="module")
def book(root):
    """The settings of the book."""
    return config.load(root)


@pytest.fixture(scope="module")
def path(make_book):
    """The PDF of one framework."""
    return make_book("pdf", "--framework", EDITION, name=f"alexnet-{EDITION}.pdf")


@pytest.fixture(scope="module")
def pdf(path):
    """The PDF as a tree of objects."""
    return PdfReader(path)


@pytest.fixture(scope="module")
def pages(path):
    """The pages as a reader selects their text."""
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage() for page in document]


@pytest.fixture(scope="module")
def texts(pages):
    """The text of every page."""
    return [page.get_text_bounded().replace("\r", "") for page in pages]


@pytest.fixture(scope="module")
def letters(texts):
    """The whole text without white space and hyphens: lines end at other places."""
    return squeezed(" ".join(texts))


def squeezed(text):
    return re.sub(r"[\s\x02\u2010-]", "", text)


def site_pages(root, book):
    """The chapters as the site shows them."""
    for source in sorted(book.chapters.glob("*.md")):
        html = root / "_build" / "html" / "chapters" / f"{source.stem}.html"
        yield source.stem, BeautifulSoup(html.read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def objects(pdf):
    """All that the PDF consists of, by type."""
    found = defaultdict(list)
    for number in range(1, pdf.trailer["/Size"]):
        each = pdf.get_object(number)
        if isinstance(each, dict):
            found[each.get("/Type")].append(each)
    return found


def test_the_book_has_a_cover_and_hundreds_of_pages(pdf, texts):
    assert len(pdf.pages) > 150
    assert "AlexNet" in texts[0] and "PyTorch baskısı" in texts[0]
    assert "Derin Evrişimli Sinir Ağları" in texts[0]


def test_it_says_in_turkish_what_it_is(pdf):
    assert pdf.metadata.title == "AlexNet: Derin Evrişimli Sinir Ağları"
    assert pdf.metadata.author == "AlexNet kitabının yazarları"
    assert "Türkçe defter kitabı" in pdf.metadata.subject
    assert pdf.root_object["/Lang"] == "tr"


def test_text_can_be_selected_with_every_turkish_letter(texts, letters):
    assert set("çğıöşüâÇİÖŞÜ") <= set(letters)
    sentence = "yayımlandığında evrişimli sinir ağlarının (CNN) işe yaradığı görülmüştü"
    assert squeezed(sentence) in letters


def test_every_chapter_is_in_the_outline_and_in_the_contents(
    site, root, book, pdf, texts
):
    outline = [mark.title for mark in pdf.outline if not isinstance(mark, list)]
    titles = {
        page.find("article").h1.find(string=True, recursive=False) or ""
        for _, page in site_pages(root, book)
    }
    assert len(outline) == 1 + len(titles)
    assert outline[0] == "İçindekiler"
    contents = squeezed(" ".join(texts[2:9]))
    for title in titles:
        assert any(title in mark for mark in outline)
        assert squeezed(title) in contents


def test_the_contents_lead_to_the_page_that_they_say(pdf, texts):
    (mark,) = [m for m in pdf.outline if getattr(m, "title", "") == "Kaynakça"]
    number = 1 + pdf.get_destination_page_number(mark)
    contents = " ".join(texts[2:9])
    assert re.search(rf"Kaynakça[ .]+{number}\b", contents)
    assert texts[number - 1].lstrip().startswith("Kaynakça")


def test_figures_and_tables_have_the_numbers_of_the_site(site, root, book, letters):
    captions = [
        caption
        for _, page in site_pages(root, book)
        for caption in page.find("article").find_all(class_="caption-number")
    ]
    assert len(captions) > 40
    for number in captions:
        words = number.find_next(class_="caption-text").get_text()[:40]
        assert squeezed(number.get_text() + words) in letters


def test_there_is_code_of_no_other_framework(book, letters):
    cells = [cell for each in chapters.read_all(book) for cell in each.code_cells]
    own = {line for c in cells if c.framework in (EDITION, None) for line in long(c)}
    others = {line for c in cells if c.framework for line in long(c)} - own
    assert len(others) > 200
    assert [line for line in others if squeezed(line) in letters] == []
    assert all(squeezed(line) in letters for line in own)


def long(cell):
    """The lines of a cell that say enough to be told from all others."""
    lines = (line.strip() for line in cell.source.splitlines())
    return [line for line in lines if len(line) > 45]


def test_words_are_divided_at_the_ends_of_lines_by_turkish_rules(texts, tmp_path):
    hyphenation.install(tmp_path / "hyph_tr.dic")
    turkish = hyphenation.pyphen.Pyphen(lang="tr")
    words = re.findall(f"({LETTERS}){DIVISION}({LETTERS})", " ".join(texts))
    # With a capital it is a compound, or a heading that follows the end of a page.
    divided = [(left, right) for left, right in words if right.islower()]
    assert len(divided) > 300
    places = {pair: turkish.positions("".join(pair)) for pair in divided}
    assert [pair for pair in divided if len(pair[0]) not in places[pair]] == []


def test_no_text_runs_out_of_the_page(pages):
    for number, page in enumerate(pages[1:], start=2):
        width = page.page.get_width()
        boxes = [page.get_rect(n) for n in range(page.count_rects())]
        # As wide as the text and the ground of code, which stands out by 2.5 mm.
        assert min(left for left, *_ in boxes) > 14 * MILLIMETRE, number
        assert max(right for _, _, right, _ in boxes) < width - 14 * MILLIMETRE, number


def test_it_is_tagged_and_every_picture_has_words(pdf, objects):
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    tags = objects["/StructElem"]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/L", "/Link", "/Figure"} <= {
        tag["/S"] for tag in tags
    }
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(figures) > 40
    assert all(figure.get("/Alt") for figure in figures)


def test_the_explorer_is_the_table_of_its_layers(letters):
    table = letters[letters.index("KatmanÇıktıParametreBellekÇarpma–toplama") :]
    assert "Evrişim196×54×5411.712143,4MB33.872.256" in table[:400]
    assert "Hazırağınkaçkatı" not in letters


def test_formulas_are_drawn_with_their_tex_as_words_and_numbered(objects, letters):
    words = [tag.get("/Alt", "") for tag in objects["/StructElem"]]
    assert any(r"\frac{p}{1-p}\,x^2" in each for each in words)
    assert "$" not in letters[letters.index("Ölçeklemetamda") :][:200]
    assert "eşitliklerinibirmilyonörnekle" in letters
    assert re.search(r"\(\d\)ile\(\d\)eşitliklerini", letters)


def test_every_font_is_embedded(objects):
    fonts = objects["/FontDescriptor"]
    assert len(fonts) >= 6
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    assert all(files & font.keys() for font in fonts)
    names = " ".join(font["/FontName"] for font in fonts)
    assert "Serif" in names and "Mono" in names
