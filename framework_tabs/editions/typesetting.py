"""Turns HTML into PDF with WeasyPrint: tagged, hyphenated, from files alone.

WeasyPrint and what else only paper needs are imported when they are used: WeasyPrint
asks the system for Pango, and whoever builds the site need have none of it.
"""

import logging as python_logging
from contextlib import contextmanager, suppress
from pathlib import Path

from sphinx.util import logging

from ..messages import N_, _, spoken

LOGGER = logging.getLogger(__name__)

HOW_TO_GET_PANGO = N_(
    "PDF and EPUB need the library Pango. Install it and repeat the command: "
    "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
    "on macOS brew install pango."
)


class PangoMissing(Exception):
    """The system lacks what WeasyPrint sets type with."""


def check() -> None:
    """Raise PangoMissing where nothing can be typeset."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        raise PangoMissing(_(HOW_TO_GET_PANGO)) from error


def typeset(page: Path) -> bytes:
    """Return an HTML file as a PDF."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    _know_turkish(page.with_name("hyph_tr.dic"))
    with _complaints():
        fetcher = URLFetcher(allowed_protocols=["file", "data"])
        html = HTML(filename=page, encoding="utf-8", url_fetcher=fetcher)
        return html.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=False)


def _know_turkish(path: Path) -> None:
    """Let Turkish be hyphenated; pyphen, which WeasyPrint asks, knows it not."""
    if spoken() == "tr":
        with suppress(ImportError):
            from sphinx_turkish import hyphenation

            hyphenation.install(path)


class _Handler(python_logging.Handler):
    """Hands what WeasyPrint complains about on to Sphinx, for which it is a warning."""

    def emit(self, record: python_logging.LogRecord) -> None:
        """Pass a record on."""
        LOGGER.warning("WeasyPrint: %s", record.getMessage(), type="paper")


@contextmanager
def _complaints():
    logger = python_logging.getLogger("weasyprint")
    handler = _Handler(python_logging.WARNING)
    before, logger.handlers, logger.propagate = logger.handlers, [handler], False
    try:
        yield
    finally:
        logger.handlers = before
