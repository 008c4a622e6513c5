"""First uses of the glossary's terms: which words they are, where they are linked."""

import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat import v4

from framework_tabs.render import glossary_links
from framework_tabs.render.glossary_links import Entry, Finder
from tests.engine.fake_book import PROSE_TABS, cell, chapter, write_book

GLOSSARY = """# Sözlük

Bir ağırlık, bir katman.

```{glossary}
ağırlık
  *weight*. Bir sayı.

.. everyday word
adım
  *stride*; başka kaynaklarda uzun adım. Kaydırma.

boru hattı
  Bu kitapta: {term}`işlem hattı`.
```

Öbür harfler:

```{glossary}
destek vektör makinesi (SVM)
  *support vector machine*. Bir sınıflandırıcı.

havuzlama
  *pooling*. Özetleme.

işlem hattı
  *pipeline*. Dizi.

katman
  *layer*. Parça.

maksimum havuzlama
  *max pooling*. En büyük.

tam bağlı katman
  *fully connected layer* ya da *dense layer*. Katman.
```
"""


# Reading a glossary


def test_an_entry_has_its_names_its_english_and_its_definition():
    found = {entry.title: entry for entry in glossary_links.entries(GLOSSARY)}

    assert list(found)[:3] == ["ağırlık", "adım", "boru hattı"]
    assert found["ağırlık"] == Entry("ağırlık", "*weight*. Bir sayı.", ("weight",))
    assert found["tam bağlı katman"].english == ("fully connected layer", "dense layer")
    svm = found["destek vektör makinesi (SVM)"]
    assert svm.names == ("destek vektör makinesi", "SVM")


def test_a_comment_above_the_word_marks_everyday_language():
    found = glossary_links.entries(GLOSSARY)

    assert [entry.title for entry in found if entry.everyday] == ["adım"]


def test_another_book_s_word_has_no_english():
    found = glossary_links.entries(GLOSSARY)

    assert [entry.title for entry in found if not entry.english] == ["boru hattı"]


PLAIN = """```{glossary}
kernel
filter : noun
  Slides over a picture.

  Said again, in a second paragraph.
layer
  Part of a network.
```
"""


def test_entries_may_share_a_definition_and_go_on_after_an_empty_line():
    found = {entry.title: entry.definition for entry in glossary_links.entries(PLAIN)}

    assert list(found) == ["kernel", "filter", "layer"]
    assert found["kernel"] == found["filter"]
    assert found["filter"].endswith("a second paragraph.")


def test_where_no_definition_names_the_english_every_entry_is_a_term():
    found = glossary_links.terms(PLAIN)

    assert [entry.title for entry in found] == ["kernel", "filter", "layer"]
    assert "boru hattı" not in [e.title for e in glossary_links.terms(GLOSSARY)]


def test_a_glossary_without_entries_has_no_terms_to_find():
    assert list(Finder(glossary_links.terms("# Words")).find("words")) == []


# Turkish


def uses(text, *titles, everyday=False):
    """Return how a text writes terms with these titles."""
    terms = [Entry(title, "", ("stride",), everyday) for title in titles]
    return [text[start:end] for start, end, _ in Finder(terms).find(text)]


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("ağırlık", "ağırlığı ağırlığın ağırlıklarını ağırlıklarla Ağırlık"),
        ("öznitelik", "özniteliği özniteliğe ÖZNİTELİK özniteliklerdeki öznitelikten"),
        ("katman", "katmanı katmanlarındakilerin katmandır katmanıdır katmanlarla"),
        ("filtre", "filtreyi filtreler filtresi filtresinin filtrelerimiz filtreyle"),
        ("kayıp", "kaybı kaybın kayıplar kayıpla kaybımız"),
        ("doymak", "doyar doymayan doyan doymuş doyması doydu doyacak doyuyor"),
        ("dropout (seyreltme)", "dropout'un dropout’u dropout seyreltmeyi"),
        ("rasgele gradyan inişi (SGD)", "SGD'nin SGD'yi SGD"),
        ("gürbüz", "gürbüzdür gürbüz"),
    ],
)
def test_a_term_is_found_with_its_suffixes(title, forms):
    assert uses(forms, title) == forms.split()


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("sinir ağı", "iyi sinir ağlarının", "sinir ağlarının"),
        ("öğrenme oranı", "büyük öğrenme oranlarıyla", "öğrenme oranlarıyla"),
        ("destek vektör makinesi (SVM)", "bir Destek vektör makineleri", None),
        ("bant genişliği", "hangi bant genişliklerinde", "bant genişliklerinde"),
        ("evrişim katmanı", "her evrişim katmanındaki", "evrişim katmanındaki"),
        ("rasgele gradyan inişi (SGD)", "rasgele gradyan inişiyle", None),
        ("veri yolu", "bellek veri\nyolu da", "veri\nyolu"),
        ("tam bağlı katman", "iki tam bağlı katmandan", "tam bağlı katmandan"),
    ],
)
def test_the_end_of_a_compound_may_be_plural(title, text, found):
    assert uses(text, title) == [found or text.removeprefix("bir ")]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("ağırlık", "ağırlıklı ağırlıksız ağırbaşlı"),
        ("katman", "çokkatman katmanlı alt-katman katmanlaşma"),
        ("temsil", "temsilci temsilciler"),
        ("eğitim", "eğitme eğitmen eğitimli"),
        ("doymak", "doyum doyurucu"),
        ("sinir ağı", "sinirli ağı sinir ağacı"),
        ("dolgu", "dolgun"),
    ],
)
def test_other_words_that_begin_alike_are_left_alone(title, text):
    assert uses(text, title) == []


def test_of_two_terms_in_one_place_the_longer_is_found():
    text = "maksimum havuzlama, havuzlama, havuzlama katmanı"
    titles = ["havuzlama", "maksimum havuzlama", "havuzlama katmanı"]

    assert uses(text, *titles) == text.split(", ")


def test_an_everyday_word_is_found_only_before_its_english():
    text = "ilk adım, adımı (ing. Stride) ve adım (step)"

    assert uses(text, "adım", everyday=True) == ["adımı"]


# On a page


PAGE = chapter(
    "Ağırlık",
    "(etiket)=\n## Havuzlama\n",
    "```{admonition} Bu bölümde\n:class: tip\n\nBir katman görürsünüz.\n```\n",
    "`ağırlık`, [ağırlık](https://example.org) ve **ağırlığın** adı; ağırlık.\n",
    "Maksimum havuzlama, sonra havuzlamanın türü. Bir adım (*stride*).\n",
    "| katman |\n| --- |\n| katman |\n",
    PROSE_TABS.replace("MXNet için söz.", "Bir katman."),
    cell("print('katman')"),
    "```{dropdown} Çözüm\nBir *destek vektör makinesi*: {term}`işlem hattı`.\n```\n",
    "```{figure} nokta.svg\nKatman.\n\nKatman\n```\n",
    "Tam bağlı katmanlar ve katmanlar; işlem hattı.\n",
)


def written(root):
    """Write a book of the page ``deneme`` and a glossary, which no setting names."""
    book = write_book(root, {"deneme": PAGE, "sozluk": GLOSSARY})
    (root / "chapters" / "nokta.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    )
    return book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A built book whose page ``deneme`` uses the terms."""
    book = written(tmp_path_factory.mktemp("book") / "b")
    config = yaml.safe_load((book.root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"]["framework_tabs"]["glossary"] = "chapters/sozluk.md"
    text = yaml.safe_dump(config, allow_unicode=True)
    (book.root / "_config.yml").write_text(text, encoding="utf-8")
    book.answer(lambda *_: [v4.new_output("display_data", {"text/markdown": "katman"})])
    assert book.build(warningiserror=True) == (0, "")
    return book


def links(book, page):
    """Return (shown text, target) of the links to the glossary from first uses."""
    html = BeautifulSoup(book.page(f"chapters/{page}"), "html.parser")
    return [
        (link.get_text(), link["href"])
        for link in html.select("article a")
        if link.select(".first-use")
    ]


def test_the_first_use_of_each_term_is_linked_to_its_entry(book):
    assert links(book, "deneme") == [
        ("ağırlığın", "sozluk.html#term-agirlik"),
        ("Maksimum havuzlama", "sozluk.html#term-maksimum-havuzlama"),
        ("havuzlamanın", "sozluk.html#term-havuzlama"),
        ("adım", "sozluk.html#term-adim"),
        ("destek vektör makinesi", "sozluk.html#term-destek-vektor-makinesi-SVM"),
        ("Tam bağlı katmanlar", "sozluk.html#term-tam-bagli-katman"),
        ("katmanlar", "sozluk.html#term-katman"),
    ]


def test_the_glossary_itself_is_left_as_it_is(book):
    assert links(book, "sozluk") == []


def test_a_page_is_read_again_when_the_glossary_changes(book):
    glossary = book.root / "chapters" / "sozluk.md"
    text = glossary.read_text(encoding="utf-8")
    glossary.write_text(text.replace("katman\n  *", "düzey\n  *"), encoding="utf-8")

    assert book.build() == (0, "")

    assert "katmanlar" not in dict(links(book, "deneme"))


def test_without_a_glossary_nothing_is_linked(tmp_path):
    book = written(tmp_path / "b")

    assert book.answer().build(warningiserror=True) == (0, "")

    assert links(book, "deneme") == []
