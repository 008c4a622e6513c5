"""Values that cells leave for the text (``glue``), of each framework its own.

myst-nb keeps one value for a name. So where the frameworks' values are not the same,
each is kept under a name of its own, and what pastes the name shows all of them: as
words of a sentence, or in tabs. Where they are the same, they are one.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from .. import _compat
from ..config import Framework
from ..store.safe_outputs import HIDDEN
from .lasting import lasting
from .nodes import Choice, FrameworkPart, Option
from .page_facts import settings_of
from .tabs import tab_item, tab_set

NO_VALUE = "–"


def take(outputs: dict[str, dict[int, list]]) -> dict[int, list[NotebookNode]]:
    """Take what is glued out of ``outputs``; return it for myst-nb, by line.

    ``outputs`` are the frameworks' by the lines of their cells; what is displayed where
    it is glued stays there, as an output like any other.
    """
    found = {key: list(_glued(by_line)) for key, by_line in outputs.items()}
    for by_line in outputs.values():
        for line, own in by_line.items():
            by_line[line] = [_plain(each) for each in own if is_displayed(each)]
    common = _common_names(found)
    result: dict[int, list[NotebookNode]] = {}
    for number, (key, values) in enumerate(found.items()):
        for line, output in values:
            scrap = output.metadata["scrapbook"]
            if scrap["name"] not in common:
                scrap["name"] = _own_name(scrap["name"], key)
            if scrap["name"] not in common or number == 0:
                result.setdefault(line, []).append(output)
    return result


def _glued(by_line: dict[int, list]) -> Iterator[tuple[int, NotebookNode]]:
    """Yield what is glued, each with its line, as an output that is not shown."""
    for line, outputs in by_line.items():
        for output in deepcopy(outputs):
            scrap = _scrap(output)
            if scrap and not scrap.get("mime_prefix"):
                scrap["mime_prefix"] = HIDDEN
                output.data = {f"{HIDDEN}{kind}": v for kind, v in output.data.items()}
            if scrap:
                yield line, output


def _scrap(output: NotebookNode) -> dict:
    """Return what an output says of its being glued; nothing if it is not."""
    return output.get("metadata", {}).get("scrapbook", {})


def is_displayed(output: NotebookNode) -> bool:
    """Say whether an output is shown where its cell is, glued or not."""
    return not _scrap(output).get("mime_prefix")


def _plain(output: NotebookNode) -> NotebookNode:
    output.get("metadata", {}).pop("scrapbook", None)
    return output


def _common_names(found: dict[str, list]) -> set[str]:
    """Return the names under which every framework has the same value."""
    first, *others = (
        {_scrap(output)["name"]: lasting(output.data) for _, output in values}
        for values in found.values()
    )
    return {
        name
        for name, value in first.items()
        if all(other.get(name) == value for other in others)
    }


def _own_name(name: str, key: str) -> str:
    """Return the name of one framework's value.

    There is no colon in it, which begins a format where the name is pasted.
    """
    return f"{name}@{key}"


def _owners(name: str, known, env: BuildEnvironment) -> dict[str, Framework]:
    """Return the frameworks, by the names of their values, if each has its own.

    ``known`` are all the names there are.
    """
    frameworks = settings_of(env).frameworks
    own = {_own_name(name, key): each for key, each in frameworks.items()}
    return own if own.keys() & set(known) else {}


def choice(
    owners: dict[str, Framework], show: Callable[[str], list[nodes.Node]]
) -> Choice:
    """Return the frameworks' words; ``show`` returns those of a value, by its name."""
    result = Choice()
    for name, framework in owners.items():
        words = show(name) or [nodes.Text(NO_VALUE)]
        result += Option("", "", *words, framework=framework.key, label=framework.label)
    return result


class Role:
    """A role that pastes a value into a sentence, or those of the frameworks."""

    def __init__(self, role):
        self._role = role

    def __call__(self, name, rawtext, text, lineno, inliner, options=None, content=()):
        """Return nodes and messages, as roles do."""
        said = []

        def paste(text: str) -> list[nodes.Node]:
            place = name, rawtext, text, lineno, inliner, options or {}, content
            shown, messages = self._role(*place)
            said.extend(messages)
            return shown

        known = _compat.glued_names(inliner.document)
        for key, pattern in _read(text):
            if owners := _owners(key, known, inliner.document.settings.env):

                def show(own: str, pattern=pattern) -> list[nodes.Node]:
                    return paste(own + pattern) if own in known else []

                return [choice(owners, show)], said
        return paste(text), said


def _read(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a role's text as a name and perhaps a format."""
    yield text, ""
    name, colon, pattern = text.rpartition(":")
    if colon:
        yield name, colon + pattern


def directive(upstream: type) -> type:
    """Return a directive that pastes what ``upstream`` does, or it in tabs."""

    class Own(upstream):
        def run(self) -> list[nodes.Node]:
            """Return the value, or a part of the page for each framework."""
            known = _compat.glued_names(self.document)
            owners = _owners(self.arguments[0], known, self.document.settings.env)
            if "doc" in self.options or not owners:
                return super().run()
            return [self._part(name, owners[name], name in known) for name in owners]

        def _part(self, name: str, framework: Framework, is_known: bool):
            options = dict(self.options)
            self.arguments = [name]
            shown = super().run() if is_known else []
            # Only the first of them can be what others refer to.
            named = ("name", "label")
            self.options = {k: v for k, v in options.items() if k not in named}
            place = f"line {self.lineno}"
            return FrameworkPart("", *shown, framework=framework.key, outputs_of=place)

    return Own


class OtherPages(SphinxPostTransform):
    """Lets what pastes a value of another page show those of all frameworks."""

    default_priority = 3  # before myst-nb looks for the value (5)

    def run(self, **kwargs) -> None:
        """Replace references to values of which each framework has its own."""
        folder = self.env.mystnb_config.output_folder
        for node in list(self.document.findall(_compat.PendingGlueReference)):
            known = _compat.read_glue_cache(folder, node.refdoc)
            owners = _owners(node.key, known, self.env)
            if not owners:
                continue

            def show(name: str, node=node, known=known) -> list[nodes.Node]:
                own = node.deepcopy()
                own["key"] = name
                return [own] if name in known else []

            if node.inline:
                node.replace_self(choice(owners, show))
            else:
                tabs = [tab_item(each, show(own), node) for own, each in owners.items()]
                node.replace_self(tab_set(tabs, node))


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the values of a page that is gone or will be read again.

    myst-nb leaves them where other pages find them, and keeps what it has read.
    """
    _compat.read_glue_cache.cache_clear()
    _kept_in(env, docname).unlink(missing_ok=True)


def kept(env: BuildEnvironment) -> list[Path]:
    """Return the files with the values that pages have for others."""
    files = (_kept_in(env, docname) for docname in env.found_docs)
    return [path for path in files if path.is_file()]


def _kept_in(env: BuildEnvironment, docname: str) -> Path:
    return Path(env.mystnb_config.output_folder, f"{docname}.glue.json")


def setup(app: Sphinx) -> None:
    """Put our roles and directives in the places of myst-nb's."""
    domain = _compat.NbGlueDomain
    app.add_role("glue", Role(domain.roles["any"]), override=True)
    app.add_directive("glue", directive(domain.directives["any"]), override=True)
    for name, role in domain.roles.items():
        app.add_role_to_domain(domain.name, name, Role(role), override=True)
    for name, each in domain.directives.items():
        app.add_directive_to_domain(domain.name, name, directive(each), override=True)
    app.add_post_transform(OtherPages)
    app.connect("env-purge-doc", forget)
