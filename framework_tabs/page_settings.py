"""What Sphinx is told about the pages, as far as the notebooks have to agree with it.

A notebook reads the Markdown that the page reads and bears the page's numbers and
words. The names are Sphinx's own. The command finds the values in ``_config.yml``,
where Jupyter Book finds them; the extension asks Sphinx.
"""

from typing import Any

SPHINX: dict[str, Any] = {
    "external_toc_path": "_toc.yml",
    "html_baseurl": "",
    "html_secnumber_suffix": ". ",
    "language": "en",
    "locale_dirs": ["locales"],
    "math_eqref_format": None,
    "math_number_all": False,
    "math_numfig": True,
    "math_numsep": ".",
    "numfig": False,
    "numfig_format": {},
    "numfig_secnum_depth": 1,
    "prf_realtyp_to_countertyp": {},
    "root_doc": "index",
    "use_multitoc_numbering": False,
}
"""The settings that count here, with the defaults of Sphinx and its extensions."""

JUPYTER_BOOK: dict[str, Any] = {
    "myst_enable_extensions": [
        "colon_fence",
        "dollarmath",
        "linkify",
        "substitution",
        "tasklist",
    ],
    "myst_url_schemes": ["mailto", "http", "https"],
    "numfig": True,
    "use_multitoc_numbering": True,
}
"""What Jupyter Book sets where a book says nothing."""

_CONTINUING = {"sphinx_external_toc", "sphinx_multitoc_numbering"}
"""Extensions with which numbers go on from one table of contents to the next."""
_FROM_PARSE = ("myst_enable_extensions", "myst_substitutions", "myst_url_schemes")
_FROM_HTML = {
    "baseurl": "html_baseurl",
    "use_multitoc_numbering": "use_multitoc_numbering",
}


def of_jupyter_book() -> dict[str, Any]:
    """The settings of a book of Jupyter Book's that says nothing of them."""
    return {**SPHINX, **JUPYTER_BOOK}


def read(config: dict[str, Any], is_plain_sphinx: bool = False) -> dict[str, Any]:
    """The settings of a book whose ``_config.yml`` holds ``config``."""
    parse, html, latex, sphinx = (
        _section(config, name) for name in ("parse", "html", "latex", "sphinx")
    )
    own = _section(sphinx, "config")
    extensions = sphinx.get("extra_extensions") or own.get("extensions") or []
    found = {**SPHINX} if is_plain_sphinx else of_jupyter_book()
    found["use_multitoc_numbering"] |= bool(_CONTINUING & {*extensions})
    found |= {name: parse[name] for name in _FROM_PARSE if name in parse}
    found |= {to: html[name] for name, to in _FROM_HTML.items() if name in html}
    for name, value in own.items():
        if name in SPHINX or name.startswith("myst_"):
            both = isinstance(value, dict) and isinstance(found.get(name), dict)
            merged = both and sphinx.get("recursive_update") is True
            found[name] = {**found[name], **value} if merged else value
    with_latex = not is_plain_sphinx and latex.get("use_jupyterbook_latex", True)
    if with_latex or "sphinx_proof" in extensions:
        found["numfig"] = True  # they count whatever the book says
    return found


def _section(config: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the configuration; what is no mapping is complained of elsewhere."""
    found = config.get(name)
    return found if isinstance(found, dict) else {}


def of_sphinx(config: Any) -> dict[str, Any]:
    """The settings in Sphinx's ``config``."""
    names = [name for name in config.values if name.startswith("myst_")]
    found = {name: getattr(config, name) for name in names}
    found |= {name: getattr(config, name, value) for name, value in SPHINX.items()}
    if "use_multitoc_numbering" not in config.values:
        found["use_multitoc_numbering"] = bool(_CONTINUING & {*config.extensions})
    return found
