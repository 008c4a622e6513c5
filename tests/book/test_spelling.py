"""The book is spelt right, as far as a dictionary can tell; and the check can tell."""

import itertools
from pathlib import Path

import pytest

from framework_tabs import config
from framework_tabs.source import chapter
from tests.book import language, spelling

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "chapters").glob("*.md"))]
FIGURES = sorted((ROOT / "chapters" / "figures").glob("*.svg"))
LISTING = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
EXTRA = spelling.words(LISTING)

# What is read


PAGE = """# Evrişim (*convolution*)

*Öznitelik* öğrenme ve `kod`'un yeri, {term}`veri yolu`nun eni.

```{glossary}
.. everyday word
adım
  *stride*; başka kaynaklarda uzun adım. Kayma.

yitim
  Bu kitapta: {term}`kayıp`.
```

```{code-cell} ipython3
hücre
```
"""


def test_prose_is_read_with_the_glossary_but_without_foreign_words():
    lines = spelling.prose(PAGE).splitlines()

    assert lines[0] == "# Evrişim ()"
    assert lines[2] == "Öznitelik öğrenme ve 'un yeri, veri yolunun eni."
    assert " ".join(lines[3:]).split() == ["adım", ".", "Kayma."]


def test_of_code_comments_and_sentences_are_read():
    code = (
        "%matplotlib inline\n"
        "x = f('relu', 'iki söz', data['train'])  # x'in adı, 'relu' değil\n"
        "print(f'{x:>12}katman', data['train'])\n"
        "y = {'kayıp': x}\n"
        "plot(x, loc='lower right')\n"
    )

    lines = spelling.code_texts(code).splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        *("", "# 'in adı, değil iki söz", "katman", "kayıp", "", "")
    ]


def test_a_figure_is_read_without_its_style(tmp_path):
    path = tmp_path / "x.svg"
    path.write_text("<svg><style>.a {}</style><title>Bir</title><text>iki</text></svg>")

    assert spelling.figure_texts(path).split() == ["Bir", "iki"]


def test_numbers_words_and_endings_are_told_apart():
    text = "%15,3'tü 60.000'i GPU'lar Shun-ichi “iyi”yi conv2d x_y f(x) 1e"

    found = [(t.word, t.number, t.suffix) for t in spelling.tokens(text)]

    assert found == [
        *(("", "15,3", "tü"), ("", "60.000", "i"), ("GPU", "", "lar")),
        *(("Shun-ichi", "", ""), ("iyi", "", ""), ("", "", "yi")),
    ]


# Turkish


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *(("0", "sıfır"), ("3", "üç"), ("10", "on"), ("46", "altı"), ("60", "altmış")),
        *(("100", "yüz"), ("2012", "iki"), ("1990", "doksan"), ("1000", "bin")),
        *(("60.000", "bin"), ("1.000.000", "milyon"), ("46.764.746", "altı")),
        *(("0,88", "sekiz"), ("15,3", "üç"), ("2.13.0", "sıfır"), ("3.11", "bir")),
    ],
)
def test_a_number_is_read(number, word):
    assert spelling.last_word(number) == word


@pytest.mark.parametrize(
    ("word", "suffixes"),
    [
        ("bin", "i in den lik e"),
        ("altı", "yı nın dan sı ncı lık"),
        ("üç", "ü ten te tür lük er"),
        ("kırk", "ı tan"),
        ("dokuz", "u du suz"),
    ],
)
def test_right_suffixes_fit(word, suffixes):
    assert [s for s in suffixes.split() if not spelling.fits(word, s)] == []


@pytest.mark.parametrize(
    ("word", "suffixes"),
    [
        ("bin", "ı un dan yi si nin ten"),
        ("altı", "ı ın den yi"),
        ("üç", "i den de dür sü"),
        ("dokuz", "ı tan"),
    ],
)
def test_wrong_suffixes_do_not_fit(word, suffixes):
    assert [s for s in suffixes.split() if spelling.fits(word, s)] == []


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("matrislerle", "matris"),
        ("özniteliğiyle", "öznitelik"),
        ("ölçekteyken", "ölçek"),
        ("fonksiyonsa", "fonksiyon"),
        ("görüntülük", "görüntü"),
        ("ağırlıklarınki", "ağırlık"),
        ("artarken", "artmak"),
        ("eğitmeyeceğiz", "eğitmek"),
        ("kümeleyerek", "kümelemek"),
        ("keskinleştirilip", "keskinleştirmek"),
    ],
)
def test_a_form_is_led_back_to_its_word(word, stem):
    assert stem in spelling.stems(word)


@pytest.mark.parametrize("word", ["matrislarla", "ölçektayken", "artırkan", "katmanu"])
def test_suffixes_out_of_harmony_lead_nowhere(word):
    assert {"matris", "ölçek", "artmak", "katman"}.isdisjoint(spelling.stems(word))


# The check


RIGHT = "Ağ, matrislerle 60.000'i GPU'larda AlexNet'ten %15,3'tü; evrişimlerdeki hâli."
WRONG = [
    *("katmna", "evrişimlardaki", "birşey", "60.000'ı", "3'den", "Alexnet", "yanlız"),
    *("AlexNet'xi", "görüntüsi", "herşeyi", "öznitellik", "çalıştırılyor"),
]


@pytest.fixture(scope="module")
def speller(hunspell, texts):
    """The check, with hunspell's answers about all the texts of these tests."""
    every = itertools.chain(*texts.values())
    return spelling.Speller([*every, RIGHT, *WRONG], EXTRA)


def test_right_words_pass(speller):
    assert speller.wrong(RIGHT) == []


@pytest.mark.parametrize("wrong", WRONG)
def test_a_misspelt_word_is_found(speller, wrong):
    assert speller.wrong(f"Bir\n{wrong} var.") == [f"2. satır: {wrong}"]


# The book


def cells(path):
    """Return the texts of a chapter's code, each line where it is in the chapter."""
    for cell in chapter.read(path, config.load(ROOT)).code_cells:
        yield "\n" * (cell.line - 1) + spelling.code_texts(cell.source)


@pytest.fixture(scope="module")
def texts():
    """For each file what is to be spelt right in it."""
    readme, *chapters = PAGES
    return {
        readme: [spelling.prose(language.turkish_part(readme))],
        **{p: [spelling.prose(p.read_text("utf-8")), *cells(p)] for p in chapters},
        **{path: [spelling.figure_texts(path)] for path in FIGURES},
    }


@pytest.mark.parametrize("path", [*PAGES, *FIGURES], ids=lambda path: path.name)
def test_a_page_and_its_cells_or_a_figure_are_spelt_right(speller, texts, path):
    assert [wrong for text in texts[path] for wrong in speller.wrong(text)] == []


def test_the_book_needs_every_word_of_its_list(hunspell, texts):
    book = spelling.Speller(itertools.chain(*texts.values()), EXTRA)

    assert set(EXTRA) - book.needed() == set()


def test_the_list_is_sorted_in_groups_that_a_comment_explains():
    for group in LISTING.strip().split("\n\n"):
        comment, *words = group.splitlines()
        assert comment.startswith("# ")
        assert words == sorted(set(words), key=spelling.turkish_order)
