"""The official data for runs elsewhere: only whole and only with the right hash."""

import hashlib

import data
import pytest

from d2l_shim import fashion_mnist
from d2l_shim.errors import DataError

CONTENT = b"not so many images"


@pytest.fixture(autouse=True)
def small_and_offline(monkeypatch):
    """Let the official files be small ones, and no server be reached."""
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    names = dict.fromkeys(fashion_mnist.SHA256, sha256)
    monkeypatch.setattr(fashion_mnist, "SHA256", names)
    monkeypatch.setattr(fashion_mnist, "BASE_URLS", ("http://127.0.0.1:9/",))


def fill(folder, content):
    """Put the four files into a folder."""
    for name in fashion_mnist.SHA256:
        (folder / name).write_bytes(content)


def test_files_that_are_right_stay_and_nothing_is_downloaded(tmp_path):
    fill(tmp_path, CONTENT)
    data.fetch(tmp_path)
    for name in fashion_mnist.SHA256:
        assert (tmp_path / name).read_bytes() == CONTENT


def test_a_file_with_another_content_is_not_taken(tmp_path):
    fill(tmp_path, b"something else")
    with pytest.raises(DataError, match="indirilemedi"):
        data.fetch(tmp_path)
