"""The style sheet of the site: only what pages use, and all of that."""

import re

import pytest
import tinycss2
from fontTools.ttLib import TTFont

from book_theme import stylesheet
from tests.book.reader import FRONT_PAGE

KNOWN = {"html", "div", "b", "aria-label", "seen", "main"}

# How every element looks that a style sheet of the theme could have changed.
LOOKS = """() => [...document.querySelectorAll("body *")].map((node) => {
  const box = node.getBoundingClientRect();
  const style = getComputedStyle(node);
  return [node.nodeName, Math.round(box.x), Math.round(box.y), Math.round(box.width),
    Math.round(box.height), style.color, style.backgroundColor, style.fontSize,
    style.fontWeight, style.display, style.borderTopColor].join(" ");
})"""


def used(css):
    """Return what is left of a style sheet on a site that knows few words."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "\n".join(stylesheet.used(rules, KNOWN))


@pytest.mark.parametrize(
    "rule",
    [
        "div.seen > b:hover{color:red}",
        "#main[aria-label=x] *{color:red}",
        "div:not(.unseen)::before{color:red}",
        ":is(.unseen, .seen){color:red}",
        "@keyframes unseen{from{top:0}}",
        "@media print{.seen{color:red}}",
    ],
)
def test_a_rule_for_what_may_be_on_a_page_stays(rule):
    assert used(rule) == rule


@pytest.mark.parametrize(
    "rule",
    [
        ".unseen div{color:red}",
        "article{color:red}",
        "#other{color:red}",
        "div[data-unseen]{color:red}",
        ":is(.unseen, article) b{color:red}",
        "@media print{.unseen{color:red}}",
    ],
)
def test_a_rule_for_what_is_on_no_page_goes(rule):
    assert used(rule) == ""


def test_of_several_selectors_only_those_in_use_stay():
    assert used(".unseen, b, article b{color:red}") == "b{color:red}"


def test_addresses_start_from_the_folder_of_the_one_sheet(tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / "first.css").write_text('@charset "UTF-8";b{background:url(b.png)}')
    (tmp_path / "styles" / "theme.css").write_text(
        '@import "../first.css";div{background:url("x.png"),url("data:,"),url(/y.png)}'
    )
    rules = stylesheet.read(tmp_path, "styles/theme.css")
    assert list(stylesheet.used(rules, KNOWN)) == [
        "b{background:url(b.png)}",
        'div{background:url("styles/x.png"),url("data:,"),url(/y.png)}',
    ]


def answer_with(css):
    """Return what lets the server say something else."""

    def answer(route):
        route.fulfill(body=css, content_type="text/css")

    return answer


@pytest.mark.parametrize("media", ["screen", "print"])
def test_pages_look_as_with_all_that_the_themes_bring(
    visit, address, site, path, media
):
    static = site / "_static"
    sheets = ["basic.css", "styles/pydata-sphinx-theme.css", "pygments.css"]
    sheets += ["styles/sphinx-book-theme.css", "copybutton.css"]
    sheets += [next(static.glob("mystnb.*.css")).name, "sphinx-design.min.css"]
    sheets += ["framework_tabs.css", "book_theme.css"]
    whole = "\n".join((static / name).read_text("utf-8") for name in sheets)
    looks = []
    for css in ((static / stylesheet.NAME).read_text("utf-8"), whole):
        page = visit(FRONT_PAGE)
        page.emulate_media(media=media)
        page.route("**/*.woff2", lambda route: route.abort())
        page.route(f"**/{stylesheet.NAME}", answer_with(css))
        page.goto(address + path, wait_until="load")
        looks.append(page.evaluate(LOOKS))
    assert len(looks[0]) > 500
    assert looks[0] == looks[1]


def test_the_books_type_has_every_letter_that_its_style_names(root):
    """A letter that a font lacks would come from another, heavier or wider."""
    static = root / "book_theme" / "static"
    style = (static / "book_theme.css").read_text(encoding="utf-8")
    faces = re.findall(r"@font-face \{(.*?)\}", style, re.S)
    letters = {}
    for face in (face for face in faces if "unicode-range" in face):
        (file,) = re.findall(r'url\("(.*?)"\)', face)
        named = re.search(r"unicode-range: (.*?);", face)[1]
        ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", named)
        points = [
            point
            for first, last in ranges
            for point in range(int(first, 16), int(last or first, 16) + 1)
        ]
        known = TTFont(static / file).getBestCmap()
        letters[file] = {chr(p) for p in points if p in known}
        missing = [chr(p) for p in points if p not in known and chr(p).isalpha()]
        assert missing == [], file
    for shape in ("normal", "italic"):
        found = set().union(*(letters[f] for f in letters if shape in f))
        assert set("çğıöşüâîûÇĞİÖŞÜ–—’“”…×−") <= found
