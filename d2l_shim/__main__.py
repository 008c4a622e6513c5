"""The command ``python -m d2l_shim run notebook.ipynb``.

It reads the arguments, has ``notebook_runner`` do the work, and turns what comes of it
into messages (Turkish) on standard error and an exit status: 0 if every cell ran, 1 if
not, 2 for a wrong call.
"""

import argparse
import contextlib
import re
import sys
from pathlib import Path

from d2l_shim.errors import disk_cause

DESCRIPTION = (
    "Bir D2L defterini hücrelerine dokunmadan, d2l'in yerine d2l_shim ile çalıştırır; "
    "çıktılarıyla birlikte yeni bir dosyaya yazar."
)
SUFFIX = ".ciktili.ipynb"


def main(arguments=None):
    """Run the command; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        from d2l_shim import notebook_runner
    except ModuleNotFoundError as error:
        return _fail(
            f"Defter çalıştırmak için {error.name} paketi gerekli. "
            "Kurmak için: pip install ipykernel nbclient nbformat"
        )
    source = options.notebook
    output = options.output or source.with_name(source.stem + SUFFIX)
    try:
        return _run(notebook_runner, source, output, options.timeout)
    except _Unusable as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail(f"{source}: kesildi. Baştan çalıştırmak için komutu yineleyin.")


class _Unusable(Exception):
    """A file can not be read or written (Turkish)."""


@contextlib.contextmanager
def _using(path):
    try:
        yield
    except OSError as error:
        raise _Unusable(
            f"{path}: {disk_cause(error)}. Yolu ve izinleri denetleyin."
        ) from error


def _run(runner, source, output, timeout):
    try:
        with _using(source):
            notebook = runner.read(source)
    except runner.RunError as error:
        return _fail(f"{source}: {error}")
    if output.exists() and output.samefile(source):
        return _fail(f"{output}: defterin kendisi. --output ile başka bir dosya verin.")
    try:
        with _using(output):
            runner.write(notebook, output)  # to know at once whether it can be
            runner.run(notebook, source.resolve().parent, output, timeout, say)
    except runner.RunError as error:
        say(_plain(error.details))
        return _fail(f"{source}: {error} Buraya kadarki çıktılar: {output}")
    say(f"{source}: bütün hücreler çalıştı. Çıktılar: {output}")
    return 0


def say(text):
    """Print a line on standard error, if there is any text."""
    if text:
        print(text, file=sys.stderr, flush=True)


def _fail(message):
    say(message)
    return 1


def _plain(traceback):
    """Return a traceback without the colours that Jupyter gives it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", traceback)


class _Parser(argparse.ArgumentParser):
    """argparse with its own few words in Turkish."""

    def __init__(self, **options):
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = "argümanlar", "seçenekler"
        self.add_argument("-h", "--help", action="help", help="bu yardımı gösterir")

    def format_usage(self):
        return super().format_usage().replace("usage:", "kullanım:", 1)

    def format_help(self):
        return super().format_help().replace("usage:", "kullanım:", 1)

    def error(self, message):
        given = " ".join(sys.argv[1:])
        self.exit(2, f"Komut anlaşılamadı: {given}\n{self.format_help()}")


def _parser():
    parser = _Parser(prog="python -m d2l_shim", description=DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="komut", title="komutlar")
    run = commands.add_parser(
        "run", help="bir defteri çalıştırır", description=DESCRIPTION
    )
    run.add_argument("notebook", type=Path, metavar="DEFTER", help="bir .ipynb dosyası")
    run.add_argument(
        "--output",
        type=Path,
        metavar="DOSYA",
        help=f"çıktılı defterin yeri (yoksa defterin yanında, sonu {SUFFIX})",
    )
    run.add_argument(
        "--timeout",
        type=_seconds,
        metavar="SANİYE",
        help="bir hücrenin sürebileceği en uzun süre (yoksa sınırsız)",
    )
    return parser


def _seconds(text):
    seconds = float(text)
    if not seconds > 0:
        raise ValueError(text)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
