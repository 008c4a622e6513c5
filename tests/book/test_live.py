"""The live site end to end: a reader changes a cell, runs it, sees what it prints."""

import contextlib
import os
import re
import socket
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.book.reader import tab

TOKEN = "a-token-for-this-test"
LONG = 180_000  # milliseconds; a framework is imported
PAGE = "chapters/hesaplama.html"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def live(root, site):
    """The address of the live site, with its token."""
    port = free_port()
    command = [sys.executable, "-m", "framework_tabs", "live", site]
    command += ["--port", str(port)]
    environment = {
        **os.environ,
        "JUPYTER_TOKEN": TOKEN,
        "D2L_SHIM_BUDGET": "smoke",
        "BROWSER": "true",  # the program that opens no browser
    }
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        said = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/" in said, said
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


@pytest.fixture
def page(live, chromium):
    """A page of the live site, in a browser that has the token."""
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(f"{live}kitap/{PAGE}?token={TOKEN}")
    yield page
    context.close()


def bar(cell):
    return cell.locator(".live-bar [role=status]")


def first_cell(page, framework):
    panel = page.locator(f".framework-panel[data-framework={framework}]").first
    return panel.locator(".cell").first


def edit(cell, code):
    pre = cell.locator(".cell_input pre")
    pre.click()
    pre.press("ControlOrMeta+A")
    pre.type(code)


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_a_changed_cell_runs_in_the_chosen_framework(page, framework):
    tab(page, framework).click()
    cell = first_cell(page, framework)
    module = {"pytorch": "torch", "tensorflow": "tensorflow"}[framework]
    edit(cell, f"import {module}; print('yeni çıktı', {module}.__name__, 6 * 7)")

    cell.get_by_role("button", name="Çalıştır").click()

    expect(bar(cell)).to_have_text(re.compile(r"Bitti"), timeout=LONG)
    expect(cell.locator(".live-output")).to_have_text(f"yeni çıktı {module} 42")
    assert page.errors == []


def test_a_cell_runs_after_all_before_it_and_an_error_is_shown(page):
    tab(page, "pytorch").click()
    cells = page.locator(".framework-panel[data-framework=pytorch] > .cell")
    first, later = cells.nth(0), cells.nth(1)
    edit(first, "önce = 1")
    edit(later, "önce + 1; yok_boyle")
    later.locator(".cell_input pre").press("ControlOrMeta+Enter")

    expect(bar(later)).to_have_text("Hata verdi.", timeout=LONG)
    expect(later.locator(".live-output")).to_contain_text("NameError")
    expect(later.locator(".live-output")).to_contain_text("yok_boyle")


def test_what_the_book_printed_comes_back(page):
    tab(page, "pytorch").click()
    cell = first_cell(page, "pytorch")
    code = cell.locator(".cell_input pre")
    before = code.inner_text()
    edit(cell, "print(1)")
    cell.get_by_role("button", name="Geri al").click()

    assert code.inner_text() == before


def test_a_cell_that_does_not_end_can_be_stopped(page):
    tab(page, "pytorch").click()
    cell = first_cell(page, "pytorch")
    edit(cell, "print('bekliyor', flush=True); import time; time.sleep(600)")
    cell.get_by_role("button", name="Çalıştır").click()
    expect(cell.locator(".live-output")).to_have_text("bekliyor", timeout=LONG)

    cell.get_by_role("button", name="Durdur").click()

    expect(bar(cell)).to_have_text("Hata verdi.", timeout=LONG)
    expect(cell.locator(".live-output")).to_contain_text("KeyboardInterrupt")


def test_only_who_has_the_token_gets_in(live, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{live}kitap/{PAGE}")
    assert "/login" in page.url
    answer = page.request.post(f"{live}api/kernels", data={})
    assert answer.status == 403
    context.close()
