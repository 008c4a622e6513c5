"""The chapter of solutions: every question of the AlexNet chapter, answers folded."""

import re

import pytest

PAGE = "chapters/cozumler.html"
ANSWERS = "details.answer"
OPEN = f"[...document.querySelectorAll('{ANSWERS}')].map((answer) => answer.open)"
LABEL = "sec-coz-hesap"


def text(root, chapter):
    return (root / "chapters" / f"{chapter}.md").read_text("utf-8")


def questions(root):
    """Return the exercises of the AlexNet chapter, sub-questions among them."""
    section = re.search(r"(?s)\n## Alıştırmalar\n(.*?)\n## ", text(root, "alexnet"))[1]
    found = re.findall(r"(?m)^ *\d+\. (.*)$", section)
    assert len(found) == 10
    return found


def test_every_question_stands_in_the_chapter_word_for_word(root):
    quoted = " ".join(re.findall(r"(?m)^> (.*)$", text(root, "cozumler")))

    assert [each for each in questions(root) if each not in quoted] == []


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens the page in a new tab, at a place on it."""
    pages = []

    def open_page(place="", **options):
        context = chromium.new_context(**options)
        pages.append(context)
        page = context.new_page()
        page.goto(address + PAGE + place)
        return page

    yield open_page
    for context in pages:
        context.close()


def test_answers_are_folded_and_the_keyboard_opens_them_one_by_one(visit):
    page = visit()
    closed = page.evaluate(OPEN)
    assert len(closed) >= 6
    assert not any(closed)

    page.locator(f"{ANSWERS} > summary").nth(1).press("Enter")

    assert page.evaluate(OPEN) == [place == 1 for place in range(len(closed))]


def test_an_address_inside_an_answer_opens_it(visit):
    page = visit(f"#{LABEL}")

    page.wait_for_function(f"{OPEN}.includes(true)")
    assert page.evaluate(OPEN).count(True) == 1
    assert page.locator(f"{ANSWERS}[open]").get_by_text("Bellek.").is_visible()


def test_answers_are_on_paper(visit):
    page = visit()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(OPEN))

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not any(page.evaluate(OPEN))


def test_answers_open_and_print_without_scripts(visit):
    page = visit(java_script_enabled=False)
    answer = page.locator(ANSWERS).first
    content = answer.locator(".sd-summary-content")
    assert not content.is_visible()

    answer.locator("summary").first.click()
    assert content.is_visible()

    page.reload()
    page.emulate_media(media="print")
    assert content.is_visible()
