"""The examples of the page on extending run as they stand there."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

import simulator.payment.rules as package
from simulator import HealthSystem, load
from simulator.core.names import CARE, CENTRE, TIERS
from simulator.payment import price
from simulator.payment.books import CELLS, COUNTED, DAYS
from simulator.payment.rule import Books, Market, TariffRule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extending.md"


def example(file: str) -> str:
    """The code block that follows the comment naming ``file``."""
    found = re.search(rf"<!-- {re.escape(file)} -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/extending.md has no example {file}"
    return found[1]


@pytest.fixture
def per_diem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[TariffRule]]:
    """The rule of the page, in a folder that counts as part of ``payment/rules/``."""
    (tmp_path / "per_diem.py").write_text(example("simulator/payment/rules/per_diem.py"), encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield importlib.import_module(f"{package.__name__}.per_diem").Rule
    del sys.modules[f"{package.__name__}.per_diem"]
    delattr(package, "per_diem")


def test_the_payment_rule_meets_its_case_file(per_diem: type[TariffRule]) -> None:
    (case,) = yaml.safe_load(example("tests/payment/rules/per_diem.yaml"))
    cells = CELLS.rows(len(case["cells"]))
    tier = np.array([TIERS.index(f["tier"]) for f in case["facilities"]])
    for cell, row in zip(cells, case["cells"], strict=True):
        cell["facility"], cell["care"], cell["tier"] = row["facility"], CARE.index(row["care"]), tier[row["facility"]]
    one = np.ones(len(cells))
    market = Market(cells, one, one, one, tier, np.zeros(len(tier)), plans=1, month=0, calendar=1)
    counts = np.array([[row.get(name, 0) for name in COUNTED] for row in case["cells"]], np.int64)
    rule = per_diem.model_validate(case["rule"])
    allowed = price.allowed(rule.tariff(market), counts)
    fund = price.fund_part(allowed, counts)
    gives = {
        "allowed": allowed,
        "fund": fund,
        "income": price.provider_income(fund, counts),
        "difference": price.difference(fund, counts),
    }
    for number, row in enumerate(case["cells"]):
        assert {key: int(gives[key][number]) for key in row["gives"]} == row["gives"]
    day = rule.believed(market, Books(), np.ones(len(cells), bool))["doer", "day"]
    assert day.tolist() == [90_000.0]


def test_the_payment_rule_runs(per_diem: type[TariffRule], tmp_path: Path) -> None:
    file = tmp_path / "my_place.yaml"
    file.write_text(example("my_place.yaml"), encoding="utf-8")
    changes = ["time.warm_up=1 months"]
    place = load(file, changes=changes, families=300, months=2)
    assert isinstance(place.baseline.payment["inpatients"].rule, per_diem)
    model = HealthSystem(place).run()
    world = model.world
    inpatient = world.cells["care"] == CARE.index("inpatient")
    days = world.tally.counts[inpatient, DAYS]
    assert days.sum() > 0
    assert world.tally.settled.granted[inpatient].tolist() == (days * 105_000).tolist()
    usual = HealthSystem(load("base", changes=changes, families=300, months=2)).run().world
    hospitals = world.facilities["tier"] > CENTRE
    assert (world.beliefs["day"][hospitals] > 0).all()
    assert (usual.beliefs["day"][hospitals] == 0).all()
    assert world.facilities["stay"][hospitals].mean() > usual.facilities["stay"][hospitals].mean()


def test_the_own_families_run() -> None:
    space: dict = {}
    exec(compile(example("families.py"), "families.py", "exec"), space)
    share = {}
    for name in ("usual", "loyal"):
        monthly = space[name].frames()["monthly"].query("indicator == 'visit_share' and tier == 'centre'")
        share[name] = monthly["numerator"].sum() / monthly["denominator"].sum()
    assert share["loyal"] > 1.5 * share["usual"]
