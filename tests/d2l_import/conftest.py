"""The language in which the tests compare messages."""

import pytest

from framework_tabs.messages import speak


@pytest.fixture(autouse=True)
def turkish():
    """Let the engine speak as in the book."""
    speak("tr")
