"""Where Turkish words are divided, as the spelling guide divides them."""

import pyphen
import pytest

from sphinx_turkish import hyphenation

DIVIDED = """
    öğ-ren-me ev-ri-şim-li kat-man-la-rı-nın elekt-rik sa-at Türk-çe kont-rol prog-ram
    dü-zen-li-leş-tir-me İs-tan-bul IŞIK ka-i-de Al-tın-da sat-ranç kı-yas-la-ma
    ağır-lık-la-rı bel-lek-te fonk-si-yon-la-rı ilk-len-dir-me Iş-ğın
""".split()


@pytest.fixture
def turkish(tmp_path):
    """What divides Turkish words, at least two letters from their ends."""
    hyphenation.install(tmp_path / "hyph_tr.dic")
    return pyphen.Pyphen(lang="tr-TR")


@pytest.mark.parametrize("divided", DIVIDED)
def test_words_are_divided_between_syllables(turkish, divided):
    assert turkish.inserted(divided.replace("-", "")) == divided


@pytest.mark.parametrize("name", ["AlexNet", "TensorFlow", "GPU", "İTÜ"])
def test_names_with_capitals_inside_stay_whole(turkish, name):
    assert turkish.inserted(name) == name
