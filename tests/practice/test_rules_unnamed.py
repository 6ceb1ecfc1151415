"""Who behaves and who counts knows no way of paying by name: texts and comments included."""

import re
from pathlib import Path

import pytest

from simulator.core.behaviour import FOLDER
from simulator.payment.rule import found

PACKAGE = Path(__file__).resolve().parents[2] / "simulator"
TARIFFS = sorted(found("simulator.payment.rules"))
SETTLEMENTS = sorted(found("simulator.payment.settlements"))
PLAIN_WORDS = {"salary"}
"""Names of settlements that are also words of the ledger and of the doctors' income."""


def mentions(folder: Path, names: list[str]) -> list[str]:
    """Lines below ``folder`` that name a rule, as it is written in a scenario or in words."""
    pattern = re.compile(
        r"(?<![a-z])(" + "|".join(n.replace("_", "[_ -]") for n in names) + r")(?![a-z])", re.IGNORECASE
    )
    return [
        f"{file.relative_to(folder.parent)}:{number}: {line.strip()}"
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")])
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("room", ["practice", "choice", "illness", "referral"])
def test_no_behaviour_names_a_rule(room: str):
    assert (PACKAGE / room).is_dir()
    assert mentions(PACKAGE / room, TARIFFS + SETTLEMENTS) == []


@pytest.mark.parametrize("room", ["engine", "agents", "population", "behaviour"])
def test_nothing_that_counts_names_a_rule(room: str):
    assert mentions(PACKAGE / room, TARIFFS + [name for name in SETTLEMENTS if name not in PLAIN_WORDS]) == []


def test_names_would_be_seen(tmp_path: Path):
    """There are rules to look for, and the search finds them however they are written."""
    assert {"drg", "fee_for_service"} <= set(TARIFFS)
    assert FOLDER == PACKAGE / "behaviour"
    (tmp_path / "conduct.py").write_text(
        "# under DRG\nif rule == 'fee_for_service':\n    dregs = 1  # fee for service\n"
    )
    assert len(mentions(tmp_path, TARIFFS)) == 3
