"""The program `ringfence`: its commands, and how every fault is told."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ringfence.cli.language import chosen_language, said
from ringfence.cli.usage_errors import in_chinese
from ringfence.cli.ways import running
from ringfence.errors import StorageError, Text, UserError

# Each module has register(app), and imports what is heavy only when its command runs.
_COMMANDS = (
    "init",
    "import_file",
    "mappings",
    "quarantine",
    "correct",
    "where",
    "trace",
    "explain",
    "passengers",
    "trajectory",
    "vehicles",
    "narrative",
    "protocols",
    "lake",
    "city",
    "divisions",
    "places",
    "vault",
    "audit",
    "backup",
    "doctor",
    "requests",
    "lists",
    "identity",
    "login",
)
_OTHERS = "ringfence.commands"
"""The group of entry points by which parts above this one, such as the server, add commands."""
_INTERNAL_FAULT = 70
_INTERRUPTED = 130
_PIPE_CLOSED = 141
_NO_MEMORY = Text(
    "the memory of this machine is used up: what was not told as done is not done. End what else "
    "runs here, or try again where there is more",
    "本机内存已用尽：未报告完成的操作均未完成。请结束其他程序，或在内存更大的机器上重试",
)


def build(words: Sequence[str] = ()) -> typer.Typer:
    """The commands; those of other parts where the words may ask for one: finding them takes longer
    than most commands take to start.
    """
    app = typer.Typer(
        name="ringfence",
        help=said(
            "Outbreak response: who was exposed to a case, by which rule and on what evidence.",
            "疫情处置：谁接触过病例、依据哪条规则、有何证据。",
        ),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in _COMMANDS:
        import_module(f"ringfence.cli.{name}").register(app)
    if not _named(app, words):
        for other in metadata.entry_points(group=_OTHERS):
            other.load()(app)
    return app


def _named(app: typer.Typer, words: Sequence[str]) -> bool:
    """Whether the words ask for one of our own commands, or for the version."""
    own = {command.name for command in app.registered_commands}
    own |= {group.name for group in app.registered_groups}
    asked = next((word for word in words if not word.startswith("-")), None)
    return asked in own if asked is not None else "--version" in words


def _show_version(asked: bool) -> None:
    if asked:
        print(f"ringfence {metadata.version('ringfence')}")  # noqa: T201
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_show_version,
            help=said("Show the version.", "显示版本号。"),
        ),
    ] = False,
) -> None:
    """Keeps commands by name even while there is only one."""


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit code. A user's mistake never gives a traceback."""
    given = list(sys.argv[1:] if words is None else words)
    try:
        code = _answer(given, chosen_language(given, os.environ))
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the libraries below exit where nobody reads
        _silence()
        return _PIPE_CLOSED
    return code


def _answer(given: list[str], language: str) -> int:
    try:
        return _run(given)
    except UserError as error:
        return _tell(error.text.to(language), error.exit_code)
    except TyperException as error:
        return _tell_usage(error, language)
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, typer.Abort):
        return _tell(Text("stopped", "已中止").to(language), _INTERRUPTED)
    except MemoryError:
        return _tell(_NO_MEMORY.to(language), StorageError.exit_code)
    except Exception as fault:
        return _apologise(fault, language)


def _run(words: list[str]) -> int:
    app = build(words)
    with running(_command(app, words)):
        result = app(args=words, prog_name="ringfence", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _command(app: typer.Typer, words: Sequence[str]) -> str:
    """The name of the command that the words ask for: `import`, `lake status`."""
    asked = [word for word in words if not word.startswith("-")]
    first = asked[0] if asked else ""
    group = next((one for one in app.registered_groups if one.name == first), None)
    if group is None or group.typer_instance is None:
        return first
    own = {command.name for command in group.typer_instance.registered_commands}
    within = next((word for word in asked[1:] if word in own), None)
    return first if within is None else f"{first} {within}"


def _tell(message: str, code: int) -> int:
    print(f"ringfence: {message}", file=sys.stderr)  # noqa: T201
    return code


def _tell_usage(error: TyperException, language: str) -> int:
    """A Chinese reader is told the commonest in Chinese, and pointed to the help."""
    shown = getattr(error, "format_message", error.__str__)()
    if type(error).__name__ == "NoArgsIsHelpError":
        print(shown)  # noqa: T201
        return 2
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ringfence"
    if language == "zh" and (told := in_chinese(error)) is not None:
        return _tell(f"{told}（请见 {command} --help）", int(getattr(error, "exit_code", 2)))
    hint = Text(f" (see {command} --help)", f"（用法有误；请见 {command} --help）").to(language)
    return _tell(f"{shown}{hint}", int(getattr(error, "exit_code", 2)))


def _apologise(fault: Exception, language: str) -> int:
    """Only the type is told: the fault's own words may hold a person's data."""
    kind = type(fault).__name__
    if os.environ.get("RINGFENCE_DEBUG") == "1":
        traceback.print_exc()
    apology = Text(
        f"sorry, this is a fault of the program ({kind}), nothing you did wrong; please report it "
        "as DEVELOPERS.md says (RINGFENCE_DEBUG=1 shows where, perhaps with persons' data)",
        f"抱歉，这是程序本身的故障（{kind}），并非您的操作有误；请按 DEVELOPERS.md 的说明报告"
        "（RINGFENCE_DEBUG=1 可显示出错位置，其中可能含有个人数据）",
    )
    return _tell(apology.to(language), _INTERNAL_FAULT)


def _silence() -> None:
    """What is left in the buffer has no reader; without this Python would complain at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
