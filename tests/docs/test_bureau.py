"""The edits of the page for bureaus and its package: short, valid, and with the effect that the page says."""

import re
from pathlib import Path

import numpy as np
import pytest

from simulator import HealthSystem
from simulator.benefit.cover import cover_row
from simulator.benefit.status import REFERRED, SIGNED, STATUSES
from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, SECONDARY, TERTIARY
from simulator.payment.books import CASES
from simulator.scenario import load
from simulator.scenario.schema.scenario import Scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bureau.md"
PROGRAMME = PAGE.parents[1] / "scenarios" / "programmes" / "zhejiang_county_community.yaml"
EDITS = dict(re.findall(r"<!-- (\w+\.yaml) -->\n```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
HEAD = ("format:", "extends:", "title:", "description:")
SMALL = ["time.warm_up=2 months", "network.villages=2"]


def edit(name: str, folder: Path, months: int | None = None) -> Scenario:
    """An edit of the page, saved in a folder of the user's own; with ``months`` as a small place."""
    file = folder / name
    file.write_text(EDITS[name], encoding="utf-8")
    return load(file, SMALL, families=150, months=months) if months else load(file)


def test_there_are_three_of_at_most_ten_lines_and_a_package() -> None:
    assert list(EDITS) == ["deductible.yaml", "overspend.yaml", "townships.yaml", "doctors.yaml", "package.yaml"]
    for name, text in list(EDITS.items())[:3]:
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(HEAD)]
        assert len(lines) <= 10, name
        assert len(text.splitlines()) - len(lines) == 5, name


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_keeps_the_arms_of_the_programme(name: str, tmp_path: Path) -> None:
    programme = load(PROGRAMME)
    mine = edit(name, tmp_path)
    for arm in programme.arms:
        assert [(s.month, s.rules) for s in mine.states(arm)] == [(s.month, s.rules) for s in programme.states(arm)]
    assert set(mine.arms) > set(programme.arms)


def test_the_deductible_is_raised_for_residents_at_the_county_hospital_alone(tmp_path: Path) -> None:
    whole = edit("deductible.yaml", tmp_path)
    before, after = whole.states("dearer_county_hospital")
    assert (before.month, after.month) == ("2017-01", "2018-01")
    assert before.rules == whole.baseline
    model = HealthSystem(edit("deductible.yaml", tmp_path, months=13), "dearer_county_hospital")
    model.run_for(2 + 12)
    old = model.world.cover.rows.copy()
    model.step()
    assert model.world.label() == "2018-02"
    new = model.world.cover.rows
    resident = model.world.words.plans.index("resident")
    row = int(cover_row(resident, INPATIENT, SECONDARY))
    assert (old[row]["deductible"], new[row]["deductible"]) == (50_000, 80_000)
    assert int(cover_row(resident, INPATIENT, TERTIARY)) != row
    assert np.flatnonzero(old != new).tolist() == list(range(row, row + STATUSES))


def test_half_of_an_overspend_is_shared_from_2020(tmp_path: Path) -> None:
    arm = "shared_from_2020"
    assert [s.month for s in edit("overspend.yaml", tmp_path).states(arm)] == ["2017-01", "2018-01", "2020-01"]
    model = HealthSystem(edit("overspend.yaml", tmp_path, months=37), arm)
    borne = {}
    while model.running and model.steps_done < model.burn_in + model.horizon:
        label = model.world.label()
        model.step()
        borne[label] = [pool.rule.overspend_borne for pool in model.world.pools]
    assert borne["2017-12"] == []
    assert borne["2018-01"] == borne["2019-12"] == [1.0]
    assert borne["2020-01"] == [0.5]
    (pool,) = model.world.pools
    assert (pool.rule.kept(-1000, 10_000, 1.0), pool.rule.kept(1000, 10_000, 1.0)) == (-500, 1000)


def test_half_of_the_townships_start_a_year_earlier(tmp_path: Path) -> None:
    whole = edit("townships.yaml", tmp_path)
    assert [s.month for s in whole.states("eight_townships")] == ["2017-01"]
    assert [s.month for s in whole.states("eight_then_all")] == ["2017-01", "2018-01"]
    place = edit("townships.yaml", tmp_path, months=13)
    start = HealthSystem(place, "baseline")
    start.run_for(start.burn_in)
    eight, all_ = start.branch("eight_townships"), start.branch("eight_then_all")
    for model in (eight, all_):
        model.run_for(12)
    assert eight.digest() == all_.digest()
    names = np.array(all_.world.words.facilities)
    centres = [f"centre_{number}" for number in range(1, 9)]
    home = names[all_.world.families[:-1]["place"][:, 1]]

    def held(model: HealthSystem) -> np.ndarray:
        return model.world.families[:-1]["holder"] == 1

    assert held(all_).tolist() == np.isin(home, centres).tolist()
    assert 0 < held(all_).mean() < 1
    members = names[all_.world.facilities["alliance"] == 0]
    assert {"county_1", *centres} <= set(members)
    assert "centre_9" not in members
    spent = np.sum(all_.world.home_payments, axis=0)[:, :, 0]
    inside = all_.world.pools[0].members
    before = all_.world.pools[0].budget
    for model in (eight, all_):
        model.step()
    assert held(eight).tolist() == np.isin(home, centres).tolist()
    assert held(all_).all()
    assert {f"centre_{number}" for number in range(1, 17)} <= set(names[all_.world.facilities["alliance"] == 0])
    assert eight.world.pools[0].budget.tolist() == before.tolist()
    grown = spent.sum(axis=0) / spent[inside].sum(axis=0)
    assert (grown > 1).all()
    assert all_.world.pools[0].budget.tolist() == np.rint(before * grown).tolist()


def test_the_package_pays_heads_contracts_and_patients_who_move(tmp_path: Path) -> None:
    model = HealthSystem(edit("package.yaml", tmp_path, months=12 + 3), "package").run()
    world, ledger = model.world, model.world.ledger
    cells, plan = world.cells, world.words.plans.index("resident")
    clinics = (cells["care"] == OUTPATIENT) & (cells["tier"] <= CENTRE) & (cells["plan"] == plan)
    assert sum(world.books.counts[-3:])[clinics, CASES].sum() > 0
    assert sum(world.books.fund[-3:])[clinics].sum() == 0
    heads = int((world.persons["plan"] == plan).sum())
    assert world.books.settled["primary_clinics"].sum() == pytest.approx(heads * 10_500 * 3 / 12, rel=0.01)
    paid = {kind: int(ledger.total(world.tally.ledger, kind)[0].sum()) for kind in ledger.kinds}
    fees = ("contract_fee", "contract_fee_public", "contract_fee_own", "contract_pay")
    assert all(paid[kind] > 0 for kind in fees)
    assert paid["contract_fee_public"] * 5 == pytest.approx(paid["contract_fee"] * 3, rel=0.01)
    assert [paid["followed_in"]] == [paid["followed_out"]]
    row = int(cover_row(plan, INPATIENT, SECONDARY))
    both = world.cover.rows[row + (SIGNED | REFERRED)]
    assert both["fund_pays"] == pytest.approx(world.cover.rows[row]["fund_pays"] + 0.05)
    assert (both["once"], world.cover.rows[row]["once"]) == (1, 0)
    assert world.cover.products["poor"].tolist() == [1]
    assert ledger.balance.sum() == 0


def test_withholding_is_all_that_the_two_packages_differ_by(tmp_path: Path) -> None:
    place = edit("package.yaml", tmp_path)
    package, other = (place.states(arm)[-1].rules for arm in ("package", "nothing_withheld"))
    assert (package.settlements["contracts"].rule.withheld, other.settlements["contracts"].rule.withheld) == (0.6, 0.0)
    settlements = {name: block for name, block in package.settlements.items() if name != "contracts"}
    assert settlements == {name: block for name, block in other.settlements.items() if name != "contracts"}
    for section in ("plans", "benefit", "adjustments", "payment", "alliances", "services"):
        assert getattr(package, section) == getattr(other, section)
