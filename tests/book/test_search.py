"""The search of the built site: what a reader finds, and what a reader sees of it."""

import re

import pytest
from bs4 import BeautifulSoup

from framework_tabs.search import letters

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
    "sinir": "sinir~|sınır~",
    # Several words: each must be there, those that only ask need not
    "öğrenme oranı": "öğrenme(?:k|~) + oran~",
    "ogrenme orani": "öğrenme(?:k|~) + oran~",
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
    "fashion_mnist": "fashion + mnist",
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
    "görüntü artırma": "chapters/goruntu_artirma",
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
    "kar",
    "rain",
    "atman",
    "load_data_imagenet",
    "train_ch99",
    "ağ zeytinyağı",
    "1453",
    "için",
]


@pytest.fixture(scope="module")
def results(chromium, address):
    """The page of results, on which many things can be sought one after another."""
    page = chromium.new_page()
    page.goto(address + PAGE)
    page.wait_for_function("Search.hasIndex()")
    yield page
    page.close()


SEARCH = """(query) => {
  const found = Search._performSearch(...Search._parseQuery(query));
  return found.reverse().map(([page, , anchor]) => page + anchor);
}"""


def pages(places):
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
    return set(re.findall(r"\w+", text))


def _pages_with(words, texts):
    """Return the pages that have a word of each pattern."""
    patterns = [
        re.compile(letters("|".join(f"(?:{p})" for p in each.split("|"))))
        for each in words.replace("~", END).split(" + ")
    ]
    return {
        page
        for page, found in texts.items()
        if all(any(map(pattern.fullmatch, found)) for pattern in patterns)
    }


def test_the_table_is_long_enough():
    assert len(QUERIES) >= 60
    assert len(NOT_IN_THE_BOOK) >= 10


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_all_pages_that_have_its_words_and_no_other(
    results, texts, query
):
    expected = _pages_with(QUERIES[query], texts)
    assert expected

    assert pages(results.evaluate(SEARCH, query)) == expected
