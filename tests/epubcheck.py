"""Asks epubcheck, which knows what e-readers take. Not a test itself."""

import shutil
import subprocess
from pathlib import Path

from tests import policy

HOW_TO_GET_EPUBCHECK = (
    "epubcheck yok; “apt install epubcheck default-jre-headless” ile kurun."
)


def complaints(path):
    """Return what is wrong with an EPUB, warnings included; nothing if all is well."""
    program, java = shutil.which("epubcheck"), shutil.which("java")
    if not program or not java:
        policy.skip_or_fail(HOW_TO_GET_EPUBCHECK)
    # Debian's program is an archive, which not every system starts by itself.
    is_archive = Path(program).read_bytes().startswith(b"PK")
    command = [java, "-jar", program] if is_archive else [program]
    check = subprocess.run(
        [*command, "--failonwarnings", path], capture_output=True, text=True
    )
    said = (check.stdout + check.stderr)[-4000:]
    return said if check.returncode else ""
