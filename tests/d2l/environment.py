"""Makes .venv-d2l: the book's environment and, on top of it, the real d2l.

    .venv/bin/python -m tests.d2l.environment .venv-d2l/d2l.installed

The frameworks are not installed a second time: a .pth file leads to the packages of
.venv. d2l comes without its dependencies. Nothing here reaches back into .venv.
"""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tools.environment import Environment, SetupError


class D2lEnvironment(Environment):
    """A virtual environment that sees the packages of the one that makes it."""

    def create(self):
        """Make it anew, without pip: that of .venv installs into it."""
        venv.create(self.folder, clear=True, symlinks=True)
        self.unfinished.touch()
        # addsitedir also follows the .pth files there, such as the book's own.
        line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        packages = sysconfig.get_path("purelib", "venv", {"base": str(self.folder)})
        Path(packages, "book.pth").write_text(line)

    def pip(self):
        """The beginning of every command of pip, which is that of .venv."""
        own = ["--quiet", "--python", str(self.python)]
        return [sys.executable, *super().pip()[1:], *own]


def main(stamp):
    """Make the environment anew, then write `stamp`."""
    environment = D2lEnvironment(Path(stamp).resolve().parent)
    environment.create()
    environment.install_lock("d2l")
    environment.install_lock("d2l-1", "--target", str(environment.folder / "d2l-1"))
    Path(stamp).touch()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (SetupError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"\nGerçek d2l'in ortamı kurulamadı. {error}")
