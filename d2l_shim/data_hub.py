"""Files that code calls by name: ``DATA_HUB`` and ``download`` (D2L, section 4.10).

Code first says where a file is, ``DATA_HUB[name] = (address, sha1)``, and then asks for
it by name. Unlike D2L's, this download never hands out a file whose checksum is wrong.
How a file travels is the business of ``downloads``; Fashion-MNIST does not come from
here.
"""

import os
import tarfile
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from d2l_shim.downloads import fetch
from d2l_shim.errors import DataError, disk_cause

DATA_HUB = {}
"""The files by name: ``DATA_HUB[name] = (address, SHA-1 as 40 hexadecimal digits)``."""

DATA_URL = "http://d2l-data.s3-accelerate.amazonaws.com/"
"""How the addresses of D2L's own files begin."""

SUFFIXES = (".tar.gz", ".tgz", ".tar", ".gz", ".zip")


def download(name, cache_dir="../data"):
    """Return the local path of a file in ``DATA_HUB``, downloaded if need be.

    Parameters
    ----------
    name : str
        Key of ``DATA_HUB``; its value is (address, SHA-1 as 40 hexadecimal digits).
    cache_dir : str
        Folder for the file, made if it is not there. A sound file in it is kept.

    Returns
    -------
    str

    Raises
    ------
    d2l_shim.errors.DataError
        The name is not in ``DATA_HUB``, or the address does not give the right file.
    """
    url, sha1 = _entry(name)
    file_name = urlsplit(url).path.rpartition("/")[2]
    return str(fetch([url], file_name, f"sha1:{sha1}", Path(cache_dir)))


def download_extract(name, folder=None):
    """Download a zip or tar file, extract it beside itself and return the folder.

    Parameters
    ----------
    name : str
        As for :func:`download`.
    folder : str, optional
        Name of the folder in the archive; that of the file without its suffix if it
        is not given.

    Returns
    -------
    str

    Raises
    ------
    d2l_shim.errors.DataError
        As for :func:`download`, or the file cannot be extracted.
    """
    path = Path(download(name))
    try:
        # Extracted aside and then moved file by file: no reader meets half a file.
        with tempfile.TemporaryDirectory(dir=path.parent) as aside:
            _extract(path, aside)
            _move_files(Path(aside), path.parent)
    except OSError as error:
        raise DataError(
            f"Arşiv açılamadı: {path} ({disk_cause(error)}). "
            "Klasörü yazılabilir yapın ya da diskte yer açın."
        ) from error
    suffix = next((end for end in SUFFIXES if path.name.endswith(end)), "")
    return str(path.parent / (folder or path.name.removesuffix(suffix)))


def download_all():
    """Download every file in ``DATA_HUB``.

    Raises
    ------
    d2l_shim.errors.DataError
        As for :func:`download`, at the first file that cannot be had.
    """
    for name in DATA_HUB:
        download(name)


def _entry(name):
    try:
        return DATA_HUB[name]
    except KeyError:
        raise DataError(
            f"DATA_HUB'da {name} adlı bir dosya yok. "
            f"Önce ekleyin: d2l.DATA_HUB['{name}'] = (adres, SHA-1 toplamı)."
        ) from None


def _extract(path, target):
    """Extract the archive; what would land outside of `target` is refused."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(target)
        else:
            with tarfile.open(path) as archive:
                # Not an argument of extractall: Python 3.11.3 and older lack it.
                archive.extraction_filter = getattr(tarfile, "data_filter", None)
                archive.extractall(target)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise DataError(
            f"Arşiv açılamadı: {path} bir zip ya da tar arşivi değil ya da bozuk. "
            "Tek bir dosya için download_extract yerine download kullanın."
        ) from error


def _move_files(source, target):
    for path in source.rglob("*"):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            os.replace(path, place)
