"""The page of the ensemble says what its tables say."""

import csv
import shutil

from simulator.calibrate.files import PARAMETERS, TARGETS
from simulator.calibrate.page import DOCS, SHIPPED, page
from simulator.calibrate.read import read_calibration

STUDY = DOCS.parents[1] / "experiments" / "calibration"


def rows(name, folder=SHIPPED):
    with (folder / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_page_is_that_of_the_shipped_tables():
    assert DOCS.read_text(encoding="utf-8") == page(SHIPPED)


def test_the_tables_are_those_of_the_study():
    """No prior and no target has moved since."""
    spec = read_calibration(STUDY).specification
    assert [(row["name"], float(row["low"]), float(row["high"]), row["shape"]) for row in rows(PARAMETERS)] == [
        (name, *free.ends, free.shape) for name, free in spec.parameters.items()
    ]
    assert [(row["name"], float(row["level"]), float(row["tolerance"])) for row in rows(TARGETS)] == [
        (name, aim.level, aim.tolerance) for name, aim in spec.targets.items()
    ]


def test_misses_are_told(tmp_path):
    """A target that is put far off is bold, counted and listed; a parameter that nothing speaks of is named."""
    shutil.copytree(SHIPPED, tmp_path / "e")
    for name, change in ((TARGETS, {"checked": "99", "inside": "False"}), (PARAMETERS, {"shrinkage": "0.01"})):
        table = rows(name)
        table[0] |= change
        with (tmp_path / "e" / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    told, before = page(tmp_path / "e"), page(SHIPPED)
    first = rows(TARGETS)[0]
    assert "**99**" in told
    assert f"- `{first['name']}`: +" in told
    assert f"`{rows(PARAMETERS)[0]['name']}`" in told.partition("**Not identified**")[2].partition("##")[0]
    inside = sum(row["inside"] == "True" for row in rows(TARGETS))
    assert f"**{inside} of" in before
    assert f"**{inside - (first['inside'] == 'True')} of" in told
