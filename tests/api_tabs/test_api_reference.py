"""The reference of a package: read from its source, shown by framework, in Turkish."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup

from api_tabs.catalogue import Catalogue
from api_tabs.docstrings import (
    Item,
    MissingPackage,
    Package,
    Parameter,
    UnknownName,
    UnreadableDocstring,
    is_code,
)
from tests.engine.fake_book import tab_sets, write_book

COMMON = '''
import there_is_no_such_framework

LIMIT = 3
"""How many."""


class Timer:
    """A stopwatch.

    Attributes
    ----------
    laps, marks : list of float
        Seconds.
    """

    def __init__(self, start=0):
        self.laps = []

    def stop(self):
        """End the lap."""

    @property
    def last(self):
        """The last lap."""

    def _hidden(self):
        """Do not show."""
'''

OWN = '''
"""The package for {label}."""

import {key} as framework
from paket.common import LIMIT, Timer
from paket.{key}.trainer import train

__all__ = ["LIMIT", "Timer", "ones", "train"]

ones = framework.{ones}
'''

TRAIN = '''
def train(net, *data, lr: float = 0.1, device=None) -> list[float]:
    """Train `net`.

    It takes
    a while.

    Parameters
    ----------
    net : {net}
        The network.
    device : {key}.Device, optional

    Returns
    -------
    sequence of numbers
        One an epoch.

    Raises
    ------
    ValueError
        No data.

    Notes
    -----
    Slow.
    """
'''

TURKISH = {
    "How many.": "Kaç tane.",
    "A stopwatch.": "Bir kronometre.",
    "list of float": "`float` listesi",
    "Seconds.": "Saniye.",
    "End the lap.": "Turu bitirir.",
    "The last lap.": "Son tur.",
    "Train `net`.": "`net`'i eğitir; bkz. [süre](#Timer).",
    "It takes a while.": "Uzun sürer.",
    "The network.": "Ağ.",
    "sequence of numbers": "sayılar dizisi",
    "One an epoch.": "Her dönem için bir tane.",
    "No data.": "Veri yok.",
    "Slow.": "Yavaştır.",
}

PAGE = """# Başvuru

```{api} LIMIT
```

```{api} Timer
```

```{api} train
```

```{api-table}
ones
```
"""

LINKS = "# Bağlantılar\n\n[eğitim](basvuru.md#train) ve [](#Timer)\n"


def write_package(root, **nets):
    """Write a package whose modules ``a`` and ``b`` have the same names."""
    for key, net in {"a": "a.Net", "b": "b.Net", **nets}.items():
        folder = root / "paket" / key
        folder.mkdir(parents=True)
        own = OWN.format(key=key, label=key.upper(), ones=f"full_{key}")
        (folder / "__init__.py").write_text(own, encoding="utf-8")
        (folder / "trainer.py").write_text(TRAIN.format(key=key, net=net))
    (root / "paket" / "__init__.py").touch()
    (root / "paket" / "common.py").write_text(COMMON)


def write_catalogue(root, texts):
    """Write a catalogue of messages."""
    folder = root / "locale" / "tr" / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    entries = (f'msgid "{text}"\nmsgstr "{texts[text]}"\n' for text in texts)
    (folder / "api.po").write_text(header + "\n".join(entries), encoding="utf-8")


@pytest.fixture
def package(tmp_path):
    """The package, read from its source."""
    write_package(tmp_path)
    return Package("paket", tmp_path)


@pytest.fixture
def book(tmp_path):
    """A book about the package, complete, not built yet."""
    root = tmp_path / "kitap"
    texts = {"basvuru": PAGE, "baglantilar": LINKS}
    book = write_book(root, texts, labels={"a": "A", "b": "B"})
    write_package(root)
    write_catalogue(root, TURKISH)
    configure(book, locale_dirs=["locale"], suppress_warnings=[])
    return book


def configure(book, **more):
    """Name the modules of the frameworks in the book's configuration."""
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    options = config["sphinx"]["config"]
    options.update(more)
    for key, framework in options["framework_tabs"]["frameworks"].items():
        framework["api"] = f"paket.{key}"
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def edit(path, old, new):
    """Replace text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def built(book, name="basvuru"):
    """Build the book, which must go without a warning, and return a page."""
    assert book.build(warningiserror=True) == (0, "")
    return page(book, name)


def page(book, name="basvuru"):
    """Return a built page."""
    return BeautifulSoup(book.page(f"chapters/{name}"), "html.parser").find("article")


def warnings(book):
    """Build the book and return its warnings, one a line."""
    return [line for line in book.build()[1].splitlines() if "WARNING" in line]


def described(page, name):
    """Return the description of a name."""
    return page.find(id=name).find_parent("dl")


def tabs(node):
    """Return the texts of the tabs in a node by framework."""
    return {key: text(panel) for each in tab_sets(node) for key, panel in each.items()}


def text(node):
    return " ".join(node.get_text().split())


# Reading


def test_the_package_is_not_imported(package):
    # Its first line would fail.
    assert package.entry("paket.a.Timer").paragraphs == ("A stopwatch.",)


def test_public_names_are_those_of_all(package):
    assert package.names("paket.b") == ["LIMIT", "Timer", "ones", "train"]


def test_a_signature_is_that_of_the_source(package):
    entry = package.entry("paket.a.train")

    assert entry.parameters == (
        Parameter("net"),
        Parameter("*data"),
        Parameter("lr", "float", "0.1"),
        Parameter("device", "", "None"),
    )
    assert entry.returns == "list[float]"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a, /, b", ["a", "/", "b"]),
        ("a, /", ["a", "/"]),
        ("a, *, b, c", ["a", "*", "b", "c"]),
        ("*a, b, **c", ["*a", "b", "**c"]),
    ],
)
def test_a_signature_keeps_the_marks_between_kinds(tmp_path, source, names):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text(f"def f({source}):\n    '''F.'''\n")

    entry = Package("p", tmp_path).entry("p.f")

    assert [parameter.name for parameter in entry.parameters] == names


def test_a_docstring_becomes_paragraphs_and_fields(package):
    entry = package.entry("paket.a.train")

    assert entry.paragraphs == ("Train `net`.", "It takes a while.")
    assert entry.fields == (
        (
            "parameters",
            (
                Item(("net",), "a.Net", ("The network.",)),
                Item(("device",), "a.Device", ()),
            ),
        ),
        ("returns", (Item((), "sequence of numbers", ("One an epoch.",)),)),
        ("raises", (Item((), "ValueError", ("No data.",)),)),
        ("note", (Item((), "", ("Slow.",)),)),
    )


def test_a_class_has_its_documented_public_members_without_self(package):
    entry = package.entry("paket.a.Timer")

    assert entry.parameters == (Parameter("start", "", "0"),)
    members = [(m.name, m.kind, m.parameters) for m in entry.members]
    assert members == [("stop", "method", ()), ("last", "property", None)]


def test_a_name_that_both_take_from_one_module_is_equal_in_both(package):
    assert package.entry("paket.a.Timer") == package.entry("paket.b.Timer")
    assert package.entry("paket.a.train") != package.entry("paket.b.train")


def test_an_assigned_name_has_the_source_of_its_value(package):
    assert package.entry("paket.a.ones").value == "framework.full_a"


def test_an_unknown_name_and_package_are_told(package, tmp_path):
    with pytest.raises(UnknownName, match="paket.a.tran"):
        package.entry("paket.a.tran")
    with pytest.raises(MissingPackage, match="“peket”"):
        Package("peket", tmp_path)


def test_a_section_that_no_page_could_show_is_named(tmp_path):
    write_package(tmp_path)
    edit(tmp_path / "paket" / "common.py", "Attributes\n    -----", "Warns\n    -----")

    with pytest.raises(UnreadableDocstring, match="Timer.*“warns” bölümü bilinmiyor"):
        Package("paket", tmp_path).entry("paket.a.Timer")


def test_a_data_class_is_not_called(tmp_path):
    (tmp_path / "p").mkdir()
    source = "import dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int\n"
    (tmp_path / "p" / "__init__.py").write_text(source)

    assert Package("p", tmp_path).entry("p.D").parameters is None


@pytest.mark.parametrize(
    "code", ["int", "torch.nn.Module", "list[int]", "(int, int)", "None", "int | str"]
)
def test_an_expression_of_python_is_code(code):
    assert is_code(code)


@pytest.mark.parametrize(
    "words", ["list of float", "int or (int, int)", "callable, optional", "a, b and c"]
)
def test_a_type_in_words_is_prose(words):
    assert not is_code(words)


def test_a_fuzzy_or_empty_translation_is_none(tmp_path):
    path = tmp_path / "x.po"
    path.write_text(
        'msgid "a"\nmsgstr "A"\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n\n'
        'msgid "c"\nmsgstr ""\n',
        encoding="utf-8",
    )
    found = Catalogue(path)

    assert [found.translation(text) for text in "abcd"] == ["A", None, None, None]
    assert set(found.texts) == set("abc")


# On the page


def test_what_is_the_same_in_all_frameworks_stands_there_once(book):
    timer = described(built(book), "Timer")

    assert tab_sets(timer) == []
    assert text(timer.dt).startswith("class Timer(start=0)")
    for turkish in ("Bir kronometre.", "Alanlar", "laps, marks", "Saniye."):
        assert text(timer).count(turkish) == 1


def test_what_differs_stands_in_synchronised_tabs_under_one_signature(book):
    train = described(built(book), "train")

    signature = "train(net, *data, lr: float = 0.1, device=None) → list[float]"
    assert text(train.dt).startswith(signature)
    found = tabs(train)
    assert list(found) == ["a", "b"]
    assert "a.Net" in found["a"] and "b.Net" not in found["a"]
    assert "b.Net" in found["b"]


def test_a_signature_that_differs_stands_in_each_tab(book):
    edit(book.root / "paket" / "b" / "trainer.py", "lr: float = 0.1", "lr: float = 0.2")

    train = described(built(book), "train")

    assert re.match(r"train\W*$", text(train.dt))
    found = tabs(train)
    assert found["a"].startswith("train(net, *data, lr: float = 0.1,")
    assert found["b"].startswith("train(net, *data, lr: float = 0.2,")


def test_a_page_is_turkish_where_the_docstrings_are_english(book):
    content = text(built(book))

    for english, turkish in TURKISH.items():
        assert english not in content
        assert re.sub(r"[`\[\]]|\(#\w+\)", "", turkish).replace("'", "’") in content
    for word in ("Parametreler", "Döndürdüğü", "Hatalar", "Not"):
        assert word in content


def test_a_text_without_translation_is_named_and_not_shown(book):
    turkish = {k: v for k, v in TURKISH.items() if k != "Seconds."}
    write_catalogue(book.root, turkish)

    (line,) = warnings(book)

    assert "chapters/basvuru.md:6: WARNING" in line
    assert "“Seconds.”" in line and "locale/tr/LC_MESSAGES/api.po" in line
    assert "Seconds." not in text(page(book))
    assert "(Bu metnin Türkçesi henüz yok.)" in text(page(book))


def test_a_changed_docstring_makes_its_translation_unused(book):
    built(book)
    edit(book.root / "paket" / "common.py", '"""End the lap."""', '"""End a lap."""')

    missing, unused = sorted(warnings(book), key=lambda line: "hiçbir" in line)

    assert "“End a lap.”" in missing
    assert "“End the lap.”" in unused and "hiçbir docstring'de yok" in unused


def test_the_warning_comes_with_every_build_until_it_is_dealt_with(book):
    write_catalogue(book.root, {**TURKISH, "Slow.": ""})
    assert warnings(book) == warnings(book) != []

    write_catalogue(book.root, TURKISH)
    assert warnings(book) == []


def test_a_framework_without_the_name_says_so(book):
    edit(book.root / "paket" / "b" / "__init__.py", "from paket.b.trainer import", "#")

    found = tabs(described(built(book), "train"))

    assert "a.Net" in found["a"]
    assert found["b"] == "Bu çerçevede bu ad yok."


def test_a_name_that_no_framework_has_is_an_error_at_its_line(book):
    edit(book.root / "chapters" / "basvuru.md", "{api} train", "{api} tran")

    output = book.build()[1]

    assert re.search(r"basvuru\.md:9: ERROR: .*“tran” adı hiçbir çerçevede yok", output)


def test_a_dotted_name_is_the_same_for_all(book):
    edit(
        book.root / "chapters" / "basvuru.md", "{api} Timer", "{api} paket.common.Timer"
    )

    assert tab_sets(described(built(book), "Timer")) == []


def test_names_can_be_linked_to_from_every_page(book):
    links = built(book, "baglantilar").select("p a.reference")
    own = described(page(book), "train").select_one("a[href='#Timer']")

    assert [link["href"] for link in links] == [
        "basvuru.html#train",
        "basvuru.html#Timer",
    ]
    assert own is not None
    assert page(book).find(id="Timer.stop") is not None


def test_a_table_says_what_a_name_stands_for_in_each_framework(book):
    rows = built(book).find("table").find_all("tr")

    assert [[text(cell) for cell in row.find_all(["th", "td"])] for row in rows] == [
        ["Ad", "A", "B"],
        ["ones", "framework.full_a", "framework.full_b"],
    ]
    assert rows[1]["id"] == "ones"


def test_a_type_that_the_page_describes_is_a_link(book):
    for key in "ab":
        path = book.root / "paket" / key / "trainer.py"
        edit(path, "sequence of numbers", "paket.common.Timer")
    write_catalogue(
        book.root, {k: v for k, v in TURKISH.items() if k != "sequence of numbers"}
    )

    train = described(built(book), "train")

    links = [a["href"] for a in train.find_all("a") if text(a) == "paket.common.Timer"]
    assert links == ["#Timer", "#Timer"]


def test_a_table_says_in_one_cell_what_a_function_does_everywhere(book):
    edit(book.root / "chapters" / "basvuru.md", "\nones\n", "\nones count\n")
    for key in "ab":
        path = book.root / "paket" / key / "__init__.py"
        edit(path, "import LIMIT,", "import LIMIT, count,")
    path = book.root / "paket" / "common.py"
    edit(path, "LIMIT = 3", 'def count(x):\n    """Count."""\n\n\nLIMIT = 3')
    write_catalogue(book.root, {**TURKISH, "Count.": "Sayar."})

    cells = built(book).find(id="count").find_all("td")

    assert [text(cell) for cell in cells] == ["count", "count(x) Sayar."]
    assert cells[1]["colspan"] == "2"


def test_what_is_too_long_for_a_table_is_refused(book):
    edit(book.root / "chapters" / "basvuru.md", "\nones\n", "\nones train\n")
    edit(book.root / "chapters" / "basvuru.md", "```{api} train\n```", "")

    output = book.build()[1]

    assert re.search(
        r"basvuru\.md:\d+: ERROR: .*“train” bir tabloya sığmayacak", output
    )


def test_a_changed_source_builds_the_page_again(book):
    built(book)
    edit(book.root / "paket" / "a" / "trainer.py", "a.Net", "a.Ağ")

    assert "a.Ağ" in text(built(book))
