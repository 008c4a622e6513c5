"""The page for authors: its commands, examples and messages are those of the book."""

import re
import shutil

import pytest
import yaml
from babel.messages.pofile import read_po

from framework_tabs import config
from framework_tabs.__main__ import _parser as parser
from framework_tabs.source import chapter, myst, scaffold
from framework_tabs.templating import fill

HEADER = """\
---
jupytext:
  text_representation:
    format_name: myst
---

# Başlık

"""


@pytest.fixture(scope="module")
def page(root):
    """The source of the page."""
    return (root / "chapters" / "bolum_yazmak.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def documents(page, root):
    """All that explains the engine to authors."""
    return page + (root / "framework_tabs" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def turkish(root):
    """The Turkish of all messages of the engine."""
    path = root / "framework_tabs/locale/tr/LC_MESSAGES/framework_tabs.po"
    with open(path, "rb") as file:
        return "\n".join(str(message.string) for message in read_po(file))


def examples(text):
    """The blocks of Markdown that a page shows."""
    found = re.findall(r"^(`{4,})markdown\n(.*?)^\1$", text, re.M | re.S)
    assert found
    return [body for _, body in found]


def test_every_command_of_the_engine_is_one(documents):
    commands = re.findall(r"python -m framework_tabs +([^`#\n]+)", documents)
    assert {line.split()[0] for line in commands} >= {"new", "import", "preview"}
    for line in commands:
        words = re.findall(r'"[^"]*"|\S+', line)
        assert parser().parse_args(words).name == words[0]


def test_every_other_command_names_what_there_is(page, root):
    targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.M)
    assert set(re.findall(r"make ([a-z-]+)", page)) <= set(targets)
    tests = re.findall(r"tests/\S+\.py", page)
    assert tests and all((root / name).exists() for name in tests)


def test_every_example_is_a_chapter_that_can_be_read(page, root, tmp_path):
    shutil.copy(root / "_config.yml", tmp_path)
    for name in ("chapters", "d2l_shim"):
        shutil.copytree(root / name, tmp_path / name)
    settings = config.load(tmp_path)
    path = tmp_path / "chapters" / "ornek.md"
    for text in examples(page):
        path.write_text(HEADER + text, encoding="utf-8")
        chapter.read(path, settings)


def test_every_directive_of_an_example_is_used_in_the_book_or_known(page, root):
    used = {
        found.name
        for path in (root / "chapters").glob("*.md")
        if path.name != "bolum_yazmak.md"
        for found in myst.directives(path.read_text(encoding="utf-8"))
    }
    shown = {f.name for text in examples(page) for f in myst.directives(text)}
    assert shown - {"code-cell", "table", "math"} <= used


def test_every_message_is_one_that_the_engine_gives(page, turkish):
    messages = re.findall(r"^\| “(.+?)” \|", page, re.M)
    assert len(messages) > 5
    assert [message for message in messages if message not in turkish] == []


def test_the_two_lines_for_another_book_are_settings(root, tmp_path):
    text = (root / "framework_tabs" / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text, re.S)[1]
    engine = yaml.safe_load(block)["sphinx"]["config"]["framework_tabs"]
    settings = config.Settings.from_mapping(tmp_path, engine)
    assert list(settings.frameworks) == ["pytorch", "tensorflow"]


def test_a_chapter_with_a_description_gets_one_that_fits(root):
    config.load(root)  # which says the language
    template = fill("chapter.md")
    front_matter = template.split("---\n")[1]
    assert 50 <= len(yaml.safe_load(front_matter)["description"]) <= 160
    assert scaffold.TOC == "_toc.yml"
