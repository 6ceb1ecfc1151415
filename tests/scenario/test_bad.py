"""One file per mistake: each is refused with exactly the sentence that its first line expects."""

from pathlib import Path

import pytest

from simulator.scenario import load
from tests.mistakes import refused_at_the_same_place_in_chinese, refused_with_its_sentence

BAD = Path(__file__).parents[1] / "bad"
FILES = sorted(BAD.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused_with_its_sentence(file: Path) -> None:
    refused_with_its_sentence(load, file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused_at_the_same_place_in_chinese(file: Path) -> None:
    refused_at_the_same_place_in_chinese(load, file)
