"""Kernels for tests: their specifications, in a folder that Jupyter looks into.

Not a test itself. ``install`` writes a specification; SHELL is a kernel for the shell,
which keeps its variables from cell to cell, in as few lines as Jupyter allows.
"""

import json
import subprocess
import sys
from pathlib import Path

SHELL = [sys.executable, __file__, "-f", "{connection_file}"]


def install(monkeypatch, folder: Path, name: str, argv: list[str], **spec) -> None:
    """Let Jupyter find the kernel ``name``; ``spec`` says more of it."""
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    spec = {"argv": argv, "display_name": name, "language": "python", **spec}
    (place / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def install_shell(monkeypatch, folder: Path) -> None:
    """Let Jupyter find the kernel ``shell``."""
    install(monkeypatch, folder, "shell", SHELL, language="bash")


if __name__ == "__main__":
    from ipykernel.kernelapp import IPKernelApp
    from ipykernel.kernelbase import Kernel

    class Shell(Kernel):
        """Runs each cell in the same shell, up to a line that says how it ended."""

        implementation, implementation_version = "shell", "1"
        banner = "A shell, version 5.2.1-tests (for tests)"
        language_info = {
            "name": "bash",
            "mimetype": "text/x-sh",
            "file_extension": ".sh",
        }

        def __init__(self, **options):
            super().__init__(**options)
            pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
            self.bash = subprocess.Popen(
                ["bash"], stderr=subprocess.STDOUT, text=True, **pipes
            )

        async def do_execute(self, code, silent, *_, **__):
            """Run a cell; a status other than 0 is an error."""
            self.bash.stdin.write(f'{code}\necho "\x04$?"\n')
            self.bash.stdin.flush()
            for line in iter(self.bash.stdout.readline, ""):
                text, _, status = line.partition("\x04")
                if text and not silent:
                    stream = {"name": "stdout", "text": text}
                    self.send_response(self.iopub_socket, "stream", stream)
                if status:
                    break
            if status.strip() == "0":
                return {"status": "ok", "execution_count": self.execution_count}
            error = {"ename": "Status", "evalue": status.strip(), "traceback": []}
            self.send_response(self.iopub_socket, "error", error)
            return {"status": "error", "execution_count": 1, **error}

        def do_shutdown(self, restart):
            """Take the shell along."""
            self.bash.kill()
            return {"status": "ok", "restart": restart}

    IPKernelApp.launch_instance(kernel_class=Shell)
