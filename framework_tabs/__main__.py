"""The command: ``framework-tabs new | split | execute | check | …``.

Where its script is not installed it is ``python -m framework_tabs``. It reads the
settings and the chapters, calls the module that does the work, and turns the result
into messages and an exit status: 0 if everything is as it should be, 1 if
not, 2 for a wrong call. No work is done here.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from babel.numbers import format_decimal

from . import quick_start  # noqa: F401  (before all that loads nbformat)
from .config import (
    ConfigError,
    Framework,
    Settings,
    is_plain_sphinx,
    likely_language,
    load,
)
from .editions import command as editions
from .editions.command import EditionError
from .execute import array_jobs, cluster, gather, verify
from .execute import command as execution
from .execute.array_jobs import NoArray
from .execute.cluster import NoSnakemake
from .execute.gather import Incomplete
from .execute.plan import plan
from .messages import N_, _, locale, ngettext, speak
from .source import chapter, pages, scaffold
from .source.cell import Chapter, ChapterError, ChapterErrors
from .source.scaffold import AuthoringError
from .split import notebook as notebooks
from .store import files

SCRIPT = "framework-tabs"
"""What the command is called where the package is installed."""

MEGABYTE = 10**6
GIGABYTE = 10**9
BOOK = ("jupyter-book<2",)
BUILDERS = {"preview", "pdf", "epub"}
"""The commands that need it where the book is one of its."""
LIVE = "jupyter-server", "tornado"
FONTS = "font-source-sans-pro", "font-source-serif-pro"
PDF = *FONTS, "matplotlib", "tinyhtml5", "weasyprint", "ziamath"
EXTRAS = {"live": LIVE, "pdf": PDF, "epub": (*PDF, "pypdfium2")}
"""What a command needs besides what all need; its module is called as it is."""
NO_CHAPTER = N_("There is no chapter “{name}”. There are: {known}.")
NO_FRAMEWORK = N_("There is no framework “{name}”. There are: {known}.")


class _Parser(argparse.ArgumentParser):
    """argparse with its own few words in the language of the book."""

    def __init__(self, **options):
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = _("command"), _("options")
        told = _("shows this help and exits")
        self.add_argument("-h", "--help", action="help", help=told)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", _("usage:"), 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", _("usage:"), 1)

    def error(self, message: str):
        told = _("Command not understood: {command}")
        told = told.format(command=" ".join(sys.argv[1:]))
        self.exit(2, f"{told}\n{self.format_help()}")


class CommandError(Exception):
    """The command names something that the book does not have."""


KNOWN = (
    AuthoringError,
    ChapterError,
    CommandError,
    ConfigError,
    EditionError,
    Incomplete,
    NoArray,
    NoSnakemake,
)
"""What explains itself."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    speak(likely_language(_root(arguments)))
    options = _options(arguments)
    try:
        settings = load(options.root)
        _require(options.name, settings)
        return options.run(settings, options)
    except ChapterErrors as error:
        return _fail(map(str, error.errors))
    except KNOWN as error:
        return _fail([str(error)])
    except OSError as error:
        told = _("No access to a file: {error}. Make room or correct the permission.")
        return _fail([told.format(error=error)])
    except KeyboardInterrupt:
        return _fail([_("Interrupted; the earlier files stay as they are.")])


def _options(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line; what ``cluster`` does not know is for Snakemake."""
    parser = _parser()
    options, others = parser.parse_known_args(arguments)
    if others and options.name != "cluster":
        parser.error(" ".join(others))
    options.snakemake = [each for each in others if each != "--"]
    return options


def _require(command: str, settings: Settings) -> None:
    """Raise CommandError if a command's own packages are not installed."""
    needed = EXTRAS.get(command, ())
    if command in BUILDERS and not is_plain_sphinx(settings.root):
        needed = *BOOK, *needed
    missing = [each for each in needed if not _is_installed(each)]
    if missing:
        told = _(
            "{command} needs packages that are not installed. Install them: pip "
            "install {names}"
        )
        names = " ".join(f'"{name}"' if "<" in name else name for name in missing)
        raise CommandError(told.format(command=command, names=names))


def _is_installed(requirement: str) -> bool:
    module = requirement.partition("<")[0].replace("-", "_")
    return find_spec(module) is not None


def _root(arguments: list[str] | None) -> Path:
    """Return the book's folder before the rest is read: help is in its language."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("--root", type=Path, default=Path())
    try:
        return parser.parse_known_args(arguments)[0].root
    except argparse.ArgumentError:
        return Path()


def _parser() -> argparse.ArgumentParser:
    called = Path(sys.argv[0]).name
    parser = _Parser(
        prog=called if called == SCRIPT else "python -m framework_tabs",
        description=_(
            "Makes a notebook for each framework from the chapters, executes the "
            "notebooks, checks that they are those of the chapters; makes the book as "
            "one file."
        ),
    )
    commands = parser.add_subparsers(
        required=True, metavar=_("command"), title=_("commands")
    )
    for name, run, text in (
        ("new", _new, _("writes a new chapter and adds it to _toc.yml")),
        ("import", _import, _("brings a section of D2L into the format of this book")),
        (
            "split",
            _split,
            _("makes the notebooks of the chapters; keeps valid outputs"),
        ),
        (
            "execute",
            _execute,
            _("executes notebooks whose outputs are out of date"),
        ),
        ("plan", _plan, _("tells what each notebook takes and needs")),
        (
            "cluster",
            _cluster,
            _("executes notebooks through Snakemake, for example on Slurm"),
        ),
        ("gather", _gather, _("puts notebooks executed on other machines in place")),
        ("check", _check, _("tells where notebooks differ from chapters")),
        ("live", _live, _("serves the site with cells that run on the page")),
        (
            "preview",
            _preview,
            _("shows a chapter in the browser when you save it"),
        ),
        ("pdf", _edition, _("writes the book as a PDF into _build/pdf")),
        ("epub", _edition, _("writes the book as an EPUB into _build/epub")),
    ):
        command = commands.add_parser(
            name, help=text, description=text, allow_abbrev=False
        )
        command.set_defaults(run=run, name=name)
        command.add_argument(
            "--root",
            type=Path,
            default=Path(),
            metavar=_("FOLDER"),
            help=_("folder of the file _config.yml (default: this folder)"),
        )
    _new_options(commands.choices["new"])
    commands.choices["import"].add_argument(
        "source", type=Path, metavar=_("source"), help=_("a Markdown file of D2L")
    )
    _new_name(commands.choices["import"])
    _execute_options(commands.choices["execute"])
    commands.choices["plan"].add_argument(
        "--json", action="store_true", help=_("writes it as schedulers read it")
    )
    commands.choices["cluster"].epilog = _(
        "All other options are Snakemake's, for example: --executor slurm --jobs 32"
    )
    _gather_options(commands.choices["gather"])
    _live_options(commands.choices["live"])
    _port_option(commands.choices["live"], 8888)
    _port_option(commands.choices["preview"], 8001)
    for name in ("execute", "plan", "cluster", "pdf", "epub"):
        _framework_option(commands.choices[name])
    return parser


def _framework_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--framework",
        nargs="+",
        action="extend",
        metavar=_("FRAMEWORK"),
        help=_("only these frameworks, for example pytorch"),
    )


def _new_options(command: argparse.ArgumentParser) -> None:
    _new_name(command)
    command.add_argument(
        "--title",
        default="",
        metavar=_("TITLE"),
        help=_("default: the name of the chapter"),
    )


def _new_name(command: argparse.ArgumentParser) -> None:
    told = _("a new name, for example attention")
    command.add_argument("chapter", metavar=_("chapter"), help=told)


def _execute_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "chapters",
        nargs="*",
        metavar=_("chapter"),
        help=_("name of a chapter, for example alexnet (default: all chapters)"),
    )
    command.add_argument(
        "--force",
        action="store_true",
        help=_("executes those that are up to date as well, without the cache"),
    )
    command.add_argument(
        "--shard",
        type=_shard,
        default=(1, 1),
        metavar=_("NUMBER/COUNT"),
        help=_(
            "only this share of the notebooks, on the second of four machines 2/4; "
            "auto: the one that Slurm, AWS Batch or Kubernetes tells an array's job "
            "(auto/8: of eight)"
        ),
    )
    command.add_argument(
        "--jobs",
        type=_positive,
        metavar=_("NUMBER"),
        help=_("most notebooks at once (default: 1; with GPUs 1 on each)"),
    )
    command.add_argument(
        "--cache",
        type=Path,
        metavar=_("FOLDER"),
        help=_("folder of results, which machines may share"),
    )
    command.add_argument(
        "--wait",
        action="store_true",
        help=_("waits for another command that runs one of the notebooks"),
    )


def _shard(text: str) -> tuple[int | None, int | None]:
    """Read a share such as 2/4; auto, which an array of jobs tells, has no number."""
    number, slash, count = text.partition("/")
    if number == "auto":
        return None, _positive(count) if slash else None
    if not 1 <= int(number) <= int(count):
        raise ValueError(text)
    return int(number), int(count)


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _gather_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folders",
        nargs="+",
        type=Path,
        metavar=_("folder"),
        help=_("folders “notebooks” from the machines, or folders that hold them"),
    )


def _live_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "site", type=Path, metavar=_("site"), help=_("folder of the built site")
    )


def _port_option(command: argparse.ArgumentParser, port: int) -> None:
    command.add_argument("--port", type=int, default=port, metavar=_("PORT"))


def _new(settings: Settings, options: argparse.Namespace) -> int:
    path = scaffold.create(options.chapter, options.title, settings)
    command = f"python -m framework_tabs execute {pages.name_of(path, settings)}"
    print(_added(path, settings), _("To execute it: {command}").format(command=command))
    return 0


def _import(settings: Settings, options: argparse.Namespace) -> int:
    if find_spec("d2l_import") is None:
        told = _(
            "import needs the package {name}, which is not installed. It is part of "
            "{book}: install that and repeat the command."
        )
        raise CommandError(told.format(name="d2l_import", book="alexnet-kitabi"))
    from d2l_import import command as d2l_import

    path, found = d2l_import.bring(options.source, options.chapter, settings)
    print(_added(path, settings))
    count = len(found.notes)
    many = ngettext("{count} place to look at:", "{count} places to look at:", count)
    print(many.format(count=count) if count else _("All of it was brought over."))
    for note in found.notes:
        print(f"{options.source}:{note.line}: {note.message}")
    return 0


def _added(path: Path, settings: Settings) -> str:
    """Say where a chapter was written, and whether it is in the book by that."""
    if is_plain_sphinx(settings.root):
        told = _("Written: {path}. Put it into the toctree of a page.")
    else:
        told = _("Written: {path}; added to {toc}.")
    return told.format(path=settings.relative(path), toc=scaffold.TOC)


def _written(path: Path, settings: Settings) -> str:
    return _("Written: {path}").format(path=settings.relative(path))


def _split(settings: Settings, options: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    for path in notebooks.split(chapters, settings):
        print(_written(path, settings))
    _say_orphans(chapters, settings)
    _say_drafts(settings)
    return 0


def _say_drafts(settings: Settings) -> None:
    """Name what looks like a chapter and is no page of the book."""
    for path in pages.drafts(settings):
        told = _("Not in {toc}, so without notebooks: {path}")
        print(told.format(toc=scaffold.TOC, path=settings.relative(path)))


def _say_orphans(chapters: list[Chapter], settings: Settings) -> None:
    """Name what a deleted or renamed chapter left behind."""
    for path in files.orphans(chapters, settings):
        told = _("Notebook of no chapter, may be deleted: {path}")
        print(told.format(path=settings.relative(path)))


def _execute(settings: Settings, options: argparse.Namespace) -> int:
    chosen = _chosen_chapters(options.chapters, settings)
    number, count = options.shard
    failures = execution.execute(
        chosen,
        _chosen_frameworks(options.framework, settings),
        settings,
        force=options.force,
        shard=(number, count) if number else array_jobs.own_share(count),
        jobs=options.jobs,
        cache=options.cache,
        wait=options.wait,
    )
    if not options.chapters:
        _say_orphans(chosen, settings)
    return _fail(failures) if failures else 0


def _plan(settings: Settings, options: argparse.Namespace) -> int:
    found = _planned(settings, options)
    if options.json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return 0
    for each in found["notebooks"]:
        state = _("up to date") if each["fresh"] else _("to be executed")
        needs = (f"{name}: {value}" for name, value in each["needs"].items())
        print(f"{each['path']}: {'; '.join([state, *_taken(each), *needs])}")
    return 0


def _planned(settings: Settings, options: argparse.Namespace) -> dict:
    frameworks = _chosen_frameworks(options.framework, settings)
    return plan(chapter.read_all(settings), frameworks, settings)


def _taken(planned: dict) -> Iterator[str]:
    """Yield what a notebook's last run took, if it ran."""
    if planned["seconds"] is not None:
        yield _("{number} s").format(number=_number(planned["seconds"], "#,##0"))
    if planned["memory"] is not None:
        yield f"{_number(planned['memory'] / GIGABYTE, '0.0')} GB"


def _cluster(settings: Settings, options: argparse.Namespace) -> int:
    notebooks.split(chapter.read_all(settings), settings)
    failures = cluster.run(_planned(settings, options), settings, options.snakemake)
    if failures:
        return _fail(failures)
    print(_("All notebooks are done."))
    return 0


def _gather(settings: Settings, options: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    missing = [str(each) for each in options.folders if not each.is_dir()]
    if missing:
        told = _("{folders}: no such folder; correct the name.")
        return _fail([told.format(folders=", ".join(missing))])
    for path in gather.gather(options.folders, chapters, settings):
        print(_written(path, settings))
    _say_orphans(chapters, settings)
    differing = ", ".join(settings.per_framework)
    told = (
        _("All notebooks are in place. Frameworks may differ in: {names}.")
        if differing
        else _(
            "All notebooks are in place; data, budget and versions are the same in all."
        )
    )
    print(told.format(names=differing))
    return 0


def _check(settings: Settings, options: argparse.Namespace) -> int:
    chapters = chapter.read_all(settings)
    for notice in verify.notices(chapters, settings):
        print(_("Note: {notice}").format(notice=notice))
    _say_drafts(settings)
    problems = verify.problems(chapters, settings)
    if problems:
        return _fail(problems)
    print(_("The notebooks are those of the chapters, with all outputs."))
    return 0


def _live(settings: Settings, options: argparse.Namespace) -> int:
    if not (options.site / "index.html").is_file():
        told = _("There is no site in {folder}. Build it first: jupyter-book build .")
        raise CommandError(told.format(folder=options.site))
    # The server takes a while to import, and only this needs it.
    from .serve import live

    live.serve(options.site, settings, options.port)
    return 0


def _preview(settings: Settings, options: argparse.Namespace) -> int:
    from .serve import preview

    try:
        preview.serve(settings, options.port)
    except preview.PortTaken as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        print("\n" + _("Stopped."))
    return 0


def _edition(settings: Settings, options: argparse.Namespace) -> int:
    keys = options.framework or []
    _all_known(keys, list(settings.frameworks), NO_FRAMEWORK)
    path = editions.make(settings, options.name, keys)
    size = _number(path.stat().st_size / MEGABYTE, "0.0")
    told = _("The book is ready: {path} ({size} MB)")
    print(told.format(path=settings.relative(path), size=size))
    return 0


def _number(value: float, pattern: str) -> str:
    return format_decimal(value, pattern, locale=locale())


def _chosen_chapters(names: list[str], settings: Settings) -> list[Chapter]:
    """The chapters meant by names or paths; all if there are none.

    No other is read, so that an unfinished one is not in the way.
    """
    if not names:
        return chapter.read_all(settings)
    paths = dict.fromkeys(_page(name, settings) for name in names)
    return chapter.read_each(paths, settings)


def _page(name: str, settings: Settings) -> Path:
    """The page with cells that is meant by a name or a path."""
    meant = chapter.read_each(pages.find(name, settings), settings)
    if not meant:
        _say_drafts(settings)
        known = [each.name for each in chapter.read_all(settings)]
        _all_known([name], known, NO_CHAPTER)
    if len(meant) > 1:
        places = ", ".join(each.source for each in meant)
        told = _("“{name}” may be any of {places}. Name one by its path.")
        raise CommandError(told.format(name=name, places=places))
    return meant[0].path


def _chosen_frameworks(keys: list[str] | None, settings: Settings) -> list[Framework]:
    _all_known(keys or [], list(settings.runners), NO_FRAMEWORK)
    return [settings.runners[key] for key in keys or settings.runners]


def _all_known(wanted: list[str], known: list[str], message: str) -> None:
    for name in wanted:
        if name not in known:
            told = _(message).format(name=name, known=", ".join(known))
            raise CommandError(told)


def _fail(messages: Iterable[str]) -> int:
    for message in messages:
        print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
