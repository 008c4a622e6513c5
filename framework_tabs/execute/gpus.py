"""The graphics cards that notebooks may use: one notebook to a card at a time.

Asks NVIDIA's own ``nvidia-smi``, so that no framework is loaded. A machine without it
has no cards.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

VISIBLE = "CUDA_VISIBLE_DEVICES"
GROWTH = {
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",
}
"""Lets a framework take memory as it needs it, not all of the card at its start."""

LINE = re.compile(r"( *)(?:GPU (\d+): )?(.+?)(?: +Device +\d+:)? \(UUID: (\S+)\)$")


@dataclass(frozen=True)
class Card:
    """A card, or a part of one; ``identity`` is what CUDA calls it."""

    identity: str
    name: str

    def shown_alone(self, environment: dict[str, str]) -> dict[str, str]:
        """Return ``environment`` with this as the only card; settings in it stay."""
        return {**GROWTH, **environment, VISIBLE: self.identity}


def visible() -> list[Card]:
    """Return the cards of this machine that ``CUDA_VISIBLE_DEVICES`` leaves."""
    cards = list(_cards(_listing()))
    given = os.environ.get(VISIBLE)
    if given is None:
        return [card for _, card in cards]
    return list(_chosen(given.split(","), cards))


def _listing() -> str:
    try:
        return subprocess.check_output(["nvidia-smi", "-L"], text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return ""


def _cards(listing: str) -> Iterator[tuple[str, Card]]:
    """Yield number and card from lines like ``GPU 0: NVIDIA H200 (UUID: GPU-1a2b)``.

    Where a card is divided, its parts follow it and are used in its place.
    """
    found = [match.groups() for match in map(LINE.match, listing.splitlines()) if match]
    whole = ""
    for place, (indent, number, name, identity) in enumerate(found):
        is_divided = place + 1 < len(found) and found[place + 1][0]
        if indent:
            yield "", Card(identity, f"{whole} {name}")
        elif is_divided:
            whole = name
        else:
            yield number, Card(identity, name)


def _chosen(given: list[str], cards: list[tuple[str, Card]]) -> Iterator[Card]:
    """Yield the cards that are meant, up to the first that there is not, as CUDA does.

    A card is named by its number or by the beginning of its UUID.
    """
    for name in map(str.strip, given):
        meant = [
            card
            for number, card in cards
            if name and (name == number or card.identity.startswith(name))
        ]
        if len(meant) != 1:
            return
        yield Card(name, meant[0].name)
