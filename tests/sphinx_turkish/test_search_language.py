"""The search's rules: what goes into the index, and which words are found with which.

In Python and, the same, in a browser: there the very script runs that the site loads.
"""

import re
from itertools import chain

import pytest

from framework_tabs.render import glossary_links
from sphinx_turkish import search
from sphinx_turkish import words as turkish
from sphinx_turkish.search import TurkishSearch, letters, words


def indexed(text):
    """Return what a page with the text is found by."""
    language = TurkishSearch({})
    return [word for word in language.split(text) if language.word_filter(word)]


# The index, in Python


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("IŞIK ışık Işık", "işik işik işik"),
        ("İSTATİSTİK İstatistik", "istatistik istatistik"),
        ("i\u0307statistik", "istatistik"),
        ("Ağ", "ağ"),
        ("ag\u0306", "ağ"),
        ("hâlâ resmî", "hala resmi"),
        ("ÖĞÜŞÇ", "öğüşç"),
    ],
)
def test_letters_are_small_whatever_the_case_and_the_encoding(text, small):
    assert letters(text) == small


def test_a_suffix_after_an_apostrophe_is_left_out():
    assert list(words("AlexNet'in GPU’da 2012'de 60.000'i")) == [
        "alexnet",
        "gpu",
        "2012",
        "60000",
    ]


def test_a_quotation_mark_of_code_is_no_apostrophe():
    assert indexed("print(f'yığın {i}', 'kayıp')") == ["print", "yiğin", "kayip"]


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("load_data_fashion_mnist", "load_data_fashion_mnist load data fashion mnist"),
        ("train_ch6", "train_ch6 train ch6"),
        ("__init__", "init"),
        ("nn.Conv2d(1)", "nn conv2d conv"),
        ("D2L_SHIM_DATA", "d2l_shim_data d2l shim data"),
        ("float32", "float32 float"),
        ("d2l", "d2l"),
    ],
)
def test_a_name_of_code_is_found_whole_and_by_its_parts(name, found_by):
    assert indexed(name) == found_by.split()


def test_numbers_are_found_but_no_fractions():
    assert indexed("60.000, 60_000 ve 28 × 28; 0,8853 ile 1.9.1 değil") == [
        "60000",
        "60000",
        "28",
        "28",
    ]


def test_words_of_every_page_and_single_letters_are_left_out():
    assert indexed("bir ağ için x ve y ise") == ["ağ"]


@pytest.mark.parametrize(
    ("word", "stems"),
    [
        ("katman", "katman"),
        ("ağırlık", "ağırlık ağırlığ"),
        ("renk", "renk reng"),
        ("kalp", "kalp kalb"),
        ("bak", "bak"),
        ("ağ", "ağ"),
        ("kayıp", "kayıp kayıb kayp kayb"),
        ("şekil", "şekil şekl"),
    ],
)
def test_the_end_of_a_word_may_change_before_suffixes(word, stems):
    assert turkish.stems(word) == stems.split()


# The same rules in the browser


@pytest.fixture(scope="module")
def page(chromium):
    """An empty page with the script of the search."""
    page = chromium.new_page()
    page.add_script_tag(content=search.script())
    yield page
    page.close()


AWKWARD = """
İ I ı i İIıi IŞIĞI i̇stanbul ŞİŞLİ Ağ'ın AĞ’IN ‘ağ’ "ağ" f'ağ' d2l'in 60.000'i 1.234.567
0,5 3.14e-2 1_000_000 12.34.56 _x __init__ a__b conv2d_1 Conv2D 0x0803 x² n³ 10⁶ α β Σ Ω
ŒUVRE ßtraße Krizhevský Dürer naïve ǅ ﬁltre 28×28 ½ ① 数 😀 e\u0301 ag\u0306a ' ’ _ __
"""


def texts(root):
    """Return the sources of all that the site shows, and what is hard to read."""
    paths = [
        *root.glob("chapters/*.md"),
        *root.glob("chapters/*.bib"),
        *root.glob("locale/**/*.po"),
        *root.glob("d2l_shim/**/*.py"),
    ]
    return [AWKWARD, *(path.read_text(encoding="utf-8") for path in paths)]


@pytest.fixture(scope="module")
def vocabulary(root):
    """Every word of the book."""
    return sorted(set(chain.from_iterable(map(words, texts(root)))))


def test_both_languages_find_the_same_words_in_the_book(page, root):
    sources = texts(root)
    assert len(sources) > 20

    in_browser = page.evaluate("(texts) => texts.map(Turkish.words)", sources)

    assert in_browser == [list(words(text)) for text in sources]


def test_both_languages_find_the_same_parts_of_names(page, vocabulary):
    in_browser = page.evaluate("(names) => names.map(Turkish.parts)", vocabulary)

    assert in_browser == [search.parts(name) for name in vocabulary]


FORMS = """([bases, words]) => {
  const grammar = new Turkish.Grammar(Turkish.letters);
  const forms = (base) => words.filter((word) => grammar.isForm(word, base));
  return bases.map((base) => forms(base));
}"""


def test_both_languages_inflect_every_word_of_the_glossary_alike(
    page, root, vocabulary
):
    glossary = (root / "chapters" / "sozluk.md").read_text(encoding="utf-8")
    names = chain.from_iterable(e.names for e in glossary_links.entries(glossary))
    bases = sorted({turkish.fold(name.split()[-1]) for name in names})
    assert len(bases) > 50

    in_browser = page.evaluate(FORMS, [list(map(letters, bases)), vocabulary])

    for base, forms in zip(bases, in_browser, strict=True):
        pattern = re.compile(letters(turkish.pattern(base)))
        assert forms == [word for word in vocabulary if pattern.fullmatch(word)], base


# Finding, in the browser


@pytest.fixture(scope="module")
def found(page):
    """Return a function: what is found for a query where a book has these words."""

    def find(query, *texts):
        terms = [term for text in texts for term in indexed(text)]
        sets = page.evaluate(
            "([query, terms]) =>"
            " new Turkish.Finder(terms).find(query).map((found) => [...found])",
            [query, terms],
        )
        return [set(each) for each in sets]

    return find


@pytest.mark.parametrize(
    ("words_of_book", "others"),
    [
        ("ağ ağı ağlar ağın ağda ağlarının ağımızdaki", "ağaç ağırlık ağız aktı"),
        ("katman katmanlarının katmanla katmandır", "katma katmanlı kat katkı katı"),
        ("ağırlık ağırlığı ağırlıklara", "ağır ağırlıklı ağ"),
        ("kayıp kaybı kayıplar kaybından", "kaya kayar kayıt"),
        ("şekil şekli şekillerde", "şeker"),
        ("renk rengi renkler", "renkli"),
        ("hata hatası hatalar hatadır", "hat hattı hatlar hatta"),
        ("veri verisi veriler verinin", "verdi vermiş verim"),
        ("parametre parametreler parametrenin", "parametrik"),
        ("adım adımı adımlar", "ad adı adlar ada"),
        ("öğrenmek öğreniyor öğrenmişti öğrenir öğrenecektir", "öğrenci öğretmek"),
        ("öğrenme öğrenmenin öğrenmesi", "öğrenmek öğrenir öğreniyor"),
        ("oran oranı oranlar oranında", "ora oraya orada"),
        ("iş işi işler işin", "işlem işaret için ise"),
        ("evrişim evrişimin evrişimlerinden", "evrişimsel evrim"),
    ],
)
def test_a_word_is_found_in_all_its_forms_and_no_other(found, words_of_book, others):
    forms = {letters(word) for word in words_of_book.split()}
    for query in words_of_book.split():
        assert found(query, words_of_book, others) == [forms], query


@pytest.mark.parametrize("query", ["IŞIK", "ışık", "Işık", "isik", "ISIK", "işik"])
def test_neither_case_nor_a_foreign_keyboard_hides_a_word(found, query):
    assert found(query, "Işığı gör, ışık") == [{"işiği", "işik"}]


@pytest.mark.parametrize("query", ["İSTATİSTİK", "istatistik", "ISTATISTIK"])
def test_i_is_found_with_and_without_its_dot(found, query):
    assert found(query, "İstatistiğin temeli") == [{"istatistiğin"}]


def test_what_is_typed_with_turkish_letters_is_meant_so(found):
    assert found("ısı", "işi") == [set()]
    assert found("ön", "ön on") == [{"ön"}]
    assert found("kar", "karşı karta karda") == [{"karda"}]
    assert found("kat", "katkıda katta kattaki") == [{"katta", "kattaki"}]
    assert found("ögrenme", "öğrenme") == [{"öğrenme"}]


def test_an_infinitive_finds_its_noun_and_the_noun_no_verb(found):
    text = "öğrenmek, öğrenir, öğrenmenin, öğrenmesi"
    assert found("öğrenmek", text) == [set(indexed(text))]
    assert found("öğrenme", text) == [{"öğrenmenin", "öğrenmesi"}]


def test_an_unknown_inflected_word_finds_its_siblings(found):
    assert found("ışıktan", "ışık ışıklar") == [{"işik", "işiklar"}]


def test_each_word_of_a_query_counts_but_those_of_every_page(found):
    assert found("ağ için veri nedir", "ağlar", "veriler") == [{"ağlar"}, {"veriler"}]
    assert found("için", "iç") == []


def test_part_of_a_name_is_found_and_a_whole_name_alone(found):
    text = "load_data_fashion_mnist(fashion)"
    assert found("load_data_fashion_mnist", text) == [{"load_data_fashion_mnist"}]
    assert found("fashion_mnist", text) == [{"load_data_fashion_mnist"}]
    assert found("load_mnist", text) == [set()]
    assert found("fashion", text) == [{"fashion"}]


@pytest.mark.parametrize("query", ["ain", "rain", "onv2d", "atman", "katma", "kat"])
def test_a_piece_of_a_word_finds_nothing(found, query):
    assert found(query, "train conv2d katman") == [set()]
