"""What two small places come to, kept in files: a change of results shows in the diff of whoever makes it.

``TIERCARE_GOLDEN=update make test TESTS=tests/golden`` writes the file anew; say in CHANGELOG.md why results changed.
"""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulator.count.events import EVENTS
from simulator.count.indicators.catalogue import INDICATORS
from simulator.count.indicators.parts import PARTS
from tests.golden.places import PLACES
from tests.small import Spec, model

FOLDER = Path(__file__).parent
RATIOS = (
    ("primary_share_of_visits", ""), ("first_contact_rate_primary", ""), ("visits_per_person", ""),
    ("visits_per_person", "tertiary"), ("admissions_per_person", ""), ("admissions_per_person", "centre"),
    ("forgone_care", ""), ("up_referral_rate", ""), ("down_referral_rate", ""), ("charge_per_visit", "primary"),
    ("charge_per_visit", "hospital"), ("charge_per_admission", "hospital"), ("length_of_stay", "hospital"),
    ("out_of_pocket_share", ""), ("effective_reimbursement", ""), ("upcoded_share", "hospital"),
    ("readmission_15d", ""), ("wait_outpatient", "tertiary"), ("bed_use", "hospital"), ("trust_primary", ""),
    ("managed_share", ""), ("admissions_chronic", ""), ("provider_margin", "hospital"), ("provider_margin", "primary"),
    ("doctor_income", "secondary"),
)  # fmt: skip
"""Indicators over the reported months, ratios of sums, by name and tier."""


def results(spec: Spec) -> dict[str, dict[str, Any]]:
    """Counts of events and of fen of the sample, whole numbers; and ratios."""
    system = model(spec).run()
    events: dict[str, int] = {}
    for month in system.observer.months:
        for name in EVENTS.names:
            events[name] = events.get(name, 0) + round(month["facilities"][name].sum() / system.weight)
    kinds = system.world.ledger.kinds
    fen = dict.fromkeys(kinds, 0)
    for month in system.observer.months:
        for posting in month["postings"]:
            fen[kinds[posting["kind"]]] += int(posting["fen"])
    table = system.frames()["monthly"]
    assert {*table["part"]} <= {"", *PARTS}
    ratios = {}
    for name, tier in RATIOS:
        mine = table[(table.indicator == name) & (table.tier == tier) & (table.plan == "") & (table.part == "")]
        below = float(mine.denominator.sum())
        ratios[f"{name} {tier}".strip()] = float(mine.numerator.sum()) / below if below else 0.0
    conduct = {
        f"{column} of {facility.name}": float(facility.row[column])
        for facility in system.facilities
        for column in ("stay", "send", "accept", "manage")
        if facility.bed_days > 0
    }
    return {
        "events": dict(sorted(events.items())),
        "fen": dict(sorted(fen.items())),
        "ratios": ratios | conduct,
        "numerators": series(table, "numerator"),
        "denominators": series(table, "denominator"),
        "declared": {
            name: f"{each.unit}, better {each.better}, few {each.events}" for name, each in INDICATORS.items()
        },
    }


def series(table: pd.DataFrame, column: str) -> dict[str, float]:
    """Sums over the reported months of one side of every indicator, by tier and part; of all plans together."""
    every = table[(table.plan == "") & (table.alliance == "")]
    sums = every.groupby(["indicator", "tier", "part"], sort=True)[column].sum()
    return {" ".join(filter(None, map(str, key))): float(value) for key, value in sums.items()}


def changes(kept: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> list[str]:
    """What differs, a line each; counts and fen to the unit, all other numbers to a billionth of themselves."""
    lines = []
    for section in sorted(kept.keys() | now.keys()):
        before, after = kept.get(section, {}), now.get(section, {})
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old is None and new == 0:
                continue  # something that is counted from now on and never happened here
            if old is None or new is None:
                lines.append(f"{section} {name}: {'new' if old is None else 'gone'}")
            elif new != (pytest.approx(old, rel=1e-9, abs=1e-12) if isinstance(old, float) else old):
                share = f" ({new / old - 1:+.2%})" if old and not isinstance(old, str) else ""
                lines.append(f"{section} {name}: {old} -> {new}{share}")
    return lines


@pytest.mark.parametrize("place", PLACES)
def test_nothing_moves_by_accident(place: str):
    file, now = FOLDER / f"{place}.json", results(PLACES[place])
    if os.environ.get("TIERCARE_GOLDEN") == "update":
        file.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(file.read_text(encoding="utf-8"))
    found = changes(kept, now)
    advice = "If that is meant: TIERCARE_GOLDEN=update make test TESTS=tests/golden, and a line in CHANGELOG.md."
    assert not found, "\n".join(["results changed:", *found, advice])


def test_the_county_is_alive():
    """A golden file of zeros would be kept for ever."""
    kept = json.loads((FOLDER / "county.json").read_text(encoding="utf-8"))
    for name in ("first_contacts", "admissions", "sent_up", "fit", "bed_days", "contacts"):
        assert kept["events"][name] > 0
    assert len(kept["ratios"]) >= 25
    assert all(value == value for value in kept["ratios"].values())
    assert sum(value != 0 for value in kept["numerators"].values()) > 250


def test_changes_are_listed():
    kept = {"events": {"visits": 100, "gone": 1}, "fen": {"claims": 5}, "ratios": {"share": 0.5, "same": 1.0}}
    now = {"events": {"visits": 101, "more": 1}, "fen": {"claims": 5}, "ratios": {"share": 0.6, "same": 1.0 + 1e-12}}
    assert changes(kept, kept) == []
    assert changes(kept, now) == [
        "events gone: gone",
        "events more: new",
        "events visits: 100 -> 101 (+1.00%)",
        "ratios share: 0.5 -> 0.6 (+20.00%)",
    ]
