"""The package ``d2l`` that :func:`install` puts in the place of D2L's own.

``d2l.torch``, ``d2l.tensorflow`` and ``d2l.mxnet`` are made when they are first asked
for: each holds the public names of the shim's module. The shim's module itself does
not change when code assigns to a name of ``d2l.torch``. What happens with names that
the shim does not have is the business of ``missing``.
"""

import functools
import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

FRAMEWORKS = ("mxnet", "torch", "tensorflow")
VERSION = "0.17.6+d2l.shim"
"""The edition of D2L whose names these are, marked as not its own."""

CHOICE = "from d2l import torch as d2l (ya da tensorflow, mxnet)"


def install():
    """Let ``import d2l`` find the shim from now on, wherever a real d2l may be.

    No framework is imported. A real ``d2l`` that was imported before is forgotten: the
    next import gives the shim, while names that are bound to it stay so. MXNet becomes
    importable as well, since D2L's code imports it before ``d2l``. Calling this again
    changes nothing.
    """
    from d2l_shim import mxnet_compat  # the other frameworks do without it

    mxnet_compat.install()
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "d2l"]:
        spec = getattr(sys.modules[name], "__spec__", None)
        if not isinstance(getattr(spec, "loader", None), _Made):
            del sys.modules[name]


def missing_names(framework):
    """Return the ``__getattr__`` of a framework's module: it gets what is missing."""

    def get(name):
        if name.startswith("__"):  # Python looks for such names in any module
            raise AttributeError(f"{framework}: {name}")
        # Not before it is needed: no notebook of the book comes here.
        from d2l_shim import missing

        return missing.get(framework, name)

    return get


class _Made(Loader):
    """Makes a module by calling a function that fills it."""

    def __init__(self, fill):
        self.fill = fill

    def exec_module(self, module):
        self.fill(module)


class _Finder(MetaPathFinder):
    """Finds ``d2l`` and its modules before anything that lies on the path."""

    def find_spec(self, fullname, path=None, target=None):
        package, _, module = fullname.partition(".")
        if package != "d2l":
            return None
        if module and module not in FRAMEWORKS:
            raise ImportError(_no_module(module), name=fullname)
        fill = functools.partial(_fill_framework, module) if module else _fill_package
        # The modules are packages, too: `from d2l.torch import Vocab` then ends above.
        return ModuleSpec(fullname, _Made(fill), is_package=True)


_finder = _Finder()


def _no_module(module):
    """Say why ``d2l.<module>`` can not be imported."""
    framework, _, name = module.partition(".")
    if framework in FRAMEWORKS:
        try:
            missing_names(framework)(name)
        except AttributeError as error:
            return str(error)
        return (
            f"d2l.{module} bir modül değil; yazın: from d2l.{framework} import {name}"
        )
    if module in ("jax", "paddle"):
        return f"d2l.{module} burada yok: d2l_shim'de üç çerçeve var. Yazın: {CHOICE}"
    return f"d2l.{module} yok. Adlar çerçevelerin modüllerindedir; yazın: {CHOICE}"


def _fill_package(package):
    def get(name):
        if name in FRAMEWORKS:
            return importlib.import_module(f"d2l.{name}")
        raise AttributeError(_no_module(name))

    package.__doc__ = "D2L's package, with d2l_shim behind it."
    package.__version__ = VERSION
    package.__getattr__ = get


def _fill_framework(framework, module):
    shim = _import_shim(framework)
    vars(module).update({name: getattr(shim, name) for name in shim.__all__})
    module.train_ch6 = _like_d2l(shim.train_ch6, framework)
    module.__doc__ = shim.__doc__
    module.__all__ = [*shim.__all__, *_installed_libraries(framework)]
    module.__getattr__ = missing_names(framework)


def _import_shim(framework):
    try:
        return importlib.import_module(f"d2l_shim.{framework}")
    except ModuleNotFoundError as error:
        if error.name != framework:
            raise
        raise ImportError(
            f"d2l.{framework} için {framework} paketi gerekli. "
            f"Kurmak için: pip install {framework}"
        ) from error


def _like_d2l(train_ch6, framework):
    """Return the trainer with what D2L's returns in place of the history.

    TensorFlow's notebooks go on with the trained network. The others leave the call
    last in a cell, which would show a value.
    """

    @functools.wraps(train_ch6)
    def train(*args, **kwargs):
        history = train_ch6(*args, **kwargs)
        return history.net if framework == "tensorflow" else None

    return train


def _installed_libraries(framework):
    """Return the names that ``from d2l.torch import *`` gives besides the shim's own.

    D2L passes on what it imports itself, such as ``np`` and ``plt``.
    """
    from d2l_shim import d2l_names

    libraries = d2l_names.libraries(framework).items()
    return [name for name, path in libraries if _is_installed(path.partition(".")[0])]


def _is_installed(package):
    if package in sys.modules:
        return sys.modules[package] is not None
    return importlib.util.find_spec(package) is not None
