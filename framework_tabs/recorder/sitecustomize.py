"""Starts the recorder in a process that Python starts, then gives way.

Python imports one module of this name at its start, if there is any, in every process
that has this folder in its ``PYTHONPATH``; another one further along, such as that of a
distribution, is imported in its turn. Code of the book finds neither this folder in
``sys.path`` nor this module.
"""

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_NAME = "framework_tabs_recorder"


def _load(spec: ModuleSpec) -> ModuleType:
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module


def _begin() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != folder]
    path = os.path.join(folder, "entered.py")
    _load(importlib.util.spec_from_file_location(_NAME, path)).begin()  # type: ignore
    if shadowed := PathFinder.find_spec("sitecustomize"):
        _load(shadowed)


if __name__ == "sitecustomize":
    _begin()
