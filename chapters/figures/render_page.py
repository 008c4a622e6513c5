"""Photograph ``page.png``, the page that the README shows: a cell under its tabs.

Run ``python chapters/figures/render_page.py`` after ``make book`` to write the file
again. It needs Chromium and, from requirements/tests.txt, Playwright.
"""

import io
import os
import shutil
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from book_theme import serve

FOLDER = Path(__file__).parent
SITE = FOLDER.parents[1] / "_build" / "html"
TARGET = FOLDER / "page.png"
PAGE = "chapters/alexnet.html"
HEADING = "#agi-kuralim > h3"
SHOWN_AT = 80
"""Pixels between the heading and the top, where the theme's bar is."""

SIZE = {"width": 1280, "height": 860}
COLOURS = 128


def photograph(address: str) -> bytes:
    """Return the picture of the page below an address as PNG."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE)
        page.goto(address + PAGE, wait_until="networkidle")
        page.reload(wait_until="networkidle")  # a first visit may lack the book's type
        page.locator(".framework-tablist > [data-framework=pytorch]").first.click()
        top = page.locator(HEADING).evaluate("(h) => h.getBoundingClientRect().top")
        page.evaluate("(top) => window.scrollBy(0, top)", top - SHOWN_AT)
        page.wait_for_timeout(300)
        picture = page.screenshot()
        browser.close()
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    draft = TARGET.with_suffix(".tmp")
    with serve.server(SITE) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        draft.write_bytes(photograph(f"http://127.0.0.1:{server.server_port}/"))
        server.shutdown()
    os.replace(draft, TARGET)
