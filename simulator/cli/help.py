"""The help of the command in the language spoken now: Chinese stands in ``help.yaml`` by its English."""

import io
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from simulator.core.messages import LANGUAGES, language, use

FILE = Path(__file__).with_name("help.yaml")
PANELS = {"OPTIONS": "选项", "COMMANDS": "命令", "ARGUMENTS": "参数"}


@cache
def chinese() -> dict[str, str]:
    """Chinese by English."""
    import yaml

    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def texts(command: Any) -> Iterator[str]:
    """Every English text of a command and of those below it."""
    for each in (command, *command.params):
        if text := getattr(each, "help", None):
            yield text
    for below in getattr(command, "commands", {}).values():
        yield from texts(below)


def translated(command: Any) -> Any:
    """The command with its help in Chinese, where that is spoken."""
    if language() == "zh":
        from typer import rich_utils

        for name, title in PANELS.items():
            setattr(rich_utils, f"{name}_PANEL_TITLE", title)
        for each in (command, *command.params):
            if text := getattr(each, "help", None):
                each.help = chinese().get(text, text)
        if option := command.get_help_option(command.context_class(command)):
            option.help = chinese().get(option.help or "", option.help)
        for below in getattr(command, "commands", {}).values():
            translated(below)
    return command


def without_language(words: Sequence[str]) -> list[str]:
    """Words of a command line; ``--lang`` beside ``--help`` says in which language the help is, wherever it stands."""
    kept, found = [], None
    rest = iter(words)
    for word in rest:
        if word == "--lang":
            found = next(rest, None)
        elif word.startswith("--lang="):
            found = word.partition("=")[2]
        else:
            kept.append(word)
    if "--help" not in words or found not in LANGUAGES:
        return list(words)
    use(found)
    return kept


def run(app: Any, name: str) -> None:
    """Run the command with what was typed. A terminal that lacks letters shows their numbers instead."""
    import typer

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    words = without_language(sys.argv[1:])
    translated(typer.main.get_command(app))(args=words, prog_name=name)
