"""Twice the money everywhere, and a yuan worth half: nobody chooses otherwise."""

import re
from pathlib import Path

import numpy as np

from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.simulation import Simulation

AMOUNT = re.compile(r"(?<=[ {])(\d+(?:\.\d+)?)(?= (?:yuan|万元))")


def doubled(folder: Path) -> Path:
    """The base with each of its amounts twice, the bills of its case groups too, and a yuan worth half."""
    base = scenarios_folder()
    text = AMOUNT.sub(lambda amount: f"{2 * float(amount[1]):g}", (base / "base.yaml").read_text(encoding="utf-8"))
    text = text.replace("behaviour: prototype", "behaviour: {set: prototype, yuan: 2}")
    lines = (base / "evidence/case_groups.csv").read_text(encoding="utf-8").splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("group,"))
    bill = lines[head].split(",").index("outpatient_bill_centre_yuan")
    for number in range(head + 1, len(lines)):
        cells = lines[number].split(",")
        cells[bill] = f"{2 * float(cells[bill]):g}" if cells[bill] else ""
        lines[number] = ",".join(cells)
    (folder / "evidence").mkdir()
    (folder / "evidence/case_groups.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    place = folder / "base.yaml"
    place.write_text(text, encoding="utf-8")
    return place


def mean(run: Simulation, indicator: str) -> float:
    """An indicator of all, its mean over months."""
    return run.frames()["monthly"].query("indicator == @indicator and tier == '' and plan == ''")["value"].mean()


def test_twice_the_money_changes_no_choice(tmp_path: Path):
    """Whole fen are rounded on another step, so that one choice in thousands may tip."""
    changes = ("population.families=400", "time.warm_up=1 months", "time.start=2023-01", "time.end=2023-06")
    places = (scenarios_folder() / "base.yaml", doubled(tmp_path))
    once, twice = (Simulation(load(str(place), changes=changes)).run() for place in places)
    incomes = [each.world.families["income"][:-1] for each in (once, twice)]
    assert np.abs(incomes[1] - 2 * incomes[0]).max() <= 10
    for table, column in (("persons", "hypertension"), ("persons", "age"), ("families", "trust")):
        before, after = (getattr(each.world, table)[column] for each in (once, twice))
        assert np.mean(np.isclose(before, after)) > 0.99, column
    assert np.isclose(mean(twice, "charge_per_visit"), 2 * mean(once, "charge_per_visit"), rtol=0.02)
    assert np.isclose(mean(twice, "visits_per_person"), mean(once, "visits_per_person"), rtol=0.01)
