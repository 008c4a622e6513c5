"""What a label names, as far as a notebook can show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """What a label names: ``text`` to show, ``number`` if it is numbered.

    ``notebook`` is the way to another notebook, if the label is in that one.
    """

    text: str
    number: str = ""
    is_section: bool = False
    notebook: str = ""

    @property
    def anchor(self) -> str:
        """The address Jupyter gives a heading; nothing for figures and equations."""
        if self.notebook:
            return self.notebook
        return "#" + self.text.replace(" ", "-") if self.is_section else ""
