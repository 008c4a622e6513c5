"""Which test stands for which row of the table of faults in chapters/motor.md.

Not a test itself; test_faults compares the two.
"""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "chapters" / "motor.md"

tested: list[str] = []
"""The rows that tests stand for, once their modules are imported."""


def fault(row: str):
    """Let a test stand for a row, named as in the table's first column."""

    def stands(test):
        tested.append(row)
        return test

    return stands


def on_the_page() -> list[str]:
    """Return the first column of the table."""
    table = PAGE.read_text(encoding="utf-8").partition("| arıza |")[2]
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines]
