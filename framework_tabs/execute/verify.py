"""Check: are the stored notebooks what their chapters ask for?

Compares and reports, and changes nothing. A notebook is right if it is, byte for
byte, what ``split`` would write now and if every code cell has its outputs.
"""

import difflib
import platform
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from nbformat import NotebookNode

from ..config import Framework, Settings
from ..messages import _
from ..source.cell import Chapter
from ..split import notebook as notebooks
from ..store import files, own_code, ran, record, safe_outputs
from ..store.fingerprint import minor
from ..store.record import MARK

_STATUS = {
    "missing": "çıktısı yok; execute çalıştırın.",
    "stale": "çıktısı eski ya da sonradan değiştirilmiş; execute çalıştırın.",
}


def problems(chapters: list[Chapter], settings: Settings) -> list[str]:
    """One line (Turkish) for every difference between chapters and notebooks."""
    found = [
        f"{settings.relative(path)}: bu deftere karşılık gelen bölüm yok; silin."
        for path in files.orphans(chapters, settings)
    ]
    for chapter in chapters:
        for framework in settings.runners_of(chapter).values():
            found += _problems(chapter, framework, settings)
    return found


def notices(chapters: list[Chapter], settings: Settings) -> list[str]:
    """One line for every notebook whose run used code of ``depends_on`` that changed.

    Only ``execute`` can tell whether that changes an output, so it is no failure.
    """
    return [
        f"{settings.relative(path)}: {told}"
        for framework in settings.runners.values()
        for chapter in chapters
        if framework.key in settings.runners_of(chapter)
        for path in [record.path_for(settings, framework.key, chapter)]
        for told in _notice(path, chapter, framework, settings)
    ]


def _notice(
    path: Path, chapter: Chapter, framework: Framework, settings: Settings
) -> Iterator[str]:
    """Yield what there is to remark.

    Digests compare within one minor version of Python, whose syntax tree they cover.
    """
    run = record.load(path).metadata.get(MARK, {}).get("run")
    if not run or minor(run["python"]) != minor(platform.python_version()):
        return
    if "ran" in run:
        changed = list(ran.changes(run["ran"], framework, settings))
        if changed:
            yield _(
                "the code it ran has changed ({changes}); to renew the outputs, run "
                "execute."
            ).format(changes=ran.listed(changed))
    elif run["depends_on"] != own_code.digest_of_all(
        framework, settings, record.sources(chapter, framework.key)
    ):
        yield (
            "çalıştırıldığından beri hücrelerin çağırdığı kod değişti; çıktıları "
            "yenilemek için execute çalıştırın."
        )


def _problems(chapter: Chapter, framework: Framework, settings: Settings) -> list[str]:
    path = record.path_for(settings, framework.key, chapter)
    name = settings.relative(path)
    if not path.exists():
        return [f"{name}: defter yok; split, ardından execute çalıştırın."]
    expected = notebooks.build(chapter, framework, settings)
    found = _wrong_outputs(chapter, framework, settings)
    if path.read_bytes() != files.dumps(expected).encode():
        found = _differences(expected, record.load(path)) + found
        found = found or ["dosya split çıktısından farklı; split çalıştırın."]
    return [f"{name}: {problem}" for problem in found]


def _wrong_outputs(
    chapter: Chapter, framework: Framework, settings: Settings
) -> list[str]:
    cells = record.outputs(chapter, framework.key, settings)
    return [*safe_outputs.problems(cells)] + [
        f"kod hücresi {number}/{len(cells)} ({chapter.source}:{found.cell.line}): "
        + _STATUS[found.status]
        for number, found in enumerate(cells, 1)
        if found.status in _STATUS
    ]


def _differences(expected: NotebookNode, stored: NotebookNode) -> list[str]:
    """Where the cells differ, by their place in the stored notebook (from 1)."""
    ours, theirs = _contents(expected), _contents(stored)
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    found = []
    for what, start, end, first, last in matcher.get_opcodes():
        for old, new in zip_longest(range(start, end), range(first, last)):
            if what != "equal":
                found.append(_difference(old, new, start))
            elif _settings(stored.cells[old]) != _settings(expected.cells[new]):
                found.append(f"hücre {old + 1}: etiketleri ya da kimliği farklı")
    if _settings(stored) != _settings(expected):
        found.append("defterin üst bilgisi (metadata) farklı")
    return [f"{difference}; split çalıştırın." for difference in found]


def _difference(old: int | None, new: int | None, start: int) -> str:
    if new is None:
        return f"hücre {old + 1}: kaynakta yok"
    if old is None:
        return f"hücre {start}: ardından gelmesi gereken hücre defterde yok"
    return f"hücre {old + 1}: içeriği kaynaktan farklı"


def _contents(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _settings(node: NotebookNode) -> dict:
    """What ``split`` sets on a cell or notebook besides content; no run, no outputs."""
    mark = dict(node.metadata.get(MARK, {}))
    for made_by_execute in ("run", "executed", "outputs"):
        mark.pop(made_by_execute, None)
    metadata = {k: v for k, v in node.metadata.items() if k != MARK}
    return {"id": node.get("id"), "mark": mark, **metadata}
