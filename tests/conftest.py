"""Fixtures that tests of every part share; no test depends on another one's files."""

import os
import shutil
from pathlib import Path

import pytest

from framework_tabs.messages import speak
from tests import policy

ROOT = Path(__file__).resolve().parents[1]
HOW_TO_GET_DATA = (
    "Gerçek Fashion-MNIST dosyaları yok; dört .gz dosyasını bir klasöre indirip "
    "D2L_SHIM_DATA ile o klasörü gösterin."
)
HOW_TO_GET_CHROMIUM = (
    "Chromium yok; “apt install chromium” ya da "
    "“python -m playwright install --with-deps chromium” ile kurun."
)


# What the tests look for is what readers of this book get; modules read some of it when
# they are imported.
speak("tr")


@pytest.fixture(autouse=True)
def turkish():
    """Let the engine speak as in this book; a test of another language says so."""
    speak("tr")


@pytest.fixture(scope="session")
def root():
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def skip_or_fail():
    """The function of `tests.policy`: it takes the reason, in Turkish."""
    return policy.skip_or_fail


@pytest.fixture
def real_data():
    """The folder with the four official Fashion-MNIST files (or their first parts)."""
    folder = Path(os.environ.get("D2L_SHIM_DATA") or policy.SHARED_DATA).resolve()
    if not (folder / "train-images-idx3-ubyte.gz").is_file():
        policy.skip_or_fail(HOW_TO_GET_DATA)
    return folder


@pytest.fixture
def synthetic(monkeypatch):
    """Let the loader draw its stand-in for Fashion-MNIST."""
    monkeypatch.setenv("D2L_SHIM_DATA", "synthetic")


@pytest.fixture(scope="session")
def font_cache():
    """Matplotlib's own cache folder: rebuilding it for every test takes seconds."""
    import matplotlib

    return matplotlib.get_cachedir()


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path_factory, font_cache):
    """Give every test a cache folder of its own in place of the user's."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("MPLCONFIGDIR", font_cache)
    return folder


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium without a window.

    It goes when the module ends: Playwright keeps an event loop running meanwhile, in
    which code that starts a loop of its own can not be tested.
    """
    policy.require_package("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = shutil.which("chromium") or shutil.which("chromium-browser") or own
        if not Path(path).exists():
            policy.skip_or_fail(HOW_TO_GET_CHROMIUM)
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield browser
        browser.close()
