"""Texts that no author would write; see experiments/faults/question.md."""

import importlib.util
import os

import pytest

from experiments.faults import fuzz


@pytest.mark.long
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None and not os.environ.get("CI"), reason="atheris is not to be had here"
)
def test_no_text_brings_the_reader_down() -> None:
    code, said, text = fuzz.fuzz(seconds=60)
    assert text is None, f"{text!r}\n{said}"
    assert code == 0, said


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"{", b"- - -", b"format: 1", b"a: &a [*a]", b"? :\n", b"\x00"])
def test_a_text_is_read_or_refused(text: bytes) -> None:
    fuzz.read(text)


def test_what_is_badly_met_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: object) -> None:
        raise KeyError("no place")

    monkeypatch.setattr("simulator.load", broken)
    with pytest.raises(KeyError):
        fuzz.read(b"format: 1")
