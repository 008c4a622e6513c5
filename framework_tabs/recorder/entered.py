"""Notes which functions of the book's own code the processes of a kernel enter.

Imported files below the folders of ``depends_on`` are compiled with one more statement
at the start of each outermost function, ``__entered__[number] = 1``. What lies in a
function counts with it, what lies in none is the module's top level, which runs with
the import. ``__entered__`` is a file mapped into memory: the mark of a process that is
killed stays, and processes that fork share it.

Why not a profile function or ``sys.monitoring``: before Python 3.12 the former costs
time at every call of every function, a cell that profiles takes it away, and neither
sees what never becomes a frame. ``torch.compile`` and numba translate the code of a
function, TensorFlow reads its source, other programs read files. So an audit hook hears
of what no mark tells:

* Whoever takes the ``__code__`` of a function gets it without the statement, and the
  function counts as entered.
* A file that anyone but the import opens counts as a whole. A traceback or a warning
  shows lines of functions that were entered; their reading adds nothing.
* After some events nothing is known, and everything counts: a process starts without
  this recorder or is given the book's code by name, the folders of the book's code are
  listed, or modules are looked for in them by their names alone.

Modules that were looked for and not found are noted too: one day they may be there.
What remains unseen is a program in another language that comes upon the book's code by
itself.
"""

import ast
import builtins
import contextlib
import functools
import itertools
import json
import linecache
import mmap
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import decode_source, source_from_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

FOLDER = "FRAMEWORK_TABS_ENTERED"
"""The variable that names the folder where processes leave what they note."""
ROOTS, FACTS, MARKS, MODULE = "roots.json", "facts", ".marks", ".module"
MOST_FUNCTIONS = 1 << 16

_HERE = os.path.dirname(os.path.abspath(__file__))
_MARK = "__entered__"
_UNHEARD = re.compile(r"(?:^|\s)-[a-zA-Z]*[EIS]")
"""Options that keep Python from taking notice of variables or of sitecustomize."""
_BETWEEN_WORDS = re.compile(r"[\s=:,;'\"()|<>&]+")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def outermost(node: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Yield the functions and methods that lie in no other, with their full names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield within + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from outermost(child, f"{within}{child.name}.")
        elif not isinstance(child, ast.expr):
            yield from outermost(child, within)


def begin() -> None:
    """Record from now on in this process, if it belongs to a kernel of the engine.

    A process that cannot record must not run: nobody would miss its functions.
    """
    if folder := os.environ.get(FOLDER):
        try:
            recorder = Recorder(folder)
        except OSError as error:
            raise SystemExit(f"framework_tabs: {error}") from None
        sys.meta_path.insert(0, recorder)
        sys.addaudithook(recorder.hear)
        recorder.watch_lines()


class Recorder:
    """What this process notes; also the first finder of its imports."""

    def __init__(self, folder: str):
        with open(os.path.join(folder, ROOTS), encoding="utf-8") as file:
            self._roots: list[str] = json.load(file)
        self._folder = folder
        self._told: set[str] = set()
        self._places: dict[str, bool] = {}
        self._real_folders: dict[str, str] = {}
        self._numbers = itertools.count()
        self._files: set[str] = set()
        self._originals: dict[CodeType, tuple[int, CodeType]] = {}
        self._own = threading.local()
        self._name = _unique()
        self._marks = self._new_marks()
        self._handlers: dict[str, Callable[..., None]] = {
            "object.__getattr__": self._taken,
            "open": self._opened,
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "os.putenv": self._variable_set,
            "os.unsetenv": self._variable_set,
            "os.system": self._started,
            "os.exec": lambda path, args, env: self._started(args, env),
            "os.posix_spawn": lambda path, args, env: self._started(args, env),
            "subprocess.Popen": lambda program, args, cwd, env: self._started(
                args, env, cwd
            ),
        }
        self._tell("process", *sys.orig_argv)
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and self._is_inside(path):
                self._tell("whole", os.path.realpath(path))

    def _new_marks(self) -> mmap.mmap:
        """Map a file with a byte for each function; its room on the disk is taken."""
        with open(self._path(self._name + MARKS), "x+b") as file:
            file.write(bytes(MOST_FUNCTIONS))
            file.flush()
            marks = mmap.mmap(file.fileno(), MOST_FUNCTIONS)
        setattr(builtins, _MARK, marks)
        return marks

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _tell(self, *fact: str) -> None:
        """Leave a line, once; one write, so that processes do not mix theirs."""
        line = json.dumps(fact) + "\n"
        if line not in self._told:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            file = os.open(self._path(FACTS), flags, 0o600)
            try:
                os.write(file, line.encode())
            finally:
                os.close(file)
            self._told.add(line)

    def _is_inside(self, path: str) -> bool:
        """Whether a file or folder is one of the book's code."""
        if not os.path.isabs(path):
            return self._lies_inside(path)
        if path not in self._places:
            self._places[path] = self._lies_inside(path)
        return self._places[path]

    def _lies_inside(self, path: str) -> bool:
        place = self._real(path)
        return any(_is_below(place, root) for root in self._roots)

    def _real(self, path: str) -> str:
        """The path without links; a folder's is looked up once for all its files."""
        folder, name = os.path.split(path)
        if not os.path.isabs(path) or os.path.islink(path) or name in ("", "..", "."):
            return os.path.realpath(path)
        if folder not in self._real_folders:
            self._real_folders[folder] = os.path.realpath(folder)
        return os.path.join(self._real_folders[folder], name)

    # The imports.

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find what the finders after this one do; the book's files get marks."""
        if path is None and any(map(self._is_inside, sys.path)):
            self._tell("everything", "sys.path")
        spec = self._found(name, path, target)
        if spec is None:
            self._note_missing(path or (), name.rpartition(".")[2])
        elif not spec.has_location:
            self._note_missing(spec.submodule_search_locations or (), "__init__")
        elif type(spec.loader) is SourceFileLoader and self._is_inside(
            spec.loader.path
        ):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self)
        return spec

    def _found(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        place = sys.meta_path.index(self)
        for finder in sys.meta_path[place + 1 :]:
            if hasattr(finder, "find_spec"):
                if spec := finder.find_spec(name, path, target):
                    return spec
        return None

    def _note_missing(self, folders: Sequence[str], name: str) -> None:
        for folder in filter(self._is_inside, folders):
            self._tell("missing", os.path.join(os.path.realpath(folder), name))

    @contextlib.contextmanager
    def unheard(self) -> Iterator[None]:
        """Let the audit hook not hear what this thread does itself."""
        before = getattr(self._own, "busy", False)
        self._own.busy = True
        try:
            yield
        finally:
            self._own.busy = before

    def marked(self, data: bytes, path: str) -> CodeType:
        """Compile a file of the book so that it marks the functions it enters."""
        original = compile(data, path, "exec", dont_inherit=True)
        tree = ast.parse(data, path)
        names: dict[int, str] = {}
        places: dict[tuple[str, int], int] = {}
        for name, function in outermost(tree):
            number = self._next_number()
            names[number] = name
            places[function.name, _first_line(function)] = number
            _insert_mark(function, number)
        code = compile(tree, path, "exec", dont_inherit=True)
        self._keep_module(path, data, names)
        originals = {(c.co_name, c.co_firstlineno): c for c in _all_code(original)}
        for each in _all_code(code):
            if _MARK in each.co_names:
                key = each.co_name, each.co_firstlineno
                self._originals[each] = places[key], originals[key]
        self._files.add(path)
        return code

    def _next_number(self) -> int:
        number = next(self._numbers)
        if number >= MOST_FUNCTIONS:
            self._tell("everything", "functions")
        return min(number, MOST_FUNCTIONS - 1)

    def _keep_module(self, path: str, data: bytes, names: dict[int, str]) -> None:
        """Leave a file's text as it is now, with the numbers of its functions."""
        module = {
            "file": os.path.realpath(path),
            "marks": self._name + MARKS,
            "functions": names,
            "source": decode_source(data),
        }
        place = self._path(_unique())
        with open(place, "x", encoding="utf-8", errors="surrogatepass") as file:
            json.dump(module, file)
        os.rename(place, place + MODULE)

    # What the audit hook hears, and what it cannot hear of.

    def watch_lines(self) -> None:
        """Take note of who gets a file's lines: once read, they are not read again."""
        known = linecache.getlines

        @functools.wraps(known)
        def getlines(filename: str, module_globals: Any = None) -> list[str]:
            if _shows_a_frame():
                with self.unheard():
                    return known(filename, module_globals)
            self._opened(filename)
            return known(filename, module_globals)

        linecache.getlines = getlines

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what an event tells of the book's code."""
        handler = self._handlers.get(event)
        if handler is None or getattr(self._own, "busy", False):
            return
        try:
            handler(*arguments)
        except (TypeError, ValueError):  # nothing that Python's own calls pass
            self._tell("everything", event)

    def _taken(self, owner: object, name: str) -> None:
        """Mark a function whose code is taken; the taker gets it as it was written."""
        if name != "__code__" or not isinstance(owner, FunctionType):
            return
        self._own.busy = True  # asked often: a context of its own would be dear
        try:
            code = owner.__code__
        finally:
            self._own.busy = False
        if code.co_filename in self._files and code in self._originals:
            number, original = self._originals[code]
            self._marks[number] = 1
            owner.__code__ = original

    def _opened(self, path: Any, *_: object) -> None:
        place = _text(path)
        if place.endswith((".py", ".pyc")) and self._is_inside(place):
            with contextlib.suppress(ValueError, NotImplementedError):
                place = source_from_cache(place)
            self._tell("whole", os.path.realpath(place))

    def _listed(self, path: Any) -> None:
        """Take note of a listing; the import lists a folder to find one name in it."""
        if self._is_inside(_text(path) or ".") and not _is_importing():
            self._tell("everything", "listdir")

    def _variable_set(self, key: Any, value: Any = b"") -> None:
        variables = {**os.environ, _text(key): _text(value)}
        if not self._goes_along(variables):
            self._tell("everything", "environ")

    def _started(self, command: Any, env: Any = None, cwd: Any = None) -> None:
        several = isinstance(command, Sequence) and not isinstance(
            command, (str, bytes)
        )
        text = " ".join(map(_text, command)) if several else _text(command)
        goes_along = self._goes_along(os.environ if env is None else env)
        if not goes_along or _UNHEARD.search(text):
            self._tell("everything", "process")
        for word in _BETWEEN_WORDS.split(text):
            place = os.path.realpath(os.path.join(_text(cwd), word))
            if word and any(
                _is_below(place, root) or _is_below(root, place) for root in self._roots
            ):
                self._tell("everything", "process")

    def _goes_along(self, env: Mapping[Any, Any]) -> bool:
        """Whether a Python process with these variables would start this recorder."""
        variables = {_text(name): _text(value) for name, value in env.items()}
        for folder in variables.get("PYTHONPATH", "").split(os.pathsep):
            if os.path.exists(os.path.join(folder, "sitecustomize.py")):
                ours = os.path.abspath(folder) == _HERE
                return ours and variables.get(FOLDER) == self._folder
        return False


class _Loader(SourceFileLoader):
    """Loads a file of the book, always from its source and never from bytecode."""

    def __init__(self, fullname: str, path: str, recorder: Recorder):
        super().__init__(fullname, path)
        self._recorder = recorder

    def get_code(self, fullname: str) -> CodeType | None:
        """Compile without being heard."""
        with self._recorder.unheard():
            return super().get_code(fullname)

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Know nothing that bytecode could be compared with."""
        raise OSError(path)

    def source_to_code(  # type: ignore[override]
        self, data: bytes, path: str, *, _optimize: int = -1
    ) -> CodeType:
        """Compile with marks."""
        return self._recorder.marked(data, path)


def _unique() -> str:
    return os.urandom(8).hex()


def _is_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def _text(path: Any) -> str:
    """A path or a word of a command as text; nothing for a number or None."""
    if isinstance(path, (str, bytes, os.PathLike)):
        return os.fsdecode(path)
    return ""


def _is_importing() -> bool:
    """Whether the import machinery caused the event that is heard."""
    frame = sys._getframe()
    while frame.f_globals.get("__name__") in (__name__, "contextlib"):
        assert frame.f_back
        frame = frame.f_back
    return bool(frame.f_globals.get("__name__") == "importlib._bootstrap_external")


def _shows_a_frame() -> bool:
    """Whether lines are asked for one by one, to be shown with their frames."""
    one, who = sys._getframe(2), sys._getframe(3)
    names = one.f_globals.get("__name__"), who.f_globals.get("__name__")
    return names in (("linecache", "traceback"), ("linecache", "warnings"))


def _all_code(code: CodeType) -> Iterator[CodeType]:
    """Yield the code objects in a module's, at any depth."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _all_code(each)


def _first_line(function: Function) -> int:
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _insert_mark(function: Function, number: int) -> None:
    """Let a function begin, below its docstring, with the statement that marks it."""
    (statement,) = ast.parse(f"{_MARK}[{number}] = 1").body
    for node in ast.walk(statement):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = function.lineno  # type: ignore[attr-defined]
    documented = ast.get_docstring(function, clean=False) is not None
    function.body.insert(int(documented), statement)
