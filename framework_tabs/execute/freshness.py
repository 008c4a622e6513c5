"""What each notebook rests on here and now, and whether its outputs still do."""

from nbformat import NotebookNode

from ..config import Framework, Settings
from ..source.cell import Chapter
from ..store import record
from ..store.fingerprint import Basis, basis, for_code
from ..store.record import MARK


class Bases:
    """What a book's notebooks rest on; each framework is asked for its versions once.

    Raises MissingPackage, and jupyter_client's NoSuchKernel.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.known: dict[str, Basis] = {}

    def of(self, chapter: Chapter, framework: Framework) -> Basis:
        """What the outputs of a chapter rest on in one framework."""
        key = framework.key
        if key not in self.known:
            self.known[key] = basis(framework, self.settings)
        sources = record.sources(chapter, key)
        return for_code(self.known[key], framework, self.settings, sources)

    def key(self, chapter: Chapter, framework: Framework) -> str:
        """The key of what a run would leave now."""
        code = record.code_chain(chapter, framework.key)[-1][1]
        return self.of(chapter, framework).key(code)


def is_fresh(
    stored: NotebookNode, key: str, chapter: Chapter, framework: Framework
) -> bool:
    """Whether a notebook holds what a run with this key left, every output of it."""
    run = stored.metadata.get(MARK, {}).get("run", {})
    cells = record.outputs_in(stored, chapter, framework.key)
    return run.get("key") == key and all(cell.status == "fresh" for cell in cells)
