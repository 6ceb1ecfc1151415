"""One study file per mistake: each is refused with exactly the sentences that its first lines expect."""

from pathlib import Path

from simulator.study.sweep.read import read_study
from tests.mistakes import refusals

BAD = Path(__file__).parents[2] / "bad_studies"
FILES = sorted(BAD.glob("*.yaml"))


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(read_study, FILES)


def test_there_are_files() -> None:
    assert len(FILES) >= 20
