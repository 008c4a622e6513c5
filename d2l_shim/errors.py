"""What readers are told when their data are not to be had."""

import errno


class DataError(RuntimeError):
    """The data set is missing or damaged. The message is for the reader, in Turkish."""


_CAUSES = {
    errno.EACCES: "erişim izni yok",
    errno.EPERM: "erişim izni yok",
    errno.EROFS: "dosya sistemi salt okunur",
    errno.ENOSPC: "diskte yer yok",
    errno.EDQUOT: "disk kotası doldu",
    errno.EISDIR: "bu adda bir klasör var",
    errno.EEXIST: "bu adda bir dosya var",
    errno.ENOTDIR: "yolun üzerinde bir dosya var",
    errno.ENOENT: "böyle bir dosya ya da klasör yok",
}


def disk_cause(error: OSError) -> str:
    """Return in a few Turkish words why the operating system refused."""
    return _CAUSES.get(error.errno) or error.strerror or str(error)
