"""Writes d2l_names.md, the tables of all names of D2L on the page chapters/d2l.md.

    python chapters/tables/d2l_names.py

Everything comes from ``d2l_shim.d2l_names``. No framework is needed.
"""

import os
from pathlib import Path

from d2l_shim import d2l_names
from d2l_shim.d2l_names import EDITIONS, FRAMEWORKS, GROUPS, LETTERS

OUTPUT = Path(__file__).with_suffix(".md")
HEADER = ["ad", *EDITIONS, *FRAMEWORKS.values()]
HERE, THERE, NOWHERE = "burada", "gerçek d2l", "–"


def main():
    """Write the file in one step."""
    draft = OUTPUT.with_suffix(".draft")
    draft.write_text(tables(), encoding="utf-8")
    os.replace(draft, OUTPUT)


def tables():
    """Return a heading, a sentence and a table for each group, in MyST Markdown."""
    names = d2l_names.table().values()
    return "\n".join(
        _section(group, [name for name in names if name.group is group])
        for group in GROUPS.values()
    )


def _section(group, names):
    rows = [HEADER, [":---", *["---"] * (len(HEADER) - 1)], *map(_cells, names)]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"### {group.title}\n\n{_sentence(group, names)}\n\n{table}"


def _sentence(group, names):
    if not group.why:
        return "Hepsi burada."
    left_out = [name for name in names if THERE in _states(name)]
    which = "Burada yok" if len(left_out) == len(names) else "Bir bölümü burada yok"
    return f"{which}: {group.why}."


def _cells(name):
    label = f"`{name.name}`"
    if name.page:
        label = f"[{label}]({name.address()})"
    editions = [" ".join(_letters(name.frameworks[each])) for each in EDITIONS]
    return [label, *(each or NOWHERE for each in editions), *_states(name)]


def _letters(frameworks):
    return [letter for letter, framework in LETTERS.items() if framework in frameworks]


def _states(name):
    """Return for each framework where a reader of this book gets the name."""
    return [
        HERE
        if name.name in d2l_names.here(framework)
        else THERE
        if name.edition_for(framework)
        else NOWHERE
        for framework in FRAMEWORKS
    ]


if __name__ == "__main__":
    main()
