"""Files with one mistake each: the lines `# expect: …` of a file are the sentences that it is refused with."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from simulator.core import messages
from simulator.core.errors import UserError


def expected(file: Path) -> list[str]:
    """The sentences that a file expects."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


def place(sentence: str) -> str:
    """File, line and column that a sentence begins with."""
    return ":".join(sentence.split(":")[:3])


def refusal(read: Callable[[str], Any], file: Path) -> UserError:
    """What ``read``, called with the name of a file in the folder where it lies, refuses it with."""
    with contextlib.chdir(file.parent), pytest.raises(UserError) as refused:
        read(file.name)
    return refused.value


def refusals(read: Callable[[str], Any], files: Iterable[Path]) -> tuple[Callable[..., None], Callable[..., None]]:
    """Two tests of what ``read`` says of each of the files, to be given their names in the module that calls."""
    each = pytest.mark.parametrize("file", list(files), ids=lambda file: file.stem)

    def refused_with_its_sentence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Exactly the sentences that it expects."""
        monkeypatch.setattr(messages, "_current", ["en"])
        assert str(refusal(read, file)).splitlines() == expected(file)

    def refused_at_the_same_place_in_chinese(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """At the places that it expects, each with a sentence that is Chinese."""
        monkeypatch.setattr(messages, "_current", ["zh"])
        told = refusal(read, file).all
        assert [place(str(error)) for error in told] == [place(sentence) for sentence in expected(file)]
        assert all(any("\u4e00" <= c <= "\u9fff" for c in error.message) for error in told)

    return each(refused_with_its_sentence), each(refused_at_the_same_place_in_chinese)
