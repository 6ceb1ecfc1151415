"""What families pay and what they make of it: status, stays, care away, accounts and points, in whole worlds."""

from typing import Any

import numpy as np
import pytest

from simulator.benefit.layers import CHARITY, INDEMNITY, MEMBER, MUTUAL, PAYERS, POLICY, Offer, Product
from simulator.benefit.status import AWAY, CHRONIC, POOR, REFERRED, RETIRED, SIGNED, UNFILED, status_of
from simulator.core.errors import ModelError
from simulator.core.maths import whole
from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, SECONDARY, TERTIARY, TREATED
from simulator.engine.passes.price import OUT_OF_REACH, expected_price, outpatient_charge
from simulator.engine.passes.receive import pay
from simulator.engine.phases.care import care
from simulator.engine.phases.reforms import reforms
from simulator.engine.phases.terms_of_trade import terms_of_trade
from simulator.engine.runners.fast import Fast
from simulator.engine.state.bills import room_for_bills
from simulator.engine.state.episodes import EPISODES, RETURNING
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World
from simulator.fund.extras import credit_accounts
from simulator.model import HealthSystem
from simulator.payment.books import COVERED, SELF
from simulator.population.families import relative_income
from simulator.population.working_life import all_retired
from simulator.scenario.compile import build as building
from simulator.scenario.compile.benefits import put_benefit_in_force
from tests.benefit.worlds import EVERYTHING
from tests.small import AMPLE, COUNTY, SHORT, Spec, model, scenario, world

RESIDENTS = "baseline.benefit.resident"
AWAY_TERMS = "cross_region={{areas: [outside], settled: {settled}}}"


def place(*changes: str, families: int = 30) -> World:
    """A county where every bill is its mean, every case weighs one, and nothing lies outside the catalogue."""
    found = world(Spec((SHORT, COUNTY, f"{RESIDENTS}.catastrophic=remove", *changes), families))
    found.behaviour["bill_spread"], found.behaviour["follow_up"] = 1e-7, 0.0
    found.facilities["outside"] = 0.0
    found.groups["weight"] = 1.0
    return found


def somebody(w: World, plan: int = 0) -> tuple[int, int]:
    """Rows of a family with a person of a plan, and of that person."""
    person = int(np.flatnonzero(w.persons["plan"] == plan)[0])
    return int(w.persons["family"][person]), person


def billed(w: World, person: int, *episodes: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The books, and what others paid by payer, after episodes of one person."""
    family = int(w.persons["family"][person])
    rows = EPISODES.rows(len(episodes))
    for number, (row, said) in enumerate(zip(rows, episodes, strict=True)):
        row["family"], row["person"], row["number"], row["day"] = family, person, number, number
        row["severity"] = w.groups["severity"][said.get("group", 0)]
        for column, value in said.items():
            row[column] = value
    sums = Sums(w)
    room = room_for_bills(w.families)
    pay(w.families, w.persons, in_force(w), rows, family, family + 1, room, sums.arrays)
    return sums.counts, sums.extras.sum(axis=(0, 1, 2))


def deductibles(w: World, books: np.ndarray) -> dict[int, int]:
    """Deductibles paid by tier, where the fund pays all above: the patient's part is nothing else."""
    inpatient = w.cells["care"] != OUTPATIENT
    return {t: int(books[inpatient & (w.cells["tier"] == t), SELF].sum()) for t in (CENTRE, SECONDARY)}


FULL = tuple(
    f"{RESIDENTS}.inpatient.{tier}={{deductible: {fen} yuan, fund_pays: 100%{repeat}}}"
    for tier, fen, repeat in (("centre", 200, ""), ("secondary", 1000, ", repeat: {second: 50%, later: 0%}"))
)
ONCE = "baseline.adjustments={one: {for: {care: inpatient}, deductible: once_per_episode}}"


def stay(w: World, person: int, **columns: Any) -> dict[str, Any]:
    family = w.families[int(w.persons["family"][person])]
    hospital = int(family["place"][SECONDARY])
    return {"seen": -1, "needs_bed": 1, "takes_bed": 1, "admitted": hospital, "days": 8} | columns


def test_the_deductible_falls_with_admissions_of_a_year():
    w = place(*FULL)
    _, person = somebody(w)
    found = [deductibles(w, billed(w, person, stay(w, person))[0])[SECONDARY] for _ in range(4)]
    assert found == [100_000, 50_000, 0, 0]
    assert w.persons["admissions_year"][person] == 4


@pytest.mark.parametrize(("changes", "centre", "back"), [((), 20_000, 50_000), ((ONCE,), 0, 0)])
def test_a_stay_that_goes_on_elsewhere_has_one_deductible(changes, centre, back):
    w = place(*FULL, *changes)
    family, person = somebody(w)
    there = int(w.families["place"][family][CENTRE])
    moved = stay(w, person, moved_to=there, tail=4, stage=5)
    assert deductibles(w, billed(w, person, moved)[0]) == {CENTRE: centre, SECONDARY: 100_000}
    # who comes back to the hospital has paid the dearest deductible of the stay already
    again = stay(w, person, kind=RETURNING, referral=1)
    assert deductibles(w, billed(w, person, again)[0])[SECONDARY] == back


def test_going_up_costs_the_difference():
    w = place(*FULL, ONCE)
    _, person = somebody(w)
    w.persons["stay_deductible"][person] = 20_000
    again = stay(w, person, kind=RETURNING, referral=1)
    assert deductibles(w, billed(w, person, again)[0])[SECONDARY] == 80_000


def test_chronic_care_uses_up_nothing_of_ordinary_care():
    terms = "chronic_outpatient={fund_pays: {primary: 70%}, ceiling: 60 yuan/year}"
    w = place(f"{RESIDENTS}.{terms}", f"{RESIDENTS}.outpatient.ceiling=200 yuan/year")
    family, person = somebody(w)
    centre = int(w.families["place"][family][CENTRE])
    group = int(w.refill_groups[0])
    visit = {"seen": centre, "option": CENTRE, "group": group}
    w.persons["hypertension"][person] = 0
    ordinary = billed(w, person, visit)[0]
    fund = int(ordinary[:, COVERED].sum() - ordinary[:, SELF].sum())
    assert w.persons["outpatient_fund"][person] == fund > 0
    w.persons["hypertension"][person] = TREATED
    chronic = billed(w, person, visit)[0]
    paid = int(chronic[:, COVERED].sum() - chronic[:, SELF].sum())
    assert paid == min(6_000, round(0.7 * int(chronic[:, COVERED].sum())))
    assert w.persons["outpatient_fund"][person] == fund
    assert w.rare["chronic_fund"][person] == paid


def test_status():
    w = place(f"{RESIDENTS}.{AWAY_TERMS.format(settled='direct')}")
    family, person = somebody(w)
    row, p = w.families[family], w.persons[person]
    p["hypertension"], p["signed"], row["poor"] = TREATED, 0, 0
    near, far = (w.facilities[int(row["place"][k])] for k in (SECONDARY, TERTIARY))
    cold = w.groups[int(np.flatnonzero(w.groups["treats"] == 0)[0])]
    chronic = w.groups[int(w.refill_groups[0])]

    def of(facility, group=cold, referred=0, filed=1.0, read=63) -> int:
        return int(status_of(row, p, facility, group, referred, filed, read, w.clock[0]))

    assert of(near) == 0
    assert of(near, referred=1) == REFERRED
    assert of(far) == AWAY
    assert of(far, filed=0.0) == AWAY | UNFILED
    assert of(near, chronic) == CHRONIC
    p["signed"], row["poor"] = 1, 1
    assert of(far, chronic, 1, 0.0) == SIGNED | REFERRED | POOR | AWAY | UNFILED | CHRONIC
    assert of(far, chronic, 1, 0.0, read=SIGNED) == SIGNED
    assert of(far, chronic, 1, 0.0, read=0) == 0
    for sex, age, status in ((0, 59, 0), (0, 60, RETIRED), (1, 54, 0), (1, 55, RETIRED)):
        p["sex"], p["age"] = sex, age
        assert of(near, read=RETIRED) == status


def test_filing_is_a_habit_of_the_person():
    w = place(f"{RESIDENTS}.{AWAY_TERMS.format(settled='direct')}", families=300)
    far = w.facilities[int(np.flatnonzero(w.facilities["tier"] == TERTIARY)[0])]
    mine = np.flatnonzero(w.persons["plan"] == 0)

    def filed(month: int) -> list[bool]:
        w.clock["month"] = month
        rows = [(w.families[w.persons["family"][j]], w.persons[j]) for j in mine]
        return [bool(status_of(f, p, far, w.groups[0], 0, 0.7, 63, w.clock[0]) & UNFILED) for f, p in rows]

    assert filed(1) == filed(7)
    assert 1 - np.mean(filed(1)) == pytest.approx(0.7, abs=0.06)


def price(w: World, family: int, person: int, k: int) -> float:
    row = w.families[family]
    f = int(row["place"][k])
    income = relative_income(w.families, family, w.clock[0])
    severity = float(w.groups[0]["severity"])
    charge = whole(outpatient_charge(w.facilities[f], w.groups[0], severity, w.behaviour[0]))
    return float(expected_price(row, w.persons[person], f, OUTPATIENT, 0, 0, charge, income, in_force(w)))


def test_money_of_accounts_is_felt_less():
    w = place("baseline.benefit.employee.personal_account={credit: 300 yuan/year, used_for: own}")
    family, person = somebody(w, plan=1)
    without = price(w, family, person, CENTRE)
    w.families["account"][family] = 10**9
    assert price(w, family, person, CENTRE) == pytest.approx(without * float(w.behaviour[0]["account_felt"]))
    w.families["account"][family] = 1_000
    assert price(w, family, person, CENTRE) == pytest.approx(without - 10 * (1 - float(w.behaviour[0]["account_felt"])))


def test_accounts_of_the_retired_are_credited_by_the_fund():
    """A twelfth of 1,200 yuan from employers for who works, of 600 yuan from the fund for who is retired."""
    terms = "{credit: 1200 yuan/year, credit_retired: 600 yuan/year, retired_paid_by: fund, used_for: own}"
    w = place(f"baseline.benefit.employee.personal_account={terms}", families=200)
    w.clock["calendar"] = 1
    mine = w.persons["plan"] == 1
    old = mine & all_retired(w.persons, w.clock[0])
    credit_accounts(w.ledger, w.families, w.persons, w.credit, w.credited_by, w.clock[0])
    work, retired = int((mine & ~old).sum()), int(old.sum())
    assert work > retired > 0
    paid = {int(row["payer"]): int(row["fen"]) for row in w.ledger.close().postings}
    assert paid == {int(w.accounts.employers): 10_000 * work, int(w.accounts.fund[1]): 5_000 * retired}
    assert w.families["account"][:-1].sum() == 10_000 * work + 5_000 * retired


def test_advancing_a_bill_costs_the_poor_more_and_is_beyond_some():
    direct, first = (place(f"{RESIDENTS}.{AWAY_TERMS.format(settled=how)}") for how in ("direct", "pay_first"))

    def bed(w: World, income: float, yearly: int) -> float:
        family, person = somebody(w)
        row = w.families[family]
        row["income"] = yearly
        f = int(row["place"][TERTIARY])
        return float(expected_price(row, w.persons[person], f, INPATIENT, 0, 0, 1_000_000, income, in_force(w)))

    plain = bed(direct, 1.0, 10**9)
    # deductible 1,000 yuan, 70 % of 9,000 is the fund's: 6,300 to advance
    assert plain == 3_700
    assert [bed(first, income, 10**9) - plain for income in (0.5, 1.0, 2.0)] == pytest.approx([1_260, 630, 315])
    assert bed(first, 0.5, 3_999_999) == OUT_OF_REACH
    assert bed(first, 0.5, 4_000_000) > 0
    assert bed(direct, 0.5, 3_999_999) == plain


def wants(w: World) -> np.ndarray:
    """Places that families choose in the month, by tier; all conditions and draws alike but for what care costs."""
    engine = Fast(w)
    for phase in (reforms, terms_of_trade, care):
        phase(w, engine)
    (block,) = engine.blocks
    option = block.rows["option"][: block.end]
    return np.bincount(option[option >= 0], minlength=5)


def test_a_contract_that_lowers_the_price_brings_patients_to_primary_care():
    rule = "baseline.adjustments={signed: {for: {tiers: primary}, when: signed, fund_pays: +35 pp}}"
    lift = f"{RESIDENTS}.outpatient.ceiling=remove"
    chosen = {}
    for signed in (0, 1):
        w = place(rule, lift, families=400)
        w.persons["signed"] = signed
        family, person = somebody(w)
        chosen[signed] = (price(w, family, person, CENTRE), wants(w))
    assert chosen[1][0] == pytest.approx(chosen[0][0] * 0.15 / 0.5, abs=0.01)  # to the fen
    share = {signed: want[:2].sum() / want.sum() for signed, (_, want) in chosen.items()}
    assert share[1] > share[0] + 0.02


def admitted_away(how: str) -> np.ndarray:
    """Residents admitted to the tertiary hospital outside in two months: of the poorer half of families, the richer."""
    spec = Spec((SHORT, COUNTY, *AMPLE, f"{RESIDENTS}.{AWAY_TERMS.format(settled=how)}"), families=700, months=2)
    w = world(spec)
    w.groups["threshold"] -= 0.6  # many need a bed
    system, found = model(spec, start=w), np.zeros(2, np.int64)
    rich = w.families["income"] > np.median(w.families["income"][:-1])
    for _ in range(2):
        system.step()
        for block in system.engine.blocks:
            rows = block.rows[: block.end]
            rows = rows[(rows["admitted"] >= 0) & (w.persons["plan"][rows["person"]] == 0)]
            rows = rows[w.facilities["tier"][rows["admitted"]] == TERTIARY]
            found += np.bincount(rich[rows["family"]].astype(int), minlength=2)
    return found


def test_paying_first_keeps_the_poor_from_beds_away():
    direct, first = admitted_away("direct"), admitted_away("pay_first")
    assert direct.min() > 10
    lost = 1 - first / direct
    assert lost[0] > 0.2
    assert lost[0] > lost[1] + 0.1


def everything(monkeypatch: pytest.MonkeyPatch, families: int, months: int) -> HealthSystem:
    """A county under all that families pay by, the mutual plan, policies and charity among them."""
    spec = Spec((SHORT, COUNTY, *EVERYTHING), families=families, months=months)
    needed = building.accounts_needed
    monkeypatch.setattr(building, "accounts_needed", lambda s: [*needed(s), "mutual", "indemnity", "charity"])
    w = building.build(scenario(spec), spec.seed, spec.replication)
    w.persons["signed"] = np.arange(len(w.persons)) % 2
    w.persons["policies"] = np.arange(len(w.persons)) % 4
    w.families["catastrophic_at"] //= 20
    offers = [
        Offer(MUTUAL, Product(pays=0.3, outside_catalogue=True), policy=MEMBER),
        Offer(INDEMNITY, Product(pays=0.5, above=20_000, care="inpatient"), policy=POLICY),
        Offer(CHARITY, Product(pays=0.5), catastrophic=True),
    ]
    put_benefit_in_force(w, scenario(spec).states("baseline")[0].rules, offers)
    return model(spec, start=w)


def test_all_accounts_balance(monkeypatch: pytest.MonkeyPatch):
    """Every month is checked as it is settled; here, that everything happened, and who paid what."""
    system = everything(monkeypatch, families=120, months=3)
    w, total = system.world, 0
    while system.running:
        system.step()
        total = total + w.tally.extras
    paid = total.sum(axis=(0, 1, 2))
    assert (paid > 0).all()
    kinds, balance = w.ledger.kinds, w.ledger.balance
    assert {*PAYERS, "donation", "account_credit"} <= set(kinds)
    assert balance.sum() == 0
    assert balance[w.ledger.index["personal_accounts"]] == w.families["account"][:-1].sum() > 0
    assert balance[w.ledger.index["charity"]] == 0
    assert balance[w.ledger.index["mutual"]] < 0
    share = {row[0]: row[5] / row[6] for month in system.observer.months for row in month["indicators"] if row[6]}
    assert 0 < share["out_of_pocket_share"] < 1


def test_broken_laws_of_others_money_are_found(monkeypatch: pytest.MonkeyPatch):
    system = everything(monkeypatch, families=20, months=1)
    system.step()
    system.world.families["account"][0] += 1
    with pytest.raises(ModelError, match="personal accounts"):
        system.step()
