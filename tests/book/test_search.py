"""The search of the built site: what a reader finds, and what a reader sees of it."""

import re

import pytest
from bs4 import BeautifulSoup

from sphinx_turkish.search import letters

PAGE = "search.html"

# What a reader types, and the words that count for it: a page is to be found if it has
# one of each (`+` joins the words of a query), and no other page is. The words are
# patterns of whole words; "~" stands for the end of a noun, whatever it is.
END = (
    "(?:l[ae]r)?(?:[ıiuü]?[mn][ıiuü]z|s?[ıiuü])?"
    "(?:[yn]?[ıiuüae]|n?[dt][ae]n?|n?[ıiuü]n|y?l[ae])?(?:ki(?:l[ae]r)?\\w*)?"
    "(?:[dt][ıiuü]r|yd[ıiuü]|yken|ys[ae])?"
)
QUERIES = {
    # In all its forms, short or long
    "ağ": "ağ~",
    "ağı": "ağ~",
    "ağlar": "ağ~",
    "ağda": "ağ~",
    "AĞLARIN": "ağ~",
    "ag": "ağ~",
    "katman": "katman~",
    "katmanlarının": "katman~",
    "KATMANLAR": "katman~",
    "katmandan": "katman~",
    "ağırlık": "ağırlı[kğ]~",
    "ağırlıkları": "ağırlı[kğ]~",
    "AĞIRLIĞI": "ağırlı[kğ]~",
    "agirlik": "ağırlı[kğ]~",
    "çekirdek": "çekirde[kğ]~",
    "çekirdeğinin": "çekirde[kğ]~",
    "cekirdek": "çekirde[kğ]~",
    "bellekte": "belle[kğ]~",
    "özniteliklerin": "özniteli[kğ]~",
    "filtrenin": "filtre~",
    "parametreleri": "parametre~",
    "hata": "hata~",
    "hatanın": "hata~",
    "veri": "veri~",
    "doğruluk": "doğrulu[kğ]~",
    "dogruluk": "doğrulu[kğ]~",
    "görüntüler": "görüntü~",
    "havuzlama": "havuzlama~",
    "gürbüz": "gürbüz~",
    "tensör": "tensör~",
    "gradyanın": "gradyan~",
    "dönemde": "dönem~",
    # Words that change inside
    "kayıp": "kay(?:ıp|b|ıb)~",
    "kaybı": "kay(?:ıp|b|ıb)~",
    "şekil": "şek(?:il|l)~",
    "şekli": "şek(?:il|l)~",
    "renk": "ren[kg]~",
    "rengi": "ren[kg]~",
    # Dotted and dotless i, and no Turkish letters
    "ışık": "ışı[kğ]~",
    "isik": "ışı[kğ]~",
    "IŞIK": "ışı[kğ]~",
    "evrişim": "evrişim~",
    "EVRİŞİM": "evrişim~",
    "evrisim": "evrişim~",
    "evrisimin": "evrişim~",
    "İŞLEMCİ": "işlemci~",
    "İSTATİSTİK": "istatisti[kğ]~",
    "istatistik": "istatisti[kğ]~",
    "sinir": "sinir~|sınır~",
    # Several words: each must be there, those that only ask need not
    "öğrenme oranı": "öğrenme~ + oran~",
    "ogrenme orani": "öğrenme~ + oran~",
    "bant genişliği": "bant~|band~ + genişli[kğ]~",
    "ağırlık sönümlemesi": "ağırlı[kğ]~ + sönümleme~",
    "goruntu artirma": "görüntü~ + artırma~",
    "evrişim nedir": "evrişim~",
    "destek vektör makinesi": "deste[kğ]~ + vektör~ + makine~",
    # Names
    "AlexNet'in": "alexnet",
    "ALEXNET": "alexnet",
    "lenet": "lenet",
    "ImageNet": "imagenet",
    "IMAGENET": "imagenet",
    "ReLU": "relu",
    "SVM": "svm",
    "HOG": "hog",
    "GPU": "gpu",
    "PyTorch": "pytorch",
    "Fashion-MNIST": "fashion + mnist",
    "Krizhevsky": "krizhevsky",
    # Code
    "load_data_fashion_mnist": "load_data_fashion_mnist",
    "fashion_mnist": "fashion_mnist",
    "data_fashion_mnist": "load_data_fashion_mnist",
    "train_ch6": "train_ch6",
    "d2l.seed": "d2l + seed",
    "Conv2D": "conv2d",
    "try_gpu": "try_gpu",
    "D2L_SHIM_BUDGET": "d2l_shim_budget",
    "MaxPool2d": "maxpool2d",
    # Numbers
    "2012": "2012",
    "60.000": "60000",
    "60000": "60000",
}

# What stands first, of more than the words tell: its own section, term or description.
FIRST = {
    "katman": "chapters/sozluk#term-katman",
    "evrisim": "chapters/sozluk#term-evrisim",
    "öğrenme oranı": "chapters/sozluk#term-ogrenme-orani",
    "AĞIRLIĞI": "chapters/sozluk#term-agirlik",
    "load_data_fashion_mnist": "chapters/basvuru#load_data_fashion_mnist",
    "train_ch6": "chapters/basvuru#train_ch6",
    "try_gpu": "chapters/basvuru#try_gpu",
    "sözlük": "chapters/sozluk",
    "kaynakça": "chapters/kaynakca",
    "görüntü artırma": "chapters/sozluk#term-goruntu-artirma",
}

NOT_IN_THE_BOOK = [
    "ısı",
    "ağaçlandırma",
    "katmanlaşma",
    "kuaför",
    "zeytinyağı",
    "Kızılırmak",
    "ırmak",
    "İzlanda",
    "karınca",
    "rain",
    "atman",
    "load_data_imagenet",
    "train_ch99",
    "ağ zeytinyağı",
    "1453",
    "için",
]


def summary_of(page):
    """Return what the page of results says when it has searched."""
    summary = page.locator(".search-summary:not(:empty)")
    summary.wait_for()
    return summary.inner_text()


@pytest.fixture(scope="module")
def results(chromium, address):
    """The page of results, on which many things can be sought one after another."""
    page = chromium.new_page()
    page.goto(f"{address}{PAGE}?q=katman")
    summary_of(page)
    yield page
    page.close()


SEARCH = """(query) => {
  const found = Search._performSearch(...Search._parseQuery(query));
  return found.reverse().map(([page, , anchor]) => page + anchor);
}"""


def pages(places):
    """Return the pages of places."""
    return {place.partition("#")[0] for place in places}


@pytest.fixture(scope="module")
def texts(site):
    """The words of each page."""
    found = {}
    for path in sorted(site.glob("chapters/*.html")):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        article = page.find("article")
        for hidden in article.select("script, style, .headerlink, .prev-next-area"):
            hidden.decompose()
        found[f"chapters/{path.stem}"] = _words(article.get_text(" "))
    return found


def _words(text):
    text = re.sub(r"(?<=\w\w)['’]\w+", "", letters(text))
    text = re.sub(r"(?<=\d)[._](?=\d{3}\b)", "", text)
    names = set(re.findall(r"\w+", text))
    return names.union(*(name.split("_") for name in names))


def _has(words, pattern):
    return any(map(re.compile(letters(pattern.replace("~", END))).fullmatch, words))


def test_the_table_is_long_enough():
    assert len(QUERIES) >= 60
    assert len(NOT_IN_THE_BOOK) >= 10


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_all_pages_that_have_its_words_and_no_other(
    results, texts, query
):
    patterns = QUERIES[query].split(" + ")
    expected = {
        page
        for page, words in texts.items()
        if all(_has(words, pattern) for pattern in patterns)
    }
    assert expected

    assert pages(results.evaluate(SEARCH, query)) == expected


@pytest.mark.parametrize("query", FIRST)
def test_what_a_reader_looks_up_comes_first(results, query):
    assert results.evaluate(SEARCH, query)[0] == FIRST[query]


@pytest.mark.parametrize("query", NOT_IN_THE_BOOK)
def test_what_is_not_in_the_book_is_not_found(results, query):
    assert results.evaluate(SEARCH, query) == []


def test_every_result_is_a_place_on_its_page(results, site):
    places = {place for query in QUERIES for place in results.evaluate(SEARCH, query)}
    assert len(places) > 100

    for place in places:
        page, _, anchor = place.partition("#")
        html = (site / f"{page}.html").read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in html, place


def test_a_word_that_has_lost_its_pages_is_not_found(chromium, address):
    page = chromium.new_page()
    page.goto(address + PAGE)
    page.wait_for_load_state()
    page.evaluate("Search._index.terms.hayalet = []")

    assert page.evaluate("Search._parseQuery('hayalet')[1][0].size") == 0
    page.close()


# What a reader sees


@pytest.fixture
def reader(chromium, address):
    """Return a function that opens a page in a new reader's browser."""
    context = chromium.new_context(locale="tr-TR")
    context.set_default_timeout(60_000)

    def open_page(where):
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address + where)
        return page

    yield open_page
    context.close()


def marked(page):
    """Return the words that are marked on a page, in small letters."""
    page.wait_for_selector(".highlighted", state="attached")
    return {letters(text) for text in page.locator(".highlighted").all_text_contents()}


def test_results_show_where_the_words_stand_and_mark_them(reader):
    page = reader(f"{PAGE}?q=katmanlar%C4%B1n")
    summary_of(page)
    page.wait_for_load_state("networkidle")

    summaries = page.locator("#search-results p.context").all_inner_texts()
    with_mark = page.locator("#search-results p.context:has(.highlighted)").count()
    assert len(summaries) > 5
    assert with_mark >= len(summaries) - 2  # a definition need not repeat its term
    assert all(len(text) < 300 for text in summaries)
    assert {"katman", "katmanlar"} & marked(page)
    assert page.errors == []


def test_the_page_of_results_speaks_turkish(reader):
    page = reader(f"{PAGE}?q=katman")
    summary = summary_of(page)
    count = page.locator("#search-results li").count()
    assert page.locator("#search-results h2").inner_text() == "Arama sonuçları"
    assert summary == f"{count} sonuç bulundu."

    page = reader(f"{PAGE}?q=zeytinya%C4%9F%C4%B1")
    assert "bir sayfa yok" in summary_of(page)


def test_without_a_server_results_come_without_a_summary(chromium, site):
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{(site / PAGE).as_uri()}?q=katman")
    summary_of(page)

    assert page.locator("#search-results li").count() > 5
    assert page.locator("#search-results .context").count() == 0
    assert errors == []
    page.close()


def test_the_page_of_a_result_marks_the_words_until_escape(reader):
    page = reader(f"{PAGE}?q=a%C4%9Flar")
    page.locator("#search-results li a").first.wait_for()
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/chapters/**")

    words = marked(page)
    assert "ağ" in words
    assert all(word.startswith("ağ") for word in words)
    assert not words & {"ağırlik", "ağirlik", "ağaç"}

    page.keyboard.press("Escape")
    assert page.locator(".highlighted").count() == 0

    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator(".highlighted").count() == 0
    assert page.errors == []


def test_an_address_can_name_words_to_mark(reader):
    page = reader("chapters/sozluk.html?highlight=evrisim")

    assert {"evrişim"} <= marked(page)
    assert page.url.endswith("chapters/sozluk.html")


def test_only_words_of_the_text_are_marked(reader):
    page = reader("chapters/sozluk.html?highlight=sozluk")

    marked(page)
    assert page.locator("nav .highlighted, aside .highlighted").count() == 0
