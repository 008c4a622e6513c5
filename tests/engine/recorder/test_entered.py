"""The recorder: what changes of the book's own code make a run's result another one.

A script plays the kernel. It is run once with a library of every kind of function;
then single words of the library change, and the record must tell whether that counts.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from framework_tabs.config import Framework, Settings
from framework_tabs.execute.recording import recording
from framework_tabs.store import ran

FRAMEWORK = Framework("a", "A")

LIBRARY = {
    "lib/__init__.py": """
        'What it is for.'
        from lib.kinds import plain

        def __getattr__(name):
            if name == 'dynamic':
                return 'missing name ran'
            raise AttributeError(name)
    """,
    "lib/other.py": """
        VALUE = 'other top'

        def unused():
            return 'other idle'
    """,
    "lib/never.py": "VALUE = 'never imported'",
    "lib/table.csv": "1\n",
    "lib/spare.csv": "1\n",
    "lib/main.py": """
        def work():
            return 'main ran'

        def rest():
            return 'main idle'

        if __name__ == '__main__':
            work()
    """,
    "lib/kinds.py": """
        import atexit, contextlib, functools, sys, threading
        from dataclasses import dataclass, field
        from lib import other

        TOP = 'top level'
        small = lambda: 'top lambda'

        def plain():
            'Say so.'
            return 'plain ran'

        def idle():
            return 'plain idle'

        def with_default(value='default of ran'):
            return value

        def idle_default(value='default of idle'):
            return value

        def in_thread():
            return 'thread ran'

        def numbers():
            yield 'generator ran'

        def idle_numbers():
            yield 'generator idle'

        async def later():
            return 'coroutine ran'

        async def idle_later():
            return 'coroutine idle'

        async def each_later():
            yield 'coming ran'

        @contextlib.contextmanager
        def within():
            yield 'context ran'

        def decorated(function):
            'decorator'
            'decorator ran'
            @functools.wraps(function)
            def wrapper(*arguments):
                'wrapper'
                'wrapper ran'
                return function(*arguments)
            return wrapper

        @decorated
        def wrapped():
            return 'wrapped ran'

        @decorated
        def idle_wrapped():
            return 'wrapped idle'

        @functools.lru_cache
        def remembered():
            return 'cached ran'

        @functools.singledispatch
        def by_type(value):
            return 'generic idle'

        @by_type.register
        def of_int(value: int):
            return 'dispatch ran'

        @by_type.register
        def of_str(value: str):
            return 'dispatch idle'

        def outer():
            def inner():
                return 'inner ran'
            return [(lambda x: [x, 'comprehension ran'])(inner()) for _ in range(2)]

        def for_sort(value):
            return (value, 'key ran')

        def from_text():
            exec("x = 'exec ran'")

        def at_exit():
            return 'exit ran'

        atexit.register(at_exit)

        if sys.version_info > (3,):
            def conditional():
                return 'conditional ran'
        else:
            def conditional():
                return 'conditional, other branch'

        class Meta(type):
            def __call__(cls, *arguments):
                'metaclass'
                'metaclass ran'
                return super().__call__(*arguments)

        class Base:
            BODY = 'class body'

            def __init_subclass__(cls):
                'subclass'
                'subclass ran'

            def inherited(self):
                return 'inherited ran'

            def overridden(self):
                return 'overridden idle'

        class Thing(Base, metaclass=Meta):
            def __init__(self):
                'init'
                'init ran'

            def overridden(self):
                return 'overriding ran'

            @property
            def size(self):
                return 'getter ran'

            @property
            def idle_size(self):
                return 'getter idle'

            @staticmethod
            def static():
                return 'static ran'

            @classmethod
            def of_class(cls):
                return 'classmethod ran'

            def __getattr__(self, name):
                return 'instance getattr ran'

            def __len__(self):
                'len'
                'len ran'
                return 3

            def __add__(self, other):
                return 'operator idle'

            def __del__(self):
                'del'
                'del ran'

            class Part:
                def run(self):
                    return 'nested class ran'

                def rest(self):
                    return 'nested class idle'

        @dataclass
        class Record:
            value: list = field(default_factory=list)

            def __post_init__(self):
                'post init'
                'late start ran'

        def method(self):
            return 'dynamic method ran'

        def taken():
            return 'taken ran'
    """,
}

SCRIPT = """
    import asyncio, threading, types
    import lib
    from lib import kinds
    from lib.kinds import *

    try:
        from lib import absent
    except ImportError:
        pass

    lib.plain(); lib.dynamic; with_default('x')
    threading.Thread(target=in_thread).start()
    list(numbers()); idle_numbers()

    async def main():
        await later()
        return [each async for each in each_later()]

    asyncio.run(main())
    idle_later().close()
    with within():
        pass
    wrapped(); remembered(); by_type(3); outer(); sorted([2, 1], key=for_sort)
    from_text(); conditional()
    thing = Thing()
    thing.inherited(), thing.overridden(), thing.size, thing.nothing, len(thing)
    thing.static(), thing.of_class(), Thing.Part().run()
    del thing
    Record()
    type('Made', (), {'run': kinds.method})().run()
    types.FunctionType(taken.__code__, {})()
"""

ENTERED = """
    plain ran|missing name ran|thread ran|generator ran|coroutine ran|coming ran
    context ran|decorator ran|wrapper ran|wrapped ran|cached ran|dispatch ran|inner ran
    comprehension ran|key ran|exec ran|exit ran|conditional ran|metaclass ran|init ran
    subclass ran|inherited ran|overriding ran|getter ran|static ran|classmethod ran
    instance getattr ran|len ran|del ran|nested class ran|late start ran|taken ran
    dynamic method ran
"""
TOP_LEVEL = """
    top level|top lambda|class body|other top|default of ran|default of idle
"""
IDLE = """
    plain idle|generator idle|coroutine idle|wrapped idle|generic idle|dispatch idle
    overridden idle|getter idle|operator idle|nested class idle|other idle
    never imported|main ran
"""
WITHOUT_EFFECT = "Say so.|What it is for."


def words(text: str) -> list[str]:
    """The parts of a list that is written in lines."""
    return [part.strip() for part in text.replace("\n", "|").split("|") if part.strip()]


class Library:
    """A library on disk, and what a run of it used."""

    def __init__(self, root: Path, files: dict[str, str], depends_on=("lib",)):
        self.root = root
        for name, text in files.items():
            self.write(name, text)
        self.settings = Settings(
            root, {}, root / "notebooks", tuple(root / name for name in depends_on)
        )
        (root / "notebooks").mkdir(exist_ok=True)

    def write(self, name: str, text: str) -> Path:
        """Write a file of it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines()
        indents = [len(ln) - len(ln.lstrip()) for ln in lines if ln.strip()]
        cut = min(indents, default=0)
        path.write_text("".join(f"{line[cut:]}\n" for line in lines), encoding="utf-8")
        return path

    def run(self, script: str, *options: str, python=sys.executable, **variables):
        """What a process with this script used, which may fail; what it printed."""
        path = self.write("script.py", script)
        with recording(FRAMEWORK, self.settings) as notes:
            known = {**os.environ, "PYTHONPATH": str(self.root), **variables}
            done = subprocess.run(
                [python, *options, str(path)],
                env=notes.variables(known),
                cwd=self.root / "notebooks",
                capture_output=True,
                text=True,
                timeout=120,
            )
            self.printed = done.stdout + done.stderr
            return notes.used(str(path))

    def changes(self, used) -> list[str]:
        """What is not as it was."""
        return list(ran.changes(used, FRAMEWORK, self.settings))

    def changed(self, used, old: str, new: str = "something else") -> list[str]:
        """What counts of a change in the one file that has ``old``; it is undone."""
        (path,) = (
            path
            for path in (self.root / "lib").rglob("*.py")
            if old in path.read_text(encoding="utf-8")
        )
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
        try:
            return self.changes(used)
        finally:
            path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The library, and a run that entered what says so."""
    library = Library(tmp_path_factory.mktemp("kitap"), LIBRARY)
    library.used = library.run(SCRIPT)
    assert library.printed == "", library.printed
    return library


def test_without_a_change_nothing_is_told(library):
    assert library.changes(library.used) == []


@pytest.mark.parametrize("word", words(ENTERED))
def test_a_change_of_a_function_that_ran_counts(library, word):
    (change,) = library.changed(library.used, word)
    assert change.startswith("lib/") and ": " in change


@pytest.mark.parametrize("word", words(TOP_LEVEL))
def test_a_change_outside_of_functions_counts_if_the_module_was_imported(library, word):
    assert len(library.changed(library.used, word)) in (1, 2)


@pytest.mark.parametrize("word", words(IDLE))
def test_a_change_of_what_did_not_run_does_not_count(library, word):
    assert library.changed(library.used, word) == []


@pytest.mark.parametrize("word", words(WITHOUT_EFFECT))
def test_a_change_of_a_docstring_does_not_count(library, word):
    assert library.changed(library.used, word) == []


def test_the_function_that_changed_is_named(library):
    (change,) = library.changed(library.used, "nested class ran")
    assert change.startswith("lib/kinds.py: Thing.Part.run ")
    top_level, gone = library.changed(library.used, "def of_class", "def of_type")
    assert "of_class" not in top_level and "Thing.of_class" in gone


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("lib/absent.py", True),
        ("lib/absent/__init__.py", True),
        ("lib/kinds/__init__.py", True),
        ("lib/new.py", False),
        ("lib/new.csv", True),
    ],
)
def test_a_new_file_counts_if_the_run_would_have_met_it(library, name, counts):
    path = library.write(name, "x = 1")
    try:
        assert bool(library.changes(library.used)) == counts
    finally:
        path.unlink()
        if path.parent != library.root / "lib":
            path.parent.rmdir()


def test_other_files_and_the_settings_count(library):
    table = library.root / "lib" / "table.csv"
    table.write_text("2\n")
    assert len(library.changes(library.used)) == 1
    table.write_text("1\n")
    more = (*library.settings.depends_on, library.root / "script.py")
    wider = Settings(library.root, {}, library.root / "notebooks", more)
    assert len(list(ran.changes(library.used, FRAMEWORK, wider))) == 1


def test_a_module_that_is_gone_is_named(library):
    path = library.root / "lib" / "other.py"
    text = path.read_text()
    path.unlink()
    try:
        (change,) = library.changes(library.used)
    finally:
        path.write_text(text)
    assert change.startswith("lib/other.py ")


SMALL = {
    "lib/__init__.py": "",
    "lib/a.py": """
        import os

        class C:
            def method(self):
                return 'a method'

        def f():
            return 'a ran'

        def die():
            f()
            os.kill(os.getpid(), 9)

        def g():
            return 'a idle'
    """,
    "lib/main.py": LIBRARY["lib/main.py"],
}


@pytest.fixture
def small(tmp_path):
    """A library with one function to enter and one to leave alone."""
    return Library(tmp_path, SMALL)


PROCESSES = {
    "subprocess": "subprocess.run([sys.executable, '-c', call])",
    "shell": "os.system(f'{sys.executable} -c \"{call}\"')",
    "exec": "os.execv(sys.executable, [sys.executable, '-c', call])",
    "spawn": "multiprocessing.get_context('spawn').Process(target=f).start()",
    "fork": "multiprocessing.get_context('fork').Process(target=f).start()",
    "forkserver": "multiprocessing.get_context('forkserver').Process(target=f).start()",
    "pool": "multiprocessing.get_context('fork').Pool(1).apply(f)",
    "os.fork": "os.fork() or (f(), os._exit(0)); os.wait()",
    "killed": "multiprocessing.get_context('fork').Process(target=die).start()",
    "killed later": "multiprocessing.get_context('spawn').Process(target=die).start()",
    "exit": "f(); os._exit(3)",
    "end": "die()",
    "other environment": (
        "subprocess.run([sys.executable, '-c', call], env={**os.environ, 'PYTHONPATH': "
        "os.pathsep.join(['elsewhere', os.environ['PYTHONPATH']])})"
    ),
}


@pytest.mark.parametrize("start", PROCESSES.values(), ids=PROCESSES)
def test_what_other_processes_enter_counts_however_they_end(small, start):
    used = small.run(
        f"""
        import multiprocessing, os, subprocess, sys
        from lib.a import f, die
        call = 'import lib.a; lib.a.f()'
        if __name__ == '__main__':
            {start}
        """
    )
    assert used is not None, small.printed
    assert small.changed(used, "a ran")[0].startswith("lib/a.py: f ")
    assert small.changed(used, "a idle") == []


KNOWS_NOTHING = {
    "no variables": "subprocess.run([sys.executable, '-c', call], env={})",
    "other path": (
        "subprocess.run([sys.executable, '-c', call], "
        "env={**os.environ, 'PYTHONPATH': root})"
    ),
    "isolated": "subprocess.run([sys.executable, '-Ic', call])",
    "without site": "os.system(sys.executable + ' -S -c \"' + call + '\"')",
    "exec": "os.execve(sys.executable, [sys.executable, '-c', call], {})",
    "posix_spawn": "os.posix_spawn(sys.executable, [sys.executable, '-c', call], {})",
    "variable": "os.environ.pop('PYTHONPATH')",
    "variables": "os.environ.clear()",
    "copy": "subprocess.run(['cp', '-r', root + '/lib', root + '/copy'])",
    "copy of all": "subprocess.run(['cp', '-r', '..', root + '/../copy'])",
    "print": "os.system('cat ../lib/a.py')",
    "listing": "os.listdir(root + '/lib')",
    "scan": "list(os.scandir(root + '/lib'))",
    "modules": "import pkgutil, lib; list(pkgutil.iter_modules(lib.__path__))",
    "path": "sys.path.insert(0, root + '/lib'); import a",
}


@pytest.mark.parametrize("event", KNOWS_NOTHING.values(), ids=KNOWS_NOTHING)
def test_when_code_may_have_run_unseen_nothing_is_known(small, event):
    used = small.run(
        f"""
        import os, subprocess, sys
        call, root = 'print(1)', {str(small.root)!r}
        {event}
        """
    )
    assert used is None


WHOLE = {
    "read": "open(path).read()",
    "opened": "os.open(path, os.O_RDONLY)",
    "path": "pathlib.Path(path).read_text()",
    "source": "import lib.a; inspect.getsource(lib.a.C)",
    "loader": "import lib.a; lib.a.__loader__.get_source('lib.a')",
    "module": "import lib.a; inspect.getsource(lib.a)",
    "after a traceback": (
        "import lib.a, traceback; lib.a.f.__defaults__ = (1,)\n"
        "try: lib.a.f(1, 2, 3)\n"
        "except TypeError: traceback.format_exc()\n"
        "try: lib.a.C().method(1)\n"
        "except TypeError: traceback.format_exc()\n"
        "inspect.getsource(lib.a.C)"
    ),
    "other loader": (
        "from importlib.machinery import SourceFileLoader as L; "
        "L('copy', path).load_module()"
    ),
    "without the finder": "del sys.meta_path[0]; import lib.a",
    "compiled": "import runpy; runpy.run_path(path)",
}


@pytest.mark.parametrize("event", WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_read_counts_as_a_whole(small, event):
    lines = "\n        ".join(event.splitlines())
    used = small.run(
        f"""
        import inspect, os, pathlib, sys
        path = {str(small.root / "lib" / "a.py")!r}
        {lines}
        """
    )
    assert used is not None and isinstance(used["files"]["lib/a.py"], str)
    (change,) = small.changed(used, "a idle")
    assert change.startswith("lib/a.py ")
    assert small.changed(used, "def g():", "def g():  # says nothing") == []


def test_a_module_that_is_run_as_a_program_counts_by_its_functions(small):
    used = small.run("import runpy; runpy.run_module('lib.main', run_name='__main__')")
    assert small.changed(used, "main ran") and not small.changed(used, "main idle")


def test_a_traceback_or_a_warning_reads_but_adds_nothing(small):
    small.write(
        "lib/b.py",
        """
        import traceback, warnings

        traceback.format_stack()

        def warn():
            warnings.warn('careful')

        def idle():
            return 'b idle'
        """,
    )
    used = small.run("import lib.b; lib.b.warn(); 1 / 0")
    assert "warnings.warn('careful')" in small.printed
    assert small.changed(used, "careful") and not small.changed(used, "b idle")


def test_code_that_is_taken_is_as_it_was_written(small):
    used = small.run(
        "from lib.a import f; import dis; dis.dis(f); print(f.__code__.co_names)"
    )
    assert "__entered__" not in small.printed and "()" in small.printed
    assert small.changed(used, "a ran") and not small.changed(used, "a idle")


LOOKS = """
    import builtins, inspect, os, sys
    import lib.a
    from lib.a import C, f
    print(sys.path, sorted(vars(lib.a)), inspect.getsource(f))
    print([name for name in sys.modules if 'recorder' in name], sys.argv)
    print(lib.a.__spec__.origin, lib.a.__cached__, lib.a.__file__)
    print(f.__code__.co_code, C.method.__code__.co_consts, f.__doc__)
    from lib import absent
"""


def test_code_of_the_book_finds_nothing_of_the_recorder(small):
    small.run(LOOKS)
    recorded = small.printed
    known = {**os.environ, "PYTHONPATH": str(small.root)}
    done = subprocess.run(
        [sys.executable, str(small.root / "script.py")],
        env=known,
        cwd=small.root / "notebooks",
        capture_output=True,
        text=True,
    )
    assert recorded == done.stdout + done.stderr
    assert "cannot import name 'absent'" in recorded


def test_another_sitecustomize_is_not_kept_from_its_work(small):
    small.write("sitecustomize.py", "import sys; sys.custom = 'done'")
    used = small.run("import sys, lib.a; lib.a.f(); print(sys.custom)")
    assert small.printed == "done\n"
    assert small.changed(used, "a ran")


def test_a_kernel_that_does_not_record_is_not_known(small):
    assert small.run("import lib.a", "-I") is None
    assert small.run("import lib.a", "-S") is None


def test_one_file_and_a_folder_without_init_count_too(tmp_path):
    files = {
        "one.py": "def f():\n    return 'a ran'\n\ndef g():\n    return 'idle'\n",
        "lib/part.py": "X = 1\n",
    }
    library = Library(tmp_path, files, depends_on=["one.py", "lib"])
    used = library.run("import one, lib.part; one.f()")
    assert sorted(used["files"]) == ["lib/part.py", "one.py"]
    (tmp_path / "one.py").write_text(files["one.py"].replace("idle", "x"))
    assert library.changes(used) == []
    (tmp_path / "one.py").write_text(files["one.py"].replace("ran", "x"))
    assert library.changes(used)[0].startswith("one.py: f ")
    (tmp_path / "one.py").write_text(files["one.py"])
    library.write("lib/__init__.py", "X = 2")
    assert library.changes(used)[0].startswith("lib/__init__ ")


def test_a_link_to_a_folder_is_that_folder(tmp_path):
    real = Library(tmp_path / "real", SMALL)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "lib").symlink_to(real.root / "lib")
    library = Library(tmp_path / "book", {})
    used = library.run("import lib.a; lib.a.f()")
    assert library.changes(used) == [] and "lib/a.py" in used["files"]
    a = real.root / "lib" / "a.py"
    a.write_text(a.read_text().replace("a ran", "x"))
    assert library.changes(used)[0].startswith("lib/a.py: f ")


def test_code_that_changes_while_it_runs_is_no_basis(small):
    used = small.run(
        """
        import os, subprocess, sys, lib.a
        lib.a.f()
        text = open(lib.a.__file__).read()
        open(lib.a.__file__, 'w').write(text.replace('a ran', 'x'))
        subprocess.run([sys.executable, '-c', 'import lib.a; lib.a.f()'])
        open(lib.a.__file__, 'w').write(text)
        """
    )
    assert small.changes(used) != []


TRANSLATED = {
    "torch": """
        import torch

        class Net(torch.nn.Module):
            def forward(self, x):
                'forward'
                'forward ran'
                return helper(x)

        def helper(x):
            'helper'
            'helper ran'
            return x + 1

        @torch.compile(fullgraph=True, backend='eager')
        def run(x):
            'run'
            'run ran'
            return torch.compile(Net(), fullgraph=True, backend='eager')(x)

        def start():
            assert run(torch.ones(1)) == 2
            assert torch.compile(Net(), fullgraph=True, backend='eager')(2) == 3
    """,
    "tensorflow": """
        import tensorflow as tf

        class Net(tf.Module):
            def forward(self, x):
                'forward'
                'forward ran'
                return helper(x) if x > 0 else x

        def helper(x):
            'helper'
            'helper ran'
            return x + 1

        @tf.function
        def run(x):
            'run'
            'run ran'
            return Net().forward(x)

        def start():
            assert run(tf.constant(1)) == 2
    """,
}


@pytest.mark.parametrize("framework", TRANSLATED)
def test_functions_that_a_framework_translates_count(tmp_path, framework):
    files = {"lib/__init__.py": "", "lib/net.py": TRANSLATED[framework]}
    library = Library(tmp_path, files)
    used = library.run("from lib.net import start; start()")
    assert used is not None and "Error" not in library.printed, library.printed
    for word in ("forward ran", "helper ran", "run ran"):
        (change,) = library.changed(used, word)
        assert change.startswith("lib/net.py")
