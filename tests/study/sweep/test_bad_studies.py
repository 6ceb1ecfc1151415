"""One study file per mistake: each is refused with exactly the sentences that its first lines expect."""

from pathlib import Path

import pytest

from simulator.study.sweep.read import read_study
from tests.mistakes import refused_at_the_same_place_in_chinese, refused_with_its_sentence

BAD = Path(__file__).parents[2] / "bad_studies"
FILES = sorted(BAD.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused_with_its_sentence(file: Path, english: None) -> None:
    refused_with_its_sentence(read_study, file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused_at_the_same_place_in_chinese(file: Path, english: None) -> None:
    refused_at_the_same_place_in_chinese(read_study, file)


def test_there_are_files() -> None:
    assert len(FILES) >= 20
