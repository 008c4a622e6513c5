"""The language in which the tests compare messages."""

import pytest

from api_tabs import messages


@pytest.fixture(autouse=True)
def turkish():
    """Let the package speak as in the book."""
    messages.speak("tr")
