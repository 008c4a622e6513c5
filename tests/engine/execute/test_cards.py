"""Graphics cards: which there are, and that each notebook sees one of its own."""

import os

import pytest
from tiny_book import TWO, cell, write_book

from framework_tabs.execute import gpus
from framework_tabs.execute.gpus import GROWTH, VISIBLE, Card

TWO_CARDS = """\
GPU 0: NVIDIA A (UUID: GPU-0a)
GPU 1: NVIDIA B (UUID: GPU-1b)
"""
DIVIDED = """\
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-0a)
  MIG 1g.5gb      Device  0: (UUID: MIG-01)
  MIG 1g.5gb      Device  1: (UUID: MIG-02)
GPU 1: NVIDIA B (UUID: GPU-1b)
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Give this machine the cards that ``nvidia-smi -L`` lists."""

    def has(listing, visible=None):
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{listing}END\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        monkeypatch.delenv(VISIBLE, raising=False)
        if visible is not None:
            monkeypatch.setenv(VISIBLE, visible)

    return has


def test_without_the_driver_s_program_there_are_no_cards(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpus.visible() == []


def test_every_card_is_known_by_its_uuid_and_name(machine):
    machine(TWO_CARDS)
    assert gpus.visible() == [Card("GPU-0a", "NVIDIA A"), Card("GPU-1b", "NVIDIA B")]


def test_the_parts_of_a_divided_card_stand_for_it(machine):
    machine(DIVIDED)
    name = "NVIDIA A100-SXM4-40GB MIG 1g.5gb"
    assert gpus.visible() == [
        Card("MIG-01", name),
        Card("MIG-02", name),
        Card("GPU-1b", "NVIDIA B"),
    ]


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("1", ["NVIDIA B"]),
        ("1, 0", ["NVIDIA B", "NVIDIA A"]),
        ("GPU-1", ["NVIDIA B"]),
        ("", []),
        ("-1", []),
        ("0,7,1", ["NVIDIA A"]),
        ("NoDevFiles", []),
    ],
)
def test_only_the_cards_that_cuda_would_show_are_used(machine, visible, names):
    machine(TWO_CARDS, visible)
    assert [card.name for card in gpus.visible()] == names


def test_a_setting_for_memory_that_is_made_already_stays():
    shown = Card("1", "B").shown_alone({"TF_FORCE_GPU_ALLOW_GROWTH": "false"})
    assert shown == {**GROWTH, "TF_FORCE_GPU_ALLOW_GROWTH": "false", VISIBLE: "1"}


def test_notebooks_run_on_a_card_each_at_the_same_time(tmp_path, machine):
    machine(TWO_CARDS)
    meet = (
        "import os, time\nopen('../{0}.here', 'w').close()\n"
        "while not os.path.exists('../{1}.here'): time.sleep(0.05)\n"
        f"print(os.environ['{VISIBLE}'], os.environ['TF_FORCE_GPU_ALLOW_GROWTH'])"
    )
    parts = cell(meet.format("a", "b"), "a"), cell(meet.format("b", "a"), "b")
    book = write_book(tmp_path / "kitap", *parts, frameworks=TWO)
    assert book.execute() == []
    printed = [book.printed("a"), book.printed("b")]
    assert sorted(printed) == ["GPU-0a true\n", "GPU-1b true\n"]
    for key in ("a", "b"):
        run = book.notebook(key).metadata.framework_tabs.run
        card = "A" if "0a" in book.printed(key) else "B"
        assert run.machine.endswith(f", NVIDIA {card}")
