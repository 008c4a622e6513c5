"""The picture and the table of the architecture are those of the code."""

import re

import draw_architecture


def test_the_picture_is_drawn_from_the_imports_of_today():
    now = draw_architecture.picture(draw_architecture.arrows())
    advice = "run: .venv/bin/python tools/draw_architecture.py"
    assert draw_architecture.TARGET.read_text(encoding="utf-8") == now, advice


def test_every_arrow_of_the_engine_points_left():
    flow = draw_architecture.FLOW
    rooms = [pair for pair in draw_architecture.arrows() if set(pair) <= set(flow)]
    assert rooms
    assert [p for p in rooms if flow.index(p[0]) < flow.index(p[1])] == []


def test_the_page_names_every_room_and_package(root):
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)/`", text, re.M))
    rooms = {path.parent.name for path in root.glob("framework_tabs/*/__init__.py")}
    packages = {path.parent.name for path in root.glob("[a-z]*/__init__.py")}
    assert named == rooms | packages - {"framework_tabs", "tests", "benchmarks"}
