"""The settings of the engine, read from ``_config.yml``.

The frameworks and the few choices the engine needs live under
``sphinx: config: framework_tabs:``, so that the command and the Sphinx extension see
the same mapping. This module only reads and checks them; it knows nothing about
chapters, notebooks or pages.
"""

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from babel.core import default_locale

from .messages import _, speak

NAME = "_config.yml"
SECTION = "sphinx.config.framework_tabs"
ACTIVE = ("plain", "refuse")
"""What happens to outputs that a browser would run: the first is the default."""
SYNC_GROUP = "framework"
"""The sphinx-design sync group of every framework tab: ``?framework=<key>``."""


class ConfigError(Exception):
    """A setting is missing or malformed; the message names its key."""

    def __init__(self, key: str, message: str):
        super().__init__(f"_config.yml: {SECTION}{key and '.' + key}: {message}")


@dataclass(frozen=True)
class Framework:
    """One framework: a tab on the page, a folder of notebooks.

    ``key`` is the cell tag, the folder name and the sync id; ``packages`` are the
    distributions whose versions belong to the execution key; ``ignores`` are files
    of ``depends_on`` (relative to the root) that this framework never imports, or that
    count only for a notebook which imports them by name; ``api`` is the module whose
    public names the directive ``api`` documents. ``install`` is what pip installs where
    the book is not: ``{repository}`` in it is the repository.
    """

    key: str
    label: str
    kernel: str = "python3"
    packages: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    api: str = ""
    install: str = ""


@dataclass(frozen=True)
class Settings:
    """What the engine knows about a book.

    ``notebooks`` and ``depends_on`` are absolute paths below ``root``; ``timeout``
    is in seconds per cell; ``frameworks`` keeps the order of the tabs. ``common``
    holds at most one entry: what runs a chapter that uses no framework, once instead
    of once for each. ``glossary`` is the page whose terms the other pages link, if any,
    ``cover`` the drawing on the cover of the PDF and the EPUB, ``picture`` what goes
    with a link to a page. ``repository`` is the address of the book's own, empty as
    long as it has none. ``refuses_active`` says whether an output that a browser would
    run is an error; otherwise a page shows a plainer form of it.
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
    cover: Path | None = None
    picture: Path | None = None
    refuses_active: bool = False
    chapters: Path = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "chapters", self.root / "chapters")

    @property
    def runners(self) -> dict[str, Framework]:
        """Everything that has notebooks: the frameworks and ``common``."""
        return {**self.frameworks, **self.common}

    def runners_of(self, chapter) -> dict[str, Framework]:
        """What runs a chapter: every framework, or ``common`` where it uses none."""
        if self.common and not chapter.uses_frameworks:
            return self.common
        return self.frameworks

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
        cls, root: Path, mapping: dict[str, Any] | None, repository: dict | None = None
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
            notebooks=root / _text("notebooks", mapping.get("notebooks", "notebooks")),
            depends_on=tuple(
                _existing("depends_on", root, name)
                for name in _texts("depends_on", mapping)
            ),
            environment=_texts("environment", mapping),
            timeout=_seconds("timeout", mapping.get("timeout", 3600)),
            glossary=_file("glossary", root, mapping),
            cover=_file("cover", root, mapping),
            picture=_file("picture", root, mapping),
            refuses_active=_choice("active_outputs", mapping, ACTIVE) == "refuse",
            repository=(repository or {}).get("url", "").rstrip("/"),
            branch=(repository or {}).get("branch", "main"),
        )


_KEYS = tuple(
    "notebooks depends_on environment timeout glossary cover picture frameworks "
    "common active_outputs".split()
)
_FRAMEWORK_KEYS = ("label", "kernel", "packages", "ignores", "api", "install")


def load(root: Path) -> Settings:
    """Read the settings of the book whose ``_config.yml`` is in ``root``.

    Messages are in the book's language from then on.
    """
    path = Path(root) / NAME
    speak(likely_language(root))
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
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
    speak(_at("sphinx.config.language", config))
    return Settings.from_mapping(root, _at(SECTION, config), _at("repository", config))


def likely_language(root: Path) -> str | None:
    """The language of a book whose settings need not be readable.

    The one that they seem to name, or Sphinx's default; that of the user's environment
    where there are no settings.
    """
    try:
        text = (Path(root) / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return default_locale("LC_MESSAGES")
    named = re.search(r"""^[ \t]+language:[ \t]*["']?([A-Za-z_-]+)""", text, re.M)
    return named[1] if named else None


def _at(place: str, config: Any) -> Any:
    """What stands at a place such as ``a.b`` of the settings, if anything."""
    for name in place.split("."):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def _frameworks(place: str, value: Any) -> dict[str, Framework]:
    """Frameworks by their keys; a list of labels serves where these are all."""
    if isinstance(value, list) and value:
        value = {str(label).lower(): {"label": label} for label in value}
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
        api=_text(f"{place}.api", value["api"]) if "api" in value else "",
        install=_text(f"{place}.install", value["install"])
        if "install" in value
        else "",
    )


def _known(mapping: dict, place: str, keys: tuple[str, ...]) -> None:
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


def _mapping(place: str, value: Any) -> dict:
    if not isinstance(value, dict) or (place and not value):
        raise ConfigError(place, _("needs lines “key: value”, at least one."))
    return value


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        told = _("needs a text that is not empty, not {value}.")
        raise ConfigError(place, told.format(value=repr(value)))
    return value


def _texts(place: str, mapping: dict) -> tuple[str, ...]:
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


def _choice(place: str, mapping: dict, choices: tuple[str, ...]) -> str:
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
    return value


def _file(place: str, root: Path, mapping: dict) -> Path | None:
    if place not in mapping:
        return None
    return _existing(place, root, _text(place, mapping[place]))


def _existing(place: str, root: Path, name: str) -> Path:
    path = root / name
    if not path.exists():
        told = _("{name} not found; correct its name or place.")
        raise ConfigError(place, told.format(name=name))
    return path
