"""One file per mistake: each is refused with exactly the sentence that its first line expects."""

from pathlib import Path

from simulator.scenario import load
from tests.mistakes import refusals

BAD = Path(__file__).parents[1] / "bad"
FILES = sorted(BAD.glob("*.yaml"))


test_refused_with_its_sentence, test_refused_at_the_same_place_in_chinese = refusals(load, FILES)
