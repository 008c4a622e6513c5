"""The book's Turkish: no wrong forms, Turkish numbers, references that exist."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from babel.messages.pofile import read_po
from pybtex.database import parse_file

from framework_tabs.render import glossary_links
from sphinx_turkish.words import pattern as inflected
from tests.book import language

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").rglob("*.md"))
PAGES = [ROOT / "README.md", *CHAPTERS]
FIGURES = sorted((ROOT / "chapters" / "figures").glob("*.svg"))
PACKAGES = (
    "api_tabs",
    "architecture_explorer",
    "d2l_import",
    "d2l_shim",
    "framework_tabs",
    "sphinx_turkish",
)
MODULES = sorted(path for name in PACKAGES for path in ROOT.glob(f"{name}/**/*.py"))
CATALOGUES = sorted(
    path for name in (".", *PACKAGES) for path in ROOT.glob(f"{name}/locale/**/*.po")
)


def named(paths):
    """Return the paths as test parameters that are called by their relative names."""
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def turkish(path):
    """Return the prose and the code cells of a page; of the README its Turkish part."""
    return language.split(language.turkish_part(path))


# The lint itself


WRONG_SENTENCES = [
    "Evrimsel sinir ağları derindir.",
    "KIVRIMSAL katmanlar",
    "Konvolüsyonel ağ",
    "çadırların sayısını artırın",
    "Mimarlık aşağıdadır; mimarlığın ayrıntıları",
    "2012 kağıdında, özgün kâğıtta",
    "bu gazetede gösterildi",
    "Eksiksiz Malzeme: Veri",
    "Eksiksiz bileşenler",
    "Öğrenme Temsilleri",
    "bellek otobüsleri geniştir",
    "şube belirleyicileri pahalıdır",
    "tüm çanlar ve ıslıklar",
    "tüneğe hükmetti",
    "büyük önbellekler spor yapan çekirdekler",
    "güç dört dereceden büyür",
    "aerodinamik bir sürüm",
    "görüntü büyütme ve veri büyütmesi",
    "Bırakma katmanı eklenir, bırakma oranı 0,5",
    "tam bağlı katmanlarda bırakma kullanılır",
    "bırakma (dropout)",
    "ağırlık çürümesi",
    "ezilmeyen etkinleştirmeler",
    "bu müdahale süresi içinde",
    "Moda-MNIST",
    "işleri devletinin bir göstergesi, devletinin işleri",
    "aktivasyon fonksiyonları",
    "10 epok eğitildi",
    "on devir eğitilir, devir sayısı",
    "rasgele eğim inişi",
    "ön belleğe sığmaz",
    "öğrenme hızını küçültün",
    "makine öğrenimi",
    "boru hattının son adımı",
    "aşırı uyumu azaltır",
    "imgelerin boyutu",
    "yitim fonksiyonu",
    "en büyük ortaklama",
    "ağırlıkların ilklemesi",
    "hatanın geri yayması",
    "eksik\nmalzeme değil, eksiksiz\nmalzeme",
    "etkinleştirme işlevi",
    "minigrup, toplu işler ve iş boyutu",
    "ağırlıklar ve ek girdiler; ek girdi terimi",
    "bilgisayarlı görü, bilgisayar görüsü",
    "veri setini indirin",
    "hattan düşürme, hattan düşme, iletim sönümü",
    "dropout (bırakma)",
    "özellik haritaları, özellik çıkarıcısı, özellikler (feature)",
    "konvolüsyon, konvolüsyonel sinir ağı, imge zenginleştirme",
    "tam bağlantılı katman",
    "eğim (gradient)",
    "rastgele gradyan inişi",
    "düzenlileme",
    "uzun adımı 4",
    "beş ayrı çekirdek sayıyla eğitin, çekirdek sayılar arasındaki fark",
]


@pytest.mark.parametrize("wrong", WRONG_SENTENCES)
def test_a_wrong_form_is_found(wrong):
    assert language.wrong_forms(wrong)


def test_no_pattern_is_without_a_sentence_that_it_finds():
    text = "\n".join(WRONG_SENTENCES)
    found = {finding.form for finding in language.wrong_forms(text)}
    idle = [
        pattern
        for pattern, _ in language.WRONG_FORMS
        if not any(re.fullmatch(pattern, form) for form in found)
    ]
    assert idle == []


def test_every_other_book_s_word_in_the_glossary_stands_in_such_a_sentence():
    glossary = (ROOT / "chapters" / "sozluk.md").read_text("utf-8")
    words = [e.title for e in glossary_links.entries(glossary) if not e.english]
    text = language.fold("\n".join(WRONG_SENTENCES))
    assert words
    assert [w for w in words if not re.search(inflected(w), text)] == []


@pytest.mark.parametrize(
    "right",
    [
        "Evrişimli sinir ağları ve evrişim katmanları derindir.",
        "Evrim kuramı burada konu değil; kıvrak bir çözüm.",
        "Mimari aşağıdadır, mimarisi ImageNet içindir.",
        "Eksik malzeme: veri. Liste eksiksizdir.",
        "Temsilleri öğrenme; öğrenilen temsiller; temsil öğrenme.",
        "28×28 görüntüleri 224×224 boyutuna büyütüyoruz; görüntüleri büyütmek.",
        "Öğrencilere bırakmak gerekir; bunu size bıraktık; boş bırakmayın.",
        "Doğrunun eğimi 1'dir; aşağı eğimli bir çizgi.",
        "Yeni bir devir başladı; bu devirde GPU'lar yoktu.",
        "gradyan inişi, öğrenme oranı, makine öğrenmesi, aşırı öğrenme",
        "ilklendirme; bu alandaki ilklerden biri; düzenleme",
        "çekirdek sayısına bağlıdır, CPU'ların çekirdek sayıları arttı",
        "spor ayakkabı, ortaklaşa eğitilen katmanlar, imgelem",
        "bilgisayarla görme; bilgisayarda görülen görüntü",
        "geri yaymak gerekir; toplu işlemler; hızlı öğrenme; bu özelliği çıkardık",
    ],
)
def test_honest_turkish_gives_no_alarm(right):
    assert language.wrong_forms(right) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "60,000 görüntü",
        "46,764,746 parametre",
        "4,096 birim",
        "doğruluk 0.88",
        "1.28 milyon",
        "0.125",
        "hatası 15.3 puan",
        "hatası 15,3 %",
    ],
)
def test_a_number_in_english_notation_is_found(wrong):
    assert language.wrong_numbers(wrong)


@pytest.mark.parametrize(
    "right",
    [
        "60.000 görüntü, 46.764.746 parametre, 1.000 sınıf",
        "doğruluk 0,88, kayıp 2,303, oran 0,125; 1,28 milyon; 1,281 milyon",
        "hata %15,3; yüzde 92",
        "Python 3.11 ya da 3.12, PyTorch 2.13.0, NumPy 1.26'da, CC BY-SA 4.0",
        "30.09.2012 günü. Şekil 7.1 ve bölüm 3.6",
        "Yıl 2012. Sonra 5 dönem. 1. adım",
    ],
)
def test_turkish_numbers_versions_and_dates_give_no_alarm(right):
    assert language.wrong_numbers(right) == []


PAGE = """---
kernelspec: {display_name: Moda-MNIST}
---
(sec_epok)=
# Başlık {cite}`Imge.2012`
% yorum: epok
[bağlantı](https://example.org/epok) ve `epok` ile $0.5$
```{figure} figures/imge.svg
:name: fig_imge
:alt: bir epok
Altyazıda yitim {ref}`aktivasyon <sec_epok>` ve {numref}`imge`
```
::::{tab-set}
:::{tab-item} MXNet
boru hattı
:::
::::
```{code-cell} ipython3
epok = 3  # her devir
```
Sonda çadır."""


def test_prose_is_what_the_reader_reads_and_keeps_its_lines():
    prose, code = language.split(PAGE)
    found = [(each.line, each.form) for each in language.wrong_forms(prose)]
    assert found == [
        *((10, "epok"), (11, "aktivasyon"), (11, "yitim"), (15, "boru hattı")),
        (21, "çadır"),
    ]
    assert language.wrong_numbers(prose) == []
    assert code.splitlines()[18] == "epok = 3  # her devir"


def test_of_code_only_comments_and_texts_are_read():
    text = language.python_text(language.split(PAGE)[1])
    found = [(each.line, each.form) for each in language.wrong_forms(text)]
    assert found == [(19, "her devir")]


def test_a_glossary_may_list_other_books_words():
    prose, _ = language.split("```{glossary}\nyitim\n  kayıp\n```\nyitim")
    assert [each.line for each in language.wrong_forms(prose)] == [5]


# The book


def report(findings):
    """Return findings as the lines that an author reads."""
    return [str(finding) for finding in findings]


def test_there_are_chapters_to_look_at():
    assert {"index.md", "alexnet.md"} <= {path.name for path in CHAPTERS}
    assert FIGURES


@pytest.mark.parametrize("path", named(PAGES))
def test_prose_has_no_wrong_form(path):
    prose, _ = turkish(path)
    assert report(language.wrong_forms(prose)) == []


@pytest.mark.parametrize("path", named(PAGES))
def test_prose_writes_numbers_the_turkish_way(path):
    prose, _ = turkish(path)
    assert report(language.wrong_numbers(prose)) == []


@pytest.mark.parametrize("path", named(PAGES))
def test_prose_has_no_placeholder(path):
    prose, _ = turkish(path)
    placeholder = r"TODO|FIXME|XXX|@@|\b[A-Z]{2,}_[A-Z_]+\b|^[A-Z\d]{4,}\w*$"
    assert re.findall(placeholder, prose, re.MULTILINE) == []


@pytest.mark.parametrize("path", named(CHAPTERS))
def test_comments_and_texts_in_code_cells_have_no_wrong_form(path):
    _, code = turkish(path)
    assert report(language.wrong_forms(language.python_text(code))) == []


@pytest.mark.parametrize("path", named(MODULES))
def test_messages_of_the_packages_have_no_wrong_form(path):
    text = language.python_text(path.read_text("utf-8"))
    assert report(language.wrong_forms(text)) == []


@pytest.mark.parametrize("path", named(CATALOGUES))
def test_translations_have_no_wrong_form(path):
    with open(path, "rb") as file:
        text = "\n".join(str(message.string) for message in read_po(file) if message.id)
    assert text and report(language.wrong_forms(text)) == []


@pytest.mark.parametrize("path", named(FIGURES))
def test_figures_have_no_wrong_form(path):
    text = "\n".join(ElementTree.parse(path).getroot().itertext())
    assert report(language.wrong_forms(text)) == []


# References


ROLE = r"\{%s\}`(?:[^`<]*<)?([^`>]+)>?`"


def used(role):
    """Return (page, target) for each use of a role in the chapters."""
    return [
        (path.name, target.strip())
        for path in CHAPTERS
        for targets in re.findall(ROLE % role, path.read_text("utf-8"))
        for target in targets.split(",")
    ]


def defined_labels():
    """Return the labels of sections and of named figures, tables and equations."""
    label = re.compile(
        r"(?m)^\s*(?:\(([\w-]+)\)=|:?(?:name|label):\s*([\w-]+)|\$\$ \(([\w-]+)\))\s*$"
    )
    pages = (path.read_text("utf-8") for path in CHAPTERS)
    return {name for page in pages for found in label.findall(page) for name in found}


def test_every_cited_work_is_in_the_bibliography():
    known = parse_file(ROOT / "chapters" / "references.bib").entries
    cited = used(r"cite(?::\w+)?")
    assert cited
    assert [(page, key) for page, key in cited if key not in known] == []


def test_every_reference_has_its_target():
    known = defined_labels()
    referred = used("(?:ref|numref|eq)")
    assert referred
    assert [(page, label) for page, label in referred if label not in known] == []


@pytest.mark.parametrize("path", named(CHAPTERS))
def test_no_suffix_follows_a_number_or_name_that_sphinx_puts_in(path):
    """What fits "Şekil 7" does not fit "Şekil 8"."""
    role = r"\{(?:numref|eq|cite(?::\w+)?)\}`[^`]*`['’]\w+"
    assert re.findall(role, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", named(CHAPTERS))
def test_every_local_link_and_figure_file_exists(path):
    cell = r"(?ms)^```\{code-cell\}.*?^```$"
    text = re.sub(cell, "", path.read_text("utf-8"))
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)\s#]+)", text)
    targets += re.findall(r"(?m)^\s*[`:]{3,}\{(?:figure|image)\}\s*(\S+)", text)
    assert [name for name in targets if not (path.parent / name).exists()] == []
