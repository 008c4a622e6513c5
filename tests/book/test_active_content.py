"""The built site runs nothing in a reader's browser but its own files."""

import json

from bs4 import BeautifulSoup

from framework_tabs.store import safe_outputs


def test_no_page_has_active_content_but_the_site_s_own_files(site):
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_bytes(), "html.parser")
        for script in soup.find_all("script"):
            source = script.get("src", "")
            data = script.get("type", "").endswith("json")
            assert data or (source and "://" not in source), (path, script)
            script.extract()
        for form in soup.find_all("form"):
            assert "://" not in form.get("action", ""), path
            form.name = "div"
            del form["action"]
        assert safe_outputs.in_markup(str(soup)) is None, path


def test_no_picture_or_notebook_of_the_site_has_active_content(site):
    pictures = list(site.rglob("*.svg"))
    assert pictures
    for path in pictures:
        assert safe_outputs.in_markup(path.read_text(encoding="utf-8")) is None, path
    for path in site.rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                assert safe_outputs.in_output(output) is None, path
