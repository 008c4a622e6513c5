"""The settings of the engine, read from ``_config.yml`` or Sphinx's ``conf.py``.

The frameworks and the few choices the engine needs live under
``sphinx: config: framework_tabs:``, or are ``framework_tabs = {…}`` in ``conf.py``, so
that the command and the Sphinx extension see the same mapping. This module only reads
and checks them; it knows nothing about chapters, notebooks or pages.
"""

import contextlib
import difflib
import os
import re
import runpy
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import yaml
from babel.core import default_locale

from . import page_settings
from .messages import N_, _, speak

NAME = "_config.yml"
SECTION = "sphinx.config.framework_tabs"
MATH = ("sphinx", "mathml")
"""Who sets formulas: the first is the default."""
ACTIVE = ("plain", "refuse")
"""What happens to outputs that a browser would run: the first is the default."""
SYNC_GROUP = "framework"
"""The sphinx-design sync group of every framework tab: ``?framework=<key>``."""


class ConfigError(Exception):
    """A setting is missing or malformed; the message names its key."""

    def __init__(self, key: str, message: str, place: str = f"{NAME}: {SECTION}"):
        super().__init__(key, message)
        self.key, self.message, self.place = key, message, place

    def __str__(self) -> str:
        return f"{self.place}{self.key and '.' + self.key}: {self.message}"


@dataclass(frozen=True)
class Needs:
    """What a machine must have to run a notebook; None is what was left open.

    ``gpu`` is a number of graphics cards, ``architecture`` their kind as the cluster
    calls it, ``memory`` is in gigabytes.
    """

    gpu: int | None = None
    architecture: str | None = None
    cores: int | None = None
    memory: float | None = None

    def completed_by(self, others: "Needs") -> "Needs":
        """These, and those of ``others`` where these are open."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        return replace(others, **given)


@dataclass(frozen=True)
class Framework:
    """One framework: a tab on the page, a folder of notebooks.

    ``key`` is the cell tag, the folder name and the sync id; ``packages`` are the
    distributions whose versions belong to the execution key, ``versions`` is code that
    prints them, for kernels of other languages than Python; ``ignores`` are files
    of ``depends_on`` (relative to the root) that this framework never imports, or that
    count only for a notebook which imports them by name; ``api`` is the module whose
    public names the directive ``api`` documents. ``install`` is what pip installs where
    the book is not: ``{repository}`` in it is the repository. ``needs`` is what its
    notebooks ask of a machine.
    """

    key: str
    label: str
    kernel: str = "python3"
    packages: tuple[str, ...] = ()
    versions: str = ""
    ignores: tuple[str, ...] = ()
    api: str = ""
    install: str = ""
    needs: Needs = Needs()


class Runnable(Protocol):
    """What the settings ask of a chapter; see ``source.cell.Chapter``."""

    @property
    def name(self) -> str: ...

    @property
    def kernel(self) -> str: ...

    @property
    def kernel_label(self) -> str: ...

    @property
    def uses_frameworks(self) -> bool: ...


@dataclass(frozen=True)
class Settings:
    """What the engine knows about a book.

    ``notebooks`` and ``depends_on`` are absolute paths below ``root``; ``timeout``
    is in seconds per cell; ``frameworks`` keeps the order of the tabs. ``common``
    holds at most one entry: what runs a chapter that uses no framework, once instead
    of once for each. ``glossary`` is the page whose terms the other pages link, if any,
    ``cover`` the drawing on the cover of the PDF and the EPUB, ``picture`` what goes
    with a link to a page. ``math`` says who sets formulas: ``sphinx``, with its own
    settings, or ``mathml``. ``repository`` is the address of the book's own, empty as
    long as it has none. ``refuses_active`` says whether an output that a browser would
    run is an error; otherwise a page shows a plainer form of it. ``exclude`` are
    Sphinx's patterns of files that are no pages; ``toc`` is the table of contents where
    no other file becomes a page. ``sphinx`` is what Sphinx is told about the pages, as
    far as ``page_settings`` knows it. ``needs`` is what
    single chapters ask of a machine, by name. ``per_framework`` are variables of
    ``environment`` in which the frameworks' results may differ from one another.
    """

    root: Path
    frameworks: dict[str, Framework]
    notebooks: Path
    depends_on: tuple[Path, ...] = ()
    environment: tuple[str, ...] = ()
    timeout: int = 3600
    common: dict[str, Framework] = field(default_factory=dict)
    glossary: Path | None = None
    repository: str = ""
    branch: str = "main"
    math: str = "sphinx"
    cover: Path | None = None
    picture: Path | None = None
    needs: dict[str, Needs] = field(default_factory=dict)
    per_framework: tuple[str, ...] = ()
    refuses_active: bool = False
    exclude: tuple[str, ...] = ()
    toc: Path | None = None
    sphinx: dict[str, Any] = field(default_factory=page_settings.of_jupyter_book)
    chapters: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chapters", self.root / "chapters")

    @property
    def runners(self) -> dict[str, Framework]:
        """Everything that has notebooks: the frameworks and ``common``."""
        return {**self.frameworks, **self.common}

    def runners_of(self, chapter: Runnable) -> dict[str, Framework]:
        """What runs a chapter: every framework, or ``common`` where it uses none.

        One that uses none may ask for a kernel: that of some frameworks, or another.
        """
        if chapter.uses_frameworks:
            return self.frameworks
        runners = self.common or self.frameworks
        if not chapter.kernel:
            return runners
        asked = {
            k: each for k, each in runners.items() if each.kernel == chapter.kernel
        }
        return asked or {
            k: replace(
                each,
                label=chapter.kernel_label or each.label,
                kernel=chapter.kernel,
                packages=(),
                versions="",
            )
            for k, each in runners.items()
        }

    def needs_of(self, chapter: Runnable, framework: Framework) -> Needs:
        """What a notebook needs: its chapter's word counts before its framework's."""
        own = self.needs.get(chapter.name, Needs())
        return own.completed_by(framework.needs)

    def relative(self, path: Path) -> str:
        """``path`` as a reader knows it: relative to the root, with slashes."""
        path = Path(path).absolute()
        return (
            path.relative_to(self.root).as_posix()
            if path.is_relative_to(self.root)
            else path.name
        )

    @classmethod
    def from_mapping(
        cls,
        root: Path,
        mapping: dict[str, Any] | None,
        repository: dict[str, Any] | None = None,
        exclude: Iterable[str] = (),
        toc: str | None = None,
        sphinx: dict[str, Any] | None = None,
    ) -> "Settings":
        """Check ``mapping`` (the content of ``framework_tabs:``) and build settings.

        ``repository`` is Jupyter Book's own section of that name: ``url``, ``branch``.

        Raises ConfigError for an unknown key, a wrong type or a missing framework.
        """
        root = Path(root).absolute()
        mapping = _mapping("", mapping or {})
        _known(mapping, "", _KEYS)
        frameworks = _frameworks("frameworks", mapping.get("frameworks"))
        common = _frameworks("common", mapping["common"]) if "common" in mapping else {}
        if len(common) > 1 or set(common) & set(frameworks):
            raise ConfigError(
                "common", _("needs one name, which is none of the frameworks'.")
            )
        return cls(
            root=root,
            frameworks=frameworks,
            common=common,
            notebooks=_folder_of_notebooks(root, mapping),
            depends_on=tuple(
                _existing("depends_on", root, name)
                for name in _texts("depends_on", mapping)
            ),
            environment=_texts("environment", mapping),
            timeout=_seconds("timeout", mapping.get("timeout", 3600)),
            glossary=_file("glossary", root, mapping),
            cover=_file("cover", root, mapping),
            picture=_file("picture", root, mapping),
            math=_choice("math", mapping, MATH),
            needs=_chapters_needs(mapping),
            per_framework=_per_framework(mapping),
            refuses_active=_choice("active_outputs", mapping, ACTIVE) == "refuse",
            repository=((repository or {}).get("url") or "").rstrip("/"),
            branch=(repository or {}).get("branch") or "main",
            exclude=tuple(exclude),
            toc=root / toc if toc else None,
            sphinx=sphinx or page_settings.of_jupyter_book(),
        )


_KEYS = tuple(
    "notebooks depends_on environment per_framework timeout glossary math cover "
    "picture needs frameworks common active_outputs".split()
)
_FRAMEWORK_KEYS = tuple(
    "label kernel packages versions ignores api install needs".split()
)


def load(root: Path) -> Settings:
    """Read the settings of the book in ``root``.

    Messages are in the book's language from then on.
    """
    speak(likely_language(root))
    config = read(root)
    _check_types(config)
    speak(_at("sphinx.config.language", config))
    is_plain = is_plain_sphinx(root)
    sphinx = page_settings.read(config if isinstance(config, dict) else {}, is_plain)
    try:
        return Settings.from_mapping(
            root,
            _at(SECTION, config),
            _at("repository", config),
            **_pages(config),
            sphinx=sphinx,
        )
    except ConfigError as error:
        error.place = place_of(root)
        raise


def read(root: Path) -> dict[str, Any]:
    """The whole configuration of a book, in the shape of ``_config.yml``.

    A book without that file is Sphinx's own: the variables of its ``conf.py`` are what
    Jupyter Book has in ``sphinx: config:``.
    """
    path = Path(root) / NAME
    if is_plain_sphinx(root):
        return {"sphinx": {"config": _variables(Path(root) / "conf.py")}}
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except FileNotFoundError:
        raise ConfigError(
            "",
            _(
                "{path} not found. Run the command in the book's root folder, or name "
                "the folder with --root."
            ).format(path=path),
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        told = _("the file cannot be read: {error}")
        raise ConfigError("", told.format(error=error)) from None


_TYPES = {
    "exclude_patterns": list,
    "html.baseurl": str,
    "repository": dict,
    "repository.branch": str,
    "repository.url": str,
    "sphinx.config.exclude_patterns": list,
    "sphinx.config.html_baseurl": str,
    "sphinx.config.language": str,
}
"""Of what kind others' settings must be that are read here, if they are there."""
_KINDS = {
    dict: N_("lines “key: value”"),
    list: N_("a list of texts"),
    str: N_("a text"),
}


def _check_types(config: Any) -> None:
    for place, kind in _TYPES.items():
        value = _at(place, config)
        texts = value if kind is list and isinstance(value, list) else []
        is_right = value is None or isinstance(value, kind)
        if not is_right or not all(isinstance(text, str) for text in texts):
            told = _("needs {kind}, not {value}.")
            told = told.format(kind=_(_KINDS[kind]), value=repr(value))
            raise ConfigError("", told, place)


def likely_language(root: Path) -> str | None:
    """The language of a book whose settings need not be readable.

    The one that they seem to name, or Sphinx's default; that of the user's environment
    where there are no settings.
    """
    name = "conf.py" if is_plain_sphinx(root) else NAME
    try:
        text = (Path(root) / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return default_locale("LC_MESSAGES")
    named = re.search(
        r"""^[ \t]*language[ \t]*[:=][ \t]*["']?([A-Za-z_-]+)""", text, re.M
    )
    return named[1] if named else None


def _at(place: str, config: Any) -> Any:
    """What stands at a place such as ``a.b`` of the configuration, if anything."""
    for name in place.split("."):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def place_of(root: Path) -> str:
    """Where the settings of a book stand, as its author knows it."""
    if is_plain_sphinx(root):
        return f"conf.py: {SECTION.rpartition('.')[2]}"
    return f"{NAME}: {SECTION}"


def is_plain_sphinx(root: Path) -> bool:
    """Whether a book is made by Sphinx alone, without Jupyter Book's command."""
    return not Path(root, NAME).exists() and Path(root, "conf.py").exists()


class _Tags(set[str]):
    """Sphinx's tags, as ``conf.py`` sees them in a build without any."""

    has = set.__contains__


def _variables(path: Path) -> dict[str, Any]:
    """Run ``conf.py`` as Sphinx does: in its folder."""
    try:
        with contextlib.chdir(path.parent):
            return runpy.run_path(str(path), {"tags": _Tags()})
    except (Exception, SystemExit) as error:
        told = _("it cannot be run: {kind}: {error}")
        raise ConfigError(
            "", told.format(kind=type(error).__name__, error=error), "conf.py"
        ) from None


def _pages(config: Any) -> dict[str, Any]:
    """What the configuration says of which files are pages."""
    sphinx = "sphinx.config"
    names = ("exclude_patterns", f"{sphinx}.exclude_patterns")
    excluded = [_at(name, config) or [] for name in names]
    only_contents = _at("only_build_toc_files", config) or _at(
        f"{sphinx}.external_toc_exclude_missing", config
    )
    contents = _at(f"{sphinx}.external_toc_path", config) or "_toc.yml"
    return {
        "exclude": [*excluded[0], *excluded[1]],
        "toc": contents if only_contents else None,
    }


def _frameworks(place: str, value: Any) -> dict[str, Framework]:
    """Frameworks by their keys; a list of labels serves where these are all."""
    if isinstance(value, list) and value:
        keys = [str(label).lower() for label in value]
        if twice := [key for key in keys if keys.count(key) > 1]:
            told = _("two frameworks are called “{name}”; rename one.")
            raise ConfigError(place, told.format(name=twice[0]))
        value = {key: {"label": label} for key, label in zip(keys, value, strict=True)}
    mapping = _mapping(place, value)
    return {key: _framework(place, key, each) for key, each in mapping.items()}


def _framework(place: str, key: str, value: Any) -> Framework:
    place = f"{place}.{key}"
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", str(key)):
        raise ConfigError(
            place,
            _(
                "the name of a framework begins with a small letter; it may have a-z, "
                "0-9, _ and -."
            ),
        )
    value = _mapping(place, value)
    _known(value, place, _FRAMEWORK_KEYS)
    return Framework(
        key=key,
        label=_text(f"{place}.label", value.get("label")),
        kernel=_text(f"{place}.kernel", value.get("kernel", "python3")),
        packages=_texts(f"{place}.packages", value),
        ignores=_texts(f"{place}.ignores", value),
        **{
            name: _text(f"{place}.{name}", value[name])
            for name in ("versions", "api", "install")
            if name in value
        },
        needs=_needs(f"{place}.needs", value["needs"]) if "needs" in value else Needs(),
    )


def _chapters_needs(mapping: dict[str, Any]) -> dict[str, Needs]:
    """What single chapters need, by their names."""
    if "needs" not in mapping:
        return {}
    chapters = _mapping("needs", mapping["needs"])
    return {name: _needs(f"needs.{name}", each) for name, each in chapters.items()}


def _needs(place: str, value: Any) -> Needs:
    value = _mapping(place, value)
    _known(value, place, tuple(vars(Needs())))
    for name in ("gpu", "cores"):
        least = 0 if name == "gpu" else 1
        number = value.get(name, least)
        if type(number) is not int or number < least:
            told = _("needs a whole number of at least {least}, not {value}.")
            told = told.format(least=least, value=repr(number))
            raise ConfigError(f"{place}.{name}", told)
    memory = value.get("memory", 1)
    if type(memory) not in (int, float) or memory <= 0:
        told = _("needs a number of gigabytes above zero, not {value}.")
        raise ConfigError(f"{place}.memory", told.format(value=repr(memory)))
    if "architecture" in value:
        _text(f"{place}.architecture", value["architecture"])
    return Needs(**value)


def _per_framework(mapping: dict[str, Any]) -> tuple[str, ...]:
    names = _texts("per_framework", mapping)
    for name in names:
        if name not in _texts("environment", mapping):
            told = _("{name} is not in the list “environment”.")
            raise ConfigError("per_framework", told.format(name=name))
    return names


def _known(mapping: dict[str, Any], place: str, keys: tuple[str, ...]) -> None:
    for key in mapping:
        if key not in keys:
            close = difflib.get_close_matches(str(key), keys, 1)
            name = f"{place}.{key}" if place else str(key)
            told = (
                _("unknown key. Do you mean “{key}”?").format(key=close[0])
                if close
                else _("unknown key. There are: {keys}.").format(keys=", ".join(keys))
            )
            raise ConfigError(name, told)


def _mapping(place: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or (place and not value):
        raise ConfigError(place, _("needs lines “key: value”, at least one."))
    return value


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        told = _("needs a text that is not empty, not {value}.")
        raise ConfigError(place, told.format(value=repr(value)))
    return value


def _texts(place: str, mapping: dict[str, Any]) -> tuple[str, ...]:
    value = mapping.get(place.rpartition(".")[2]) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        told = _("needs a list of texts, not {value}.")
        raise ConfigError(place, told.format(value=repr(value)))
    return tuple(value)


def _seconds(place: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        told = _("needs a whole number above zero, not {value}.")
        raise ConfigError(place, told.format(value=repr(value)))
    return value


def _choice(place: str, mapping: dict[str, Any], choices: tuple[str, ...]) -> str:
    """Return one of ``choices``, the first if nothing is said."""
    value = mapping.get(place, choices[0])
    if value not in choices:
        known = ", ".join(choices)
        raise ConfigError(
            place,
            _("unknown value {value!r}; choose one of: {known}.").format(
                value=value, known=known
            ),
        )
    return str(value)


def _file(place: str, root: Path, mapping: dict[str, Any]) -> Path | None:
    if place not in mapping:
        return None
    return _existing(place, root, _text(place, mapping[place]))


def _folder_of_notebooks(root: Path, mapping: dict[str, Any]) -> Path:
    """A folder in the book that holds nothing else: no file in it becomes a page."""
    name = _text("notebooks", mapping.get("notebooks", "notebooks"))
    path = Path(os.path.normpath(root / name))
    if path in (root, root / "chapters") or not path.is_relative_to(root):
        told = _("needs a folder in the book for notebooks alone, not “{name}”.")
        raise ConfigError("notebooks", told.format(name=name))
    return path


def _existing(place: str, root: Path, name: str) -> Path:
    path = root / name
    if not path.exists():
        told = _("{name} not found; correct its name or place.")
        raise ConfigError(place, told.format(name=name))
    return path
