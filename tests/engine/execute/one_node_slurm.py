"""A Slurm cluster of one node on the loopback address, for as long as a test needs it.

Not a test itself. Slurm's commands look for their configuration in /etc/slurm, and jobs
that Snakemake starts lose the variable that could name another place: so it is put
there, and what was there before comes back afterwards.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil
from filelock import FileLock

from tests import policy

ETC = Path("/etc/slurm")
SECONDS = 600
"""What anything may take on a machine that has other work: Snakemake asks for the state
of its jobs less often the longer they take."""

CONFIGURATION = """\
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
KillWait=2
GresTypes=gpu
NodeName=localhost NodeAddr=127.0.0.1 CPUs=8 RealMemory=64000 Gres=gpu:2 Feature=hopper
PartitionName=test Nodes=localhost Default=YES State=UP
"""
CARDS = "Name=gpu File=/dev/null,/dev/zero\n"


def require():
    """Give up unless there is a Slurm that this process may configure."""
    programs = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel")
    if os.geteuid() != 0 or not all(map(shutil.which, programs)):
        policy.skip_or_fail(
            "Slurm yok; root olarak “apt install slurm-wlm munge” ile kurun ve testi "
            "root olarak çalıştırın."
        )


def wait_for(condition, seconds=SECONDS):
    """Wait until ``condition()`` holds; what it returns."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{condition} did not come true"
        time.sleep(0.1)
    return found


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class Slurm:
    """The daemons; ``controller`` may be killed and started again."""

    def __init__(self, folder: Path):
        self.folder, self.running = folder, {}

    def start(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        places = {
            name: f"{self.folder}/munge.{name}"
            for name in ("socket", "pid-file", "log-file", "seed-file")
        }
        options = (f"--{name}={place}" for name, place in places.items())
        self._daemon("munged", "--foreground", "--force", f"--key-file={key}", *options)
        wait_for((self.folder / "munge.socket").exists)
        self.start_controller()
        self._daemon("slurmd", "-D", "-N", "localhost")
        wait_for(lambda: self.said("sinfo", "--noheader", "--format=%T") == "idle")

    def start_controller(self):
        self._daemon("slurmctld", "-D")

    def kill_controller(self):
        self.running["slurmctld"].kill()
        self.running["slurmctld"].wait()

    def _daemon(self, *command):
        with open(self.folder / f"{command[0]}.output", "a") as output:
            self.running[command[0]] = subprocess.Popen(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )

    def said(self, *command):
        """What a command of Slurm puts out, nothing if it fails."""
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.stdout.strip() if done.returncode == 0 else ""

    def jobs(self):
        """Map what the waiting and running jobs are for to their numbers."""
        lines = self.said("squeue", "--noheader", "--format=%k %A").splitlines()
        return dict(line.rsplit(" ", 1) for line in lines)

    def job_of(self, notebook):
        """The number of the job that runs a notebook."""
        name = notebook.replace("/", "_")
        found = (n for about, n in self.jobs().items() if about.endswith(name))
        return next(found, None)

    def stop(self):
        if self.jobs():
            self._tell()
            subprocess.run(["scancel", "--user=root"])
            with contextlib.suppress(AssertionError):
                wait_for(lambda: not self.jobs(), 10)
        for process in reversed(self.running.values()):
            family = [process, *_descendants(process.pid)]
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            for each in family:
                with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                    each.kill()

    def _tell(self):
        """Show why jobs are left; pytest shows it where a test failed."""
        print(self.said("squeue", "--long"), self.said("sinfo", "--long", "-R"))
        print((self.folder / "slurmctld.output").read_text()[-5000:])


def _descendants(pid):
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@contextlib.contextmanager
def one_node(folder: Path):
    """A running cluster whose files are in ``folder``."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    text = CONFIGURATION.format(folder=folder, controller=free_port(), node=free_port())
    contents = {ETC / "slurm.conf": text, ETC / "gres.conf": CARDS}
    ETC.mkdir(exist_ok=True)
    with FileLock(ETC / "one-node-test.lock"), _in_place(contents):
        slurm = Slurm(folder)
        try:
            slurm.start()
            yield slurm
        finally:
            slurm.stop()


@contextlib.contextmanager
def _in_place(contents):
    """Give files these contents, and their own back."""
    before = {path: path.read_bytes() for path in contents if path.exists()}
    try:
        for path, text in contents.items():
            path.write_text(text)
        yield
    finally:
        for path in contents:
            path.unlink(missing_ok=True)
        for path, content in before.items():
            path.write_bytes(content)
