"""What a framework's module gives for a name that it does not have.

Other libraries that D2L's modules pass on, such as ``d2l.plt``, are given as they are.
A name that D2L defines and the shim leaves out is taken from the real ``d2l`` where it
is installed: its file is loaded under a private name, so that ``sys.modules["d2l"]``
stays what it is. In all other cases the error says in Turkish where the name is.
"""

import difflib
import importlib.util
import pkgutil
import sys
from importlib import metadata
from importlib.machinery import PathFinder

from d2l_shim import d2l_names
from d2l_shim.d2l_names import FRAMEWORKS, NEW, OLD

SUFFIXES = {OLD: "'da", NEW: "'te"}
LOCATIVES = {"mxnet": "MXNet'te", "torch": "PyTorch'ta", "tensorflow": "TensorFlow'da"}


def get(framework, name):
    """Return what D2L's module of a framework has under `name`.

    Raises
    ------
    AttributeError
        It is not to be had; the message says why, and what to do.
    """
    library = d2l_names.libraries(framework).get(name)
    if library:
        return _library(name, library)
    known = d2l_names.table().get(name)
    if known is None:
        raise _error(name, _never_in_d2l(framework, name))
    if known.edition_for(framework) is None:
        raise _error(name, _not_in_this_framework(framework, known))
    real = _real_d2l(framework, name)
    if not hasattr(real, name):
        raise _error(name, _left_out(framework, known, real))
    return getattr(real, name)


def _error(name, message):
    # With the name alone, Python adds no English suggestion of its own.
    return AttributeError(message, name=name)


def _library(name, path):
    try:
        return pkgutil.resolve_name(path)
    except ModuleNotFoundError as error:
        raise _error(name, _needs_package(name, error)) from error


def _real_d2l(framework, name):
    """Return D2L's own module, or None if it is not installed.

    `name` is what it is needed for, should it fail to import.
    """
    private = f"_real_d2l_{framework}"
    if private in sys.modules:
        return sys.modules[private]
    path = _file_of_real_d2l(framework)
    if path is None:
        return None
    spec = importlib.util.spec_from_file_location(private, path)
    # D2L's modules look themselves up there while they are imported.
    sys.modules[private] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[private]
        raise _error(name, _real_d2l_fails(name, error)) from error
    return module


def _file_of_real_d2l(framework):
    package = PathFinder.find_spec("d2l")
    folders = package and package.submodule_search_locations
    spec = PathFinder.find_spec(f"d2l.{framework}", folders) if folders else None
    return spec and spec.origin


# What readers are told


def _needs_package(name, error):
    return (
        f"d2l.{name} için {error.name} paketi gerekli. "
        f"Kurmak için: pip install {error.name}"
    )


def _real_d2l_fails(name, error):
    if isinstance(error, ModuleNotFoundError):
        return (
            f"d2l.{name} gerçek d2l'den alınacaktı, ama onun istediği {error.name} "
            f"paketi kurulu değil. Kurmak için: pip install {error.name}"
        )
    told = " ".join(str(error).splitlines()[:1])
    return (
        f"d2l.{name} gerçek d2l'den alınacaktı, ama o içe aktarılamadı "
        f"({type(error).__name__}: {told}). Kurulu paketlerin sürümleri birbiriyle "
        "ya da d2l ile uyuşmuyor olabilir."
    )


def _left_out(framework, known, real):
    """Say which edition has the name and why the shim has not; then what to do."""
    edition = known.edition_for(framework)
    if real is not None:
        return (
            f"d2l.{known.name} kurulu olan d2l {_version()} içinde yok, {edition} "
            f"sürümünde var. Almak için: pip install --no-deps d2l=={edition}"
        )
    has = " ve ".join(f"{each}{SUFFIXES[each]}" for each in known.editions())
    copy = f"; ya da tanımını kopyalayın: {known.address()}" if known.page else ""
    return (
        f"d2l.{known.name} burada yok: D2L {has} ({_listed(known.anywhere())}) var, "
        f"ama {known.group.why}. Gerekiyorsa gerçek d2l'i de kurun "
        f"(pip install --no-deps d2l=={edition}), yalnız bu ad oradan alınır{copy}"
    )


def _not_in_this_framework(framework, known):
    return (
        f"d2l.{known.name} {LOCATIVES[framework]} yok: D2L onu yalnız "
        f"{_listed(known.anywhere())} için tanımlar. Kodun hangi çerçeve için "
        "yazıldığını denetleyin."
    )


def _never_in_d2l(framework, name):
    names = {known.name for known in d2l_names.table().values()}
    close = difflib.get_close_matches(name, names | d2l_names.here(framework))
    advice = (
        f"Bunlardan biri mi: {', '.join(close)}?" if close else "Yazımını denetleyin."
    )
    return f"d2l.{name} ne d2l_shim'de ne D2L'de var. {advice}"


def _listed(frameworks):
    return ", ".join(FRAMEWORKS[framework] for framework in frameworks)


def _version():
    try:
        return metadata.version("d2l")
    except metadata.PackageNotFoundError:
        return "(sürümü bilinmiyor)"
