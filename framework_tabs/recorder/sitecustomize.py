"""Starts the recorder in a process that Python starts, then gives way.

Python imports one module of this name at its start, if there is any, in every process
that has this folder in its ``PYTHONPATH``; another one further along, such as that of a
distribution, is imported in its turn. Code of the book finds neither this folder in
``sys.path`` nor this module.
"""

import importlib.util
import os
import sys
from importlib.machinery import PathFinder
from types import ModuleType


def _begin() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != folder]
    try:
        _run(_recorder(os.path.join(folder, "entered.py"))).begin()
    except Exception:  # such as a Python that is too old for it
        _tell_that_nothing_is_known()
    shadowed = PathFinder.find_spec(__name__)
    if shadowed:
        sys.modules[__name__] = importlib.util.module_from_spec(shadowed)
        _run(sys.modules[__name__])


def _recorder(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("framework_tabs_recorder", path)
    return importlib.util.module_from_spec(spec)  # type: ignore[arg-type]


def _run(module: ModuleType) -> ModuleType:
    module.__spec__.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def _tell_that_nothing_is_known() -> None:
    folder = os.environ.get("FRAMEWORK_TABS_ENTERED")
    if folder:
        with open(os.path.join(folder, "facts"), "a") as facts:
            facts.write('["everything", "recorder"]\n')


if __name__ == "sitecustomize":
    _begin()
