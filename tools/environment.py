"""Makes a virtual environment of the book, or says in one message why it cannot.

The Makefile runs this with the interpreter that the environment is to use:

    python tools/environment.py book .venv/book.installed

First come the names of locks in locks/: what is installed, each file of it only with
the SHA-256 that the lock gives. The last is a stamp, written as the very last step;
whether there is anything to do is make's decision, by that stamp. Its folder is the
environment. The site needs the lock book alone; paper, notebooks and tests come on top
of it when something asks for them. Nothing is installed at that point, so this uses the
standard library only, and no syntax newer than the oldest Python that a reader may try.
"""

import platform
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "locks"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
LOCKED = (
    "--no-compile",
    "--require-hashes",
    "--no-deps",
    "--only-binary=:all:",
    "--requirement",
)
"""pip's options for a lock: it is complete, and nothing is built from source. Python
compiles a module when it first imports it, and most are never imported."""
GIGABYTE = 10**9
NEEDED = {"book": 1, "paper": 1, "notebooks": 8, "tests": 1, "cluster": 1}
"""Gigabytes that a lock takes, with what pip keeps aside while it installs. PyTorch and
its CUDA libraries are half of what running notebooks takes."""

ANY_GPU = 10
"""Gigabytes that a lock for GPUs takes."""

BASES = {
    "paper": ("book",),
    "notebooks": ("book",),
    "tests": ("book", "paper", "notebooks"),
}
"""The locks that another one stands on. Their environment has the project already."""

ALONE = {"cluster"}
"""Locks of environments in which the project has no place."""

DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded")
WRONG_HASH = re.compile(r"DO NOT MATCH THE HASHES")
UNREACHABLE = re.compile(
    r"Retrying|[Cc]onnection (broken|error|refused|reset)|timed out|ProxyError"
    r"|Could not fetch URL"
)


class SetupError(Exception):
    """The environment cannot be made; the message (Turkish) says what to do."""


def check_python(version):
    """Refuse a Python, given as (major, minor, micro), that the packages lack."""
    if tuple(version[:2]) not in SUPPORTED:
        raise SetupError(
            "Python {}.{}.{} ile kurulamaz: kitabın paketleri Python 3.11, 3.12 ya da "
            "3.13 ister. Birini kurup komutu yineleyin; make bulamazsa yerini "
            "gösterin: make book PYTHON=/yol/python3.12".format(*version[:3])
        )


def check_machine(system, machine):
    """Refuse an Intel Mac: the pinned PyTorch and TensorFlow have no build for it."""
    if (system, machine) == ("Darwin", "x86_64"):
        raise SetupError(
            "Çerçeveler Intel işlemcili Mac'e kurulamaz: PyTorch ile TensorFlow'un "
            "güncel sürümleri bu işlemciye çıkmıyor. Defterleri Linux'ta ya da Apple "
            "işlemcili bir Mac'te çalıştırın; siteyi make book burada da oluşturur."
        )


def check_venv_module():
    """Refuse a Python whose venv cannot install pip (Debian packs that apart)."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise SetupError(
            "Python'un venv modülü eksik; Debian ile Ubuntu'da ayrı bir pakettedir. "
            "Kurup komutu yineleyin: sudo apt install python{}.{}-venv".format(
                *sys.version_info[:2]
            )
        ) from None


def check_disk(folder, installed, needed):
    """Refuse a disk without room for `needed` bytes, less those `installed` already."""
    free = shutil.disk_usage(str(folder)).free
    if free < needed - installed:
        raise SetupError(
            "Diskte yer yok: kurulum {} GB daha ister, {} klasörünün diskinde {} GB "
            "boş. Yer açıp komutu yineleyin.".format(
                in_gigabytes(needed - installed), folder, in_gigabytes(free)
            )
        )


def in_gigabytes(size):
    """Bytes as a Turkish reader writes gigabytes: 9,5."""
    return "{:.1f}".format(size / GIGABYTE).replace(".", ",")


def size_of(folder):
    """Bytes of the files below `folder`; 0 when there is none."""
    files = (path for path in folder.rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file())


def with_bases(locks):
    """Some locks, each after those that it stands on."""
    every = [name for lock in locks for name in (*BASES.get(lock, ()), lock)]
    return list(dict.fromkeys(every))


class Environment:
    """The virtual environment in `folder`.

    While packages are being installed it holds a file `unfinished`. Whoever finds
    that file starts afresh: pip takes a half-copied package for an installed one.
    """

    def __init__(self, folder):
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.unfinished = folder / "unfinished"
        self.log = folder / "pip-errors.log"

    def is_usable(self):
        """Whether it is whole and its Python a supported one that still runs."""
        if self.unfinished.exists():
            return False
        code = "import sys; sys.exit(sys.version_info[:2] not in {})".format(SUPPORTED)
        try:
            return subprocess.call([str(self.python), "-c", code]) == 0
        except OSError:
            return False

    def create(self):
        """Make it anew, with pip, on the Python that runs this program."""
        if self.folder.exists():
            shutil.rmtree(str(self.folder))
        self.folder.mkdir(parents=True)
        self.unfinished.touch()
        venv.create(str(self.folder), symlinks=True, with_pip=True)

    def install(self, *what):
        """Have pip install something; its errors go to the log, not the screen."""
        self.unfinished.touch()
        with self.log.open("w") as log:
            status = subprocess.call(self.pip() + ["install", *what], stderr=log)
        if status:
            raise self.failure(self.log.read_text(errors="replace"))
        self.unfinished.unlink()

    def install_lock(self, name, *options):
        """Install what a file in locks/ names."""
        self.install(*options, *LOCKED, str(LOCKS / (name + ".txt")))

    def try_lock(self, name):
        """Install what a lock names, if pip is offered it here."""
        self.unfinished.touch()
        command = [*self.pip(), "install", *LOCKED, str(LOCKS / (name + ".txt"))]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.call(command, **silent)

    def install_project(self):
        """Install the book's own packages as they are in this folder."""
        self.install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))

    def pip(self):
        """The beginning of every command of pip."""
        return [str(self.python), "-m", "pip", "--disable-pip-version-check"]

    def needs_cuda(self):
        """Whether the PyTorch that was installed is a build with CUDA."""
        code = (
            "import sys, importlib.metadata as m; "
            "found = [d for d in m.distributions() if d.metadata['Name'] == 'torch']; "
            "wanted = [x for d in found for x in d.requires or ()]; "
            "sys.exit(not any(x.startswith('nvidia-') for x in wanted))"
        )
        return subprocess.call([str(self.python), "-c", code]) == 0

    def is_disk_full(self):
        """Whether pip could not even write down what went wrong."""
        return shutil.disk_usage(str(self.folder)).free < GIGABYTE / 100

    def failure(self, errors):
        """Return the SetupError that tells what pip's error text means."""
        if DISK_FULL.search(errors) or self.is_disk_full():
            return SetupError("Diskte yer kalmadı. Yer açıp komutu yineleyin.")
        if WRONG_HASH.search(errors):
            return SetupError(
                "İndirilen bir paket, locks klasöründeki sağlama toplamını tutmuyor; "
                "kurulmadı. Ayrıntılar {} dosyasında; paket sunucusunu (pip config "
                "list) denetleyip komutu yineleyin.".format(self.log)
            )
        if UNREACHABLE.search(errors):
            # Nothing is half-copied: pip installs only after it has downloaded all.
            self.unfinished.unlink()
            return SetupError(
                "Paketler indirilemedi: paket sunucusuna ulaşılamıyor. İnternet "
                "bağlantısını (vekil sunucu varsa HTTPS_PROXY değişkenini) denetleyip "
                "komutu yineleyin."
            )
        said = re.findall(r"ERROR: (.+)", errors) or ["açıklama yok"]
        return SetupError(
            "Paketler kurulamadı. pip'in son sözü: “{}”. Ayrıntılar {} dosyasında; "
            "nedeni giderip komutu yineleyin.".format(said[-1], self.log)
        )


def main(*arguments):
    """Bring the environment that holds the stamp up to the locks, then write it."""
    asked, stamp = arguments[:-1], Path(arguments[-1]).resolve()
    environment = Environment(stamp.parent)
    check_python(sys.version_info)
    if not {"book", "paper", "cluster"}.issuperset(asked):
        check_machine(platform.system(), platform.machine())
    is_new = not environment.is_usable()
    locks = with_bases(asked) if is_new else asked
    needed = sum(NEEDED.get(name, ANY_GPU) for name in locks) * GIGABYTE
    check_disk(ROOT, size_of(environment.folder), needed)
    if is_new:
        check_venv_module()
        environment.create()
    if "notebooks" in locks:
        environment.try_lock("torch-cpu")
    for name in locks:
        environment.install_lock(name)
    if "notebooks" in locks and environment.needs_cuda():
        environment.install_lock("cuda")
    if not {*BASES, *ALONE} >= set(locks):
        environment.install_project()
    for name in locks:
        if name not in asked:
            (stamp.parent / (name + ".installed")).touch()
    stamp.touch()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except SetupError as error:
        sys.exit("\nKurulum yapılamadı. {}".format(error))
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            "\nKurulum yapılamadı: {} Diskte yer olduğunu ve bu klasöre "
            "yazabildiğinizi denetleyip komutu yineleyin.".format(error)
        )
    except KeyboardInterrupt:
        sys.exit("\nKurulum yarıda kesildi; aynı komutla yeniden başlar.")
