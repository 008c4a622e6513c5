"""What ``CITATION.cff`` says."""

from datetime import date

from framework_tabs.render import citation

FILE = """\
cff-version: 1.2.0
message: Kaynak gösterin.
title: Küçük kitap
abstract: Kısa.
version: 0.1.0
date-released: 2026-11-24
authors:
  - given-names: Ada
    family-names: Lovelace
  - name: Bir topluluk
license: MIT
keywords: [bir, iki]
"""


def test_people_and_bodies_are_authors(tmp_path):
    (tmp_path / citation.NAME).write_text(FILE, encoding="utf-8")
    found = citation.read(tmp_path)
    assert found.authors == ("Ada Lovelace", "Bir topluluk")
    assert found.released == date(2026, 11, 24)
    assert found.licences == ("MIT",)
    assert found.keywords == ("bir", "iki")


def test_a_book_without_the_file_has_nothing_to_say(tmp_path):
    assert citation.read(tmp_path) == citation.Citation()
