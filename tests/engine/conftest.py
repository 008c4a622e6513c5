"""The language of the small books, whose messages the tests compare."""

import pytest

from framework_tabs.messages import speak


@pytest.fixture(autouse=True)
def turkish():
    """Let the engine speak as in the book; a test of another language says so."""
    speak("tr")
