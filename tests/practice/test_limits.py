"""Limits that theory gives. Two optima must not be confused: the patient's, where more treatment helps no more
(B' = 0), and society's, where more treatment helps just as much as it costs (B' = cost). Each test names its own.

Beliefs are numbers written by hand, so nothing is owed to a rule's name. Ellis and McGuire 1986 (forms of payment),
McGuire and Pauly 1991 (income), Li et al. 2025 (referral down as a game of sender and receiver).
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.going import chance_going
from simulator.choice.place import NOWHERE
from simulator.core import behaviour
from simulator.core.maths import whole
from simulator.core.names import CENTRE, OUTPATIENT, SECONDARY, STATION
from simulator.engine.passes.price import expected_price, outpatient_charge
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.in_force import in_force
from simulator.engine.state.world import World
from simulator.engine.terms.trade import believe
from simulator.population.families import relative_income
from simulator.practice import margins
from simulator.practice.actions import accept, send
from simulator.practice.acts import decide_all
from simulator.practice.beliefs import BELIEFS
from simulator.referral.up import chance_referred
from tests.picks import picked
from tests.small import AMPLE, Spec, model, scenario

COST = [0.9, 0.6, 0.7]
"""What one more listed yuan of drugs, tests, labour costs the provider."""
FACILITY = {
    "tier": SECONDARY, "bed_days": 300, "capability": 0.7, "outpatient_parts": [0.4, 0.38, 0.22],
    "inpatient_parts": [0.26, 0.42, 0.32], "marginal_cost": COST, "pass_through": 0.3, "bed_use": 0.5, "doctors": 20.0,
    "below": 10.0, "contract": 1,
}  # fmt: skip
USUAL = {
    "case_bill": 6000, "case_weight": 1, "case_days": 9, "sender_bill": 9000, "sender_weight": 1, "sender_days": 10,
    "centre_capability": 0.515,
}  # fmt: skip
INCOMES = (
    "visit", "outpatient", "inpatient", "continued", "case", "weight", "day", "continued_day", "moved_out", "moved_in",
    "referred_up", "managed", "signed", "served", "outreach", "consult", "read", "partner", "keep_case",
    "recorded", "fine",
)  # fmt: skip
"""Columns of beliefs that are somebody's money."""
TREATMENT = ("intensity_out", "intensity_in", "stay", "follow")
"""Conduct whose patient's optimum is one."""
ALL_CONDUCT = (
    *TREATMENT, "admit", "upcode", "send", "accept", "refer_within", "keep", "refer", "manage", "recruit", "serve",
    "outreach", "consult", "read", "split", "idle", "select", "false_down", "retest", "shifted",
)  # fmt: skip
GAMED = ("upcode", "split", "idle", "select", "false_down")
"""Conduct that serves no patient."""
YUAN = st.floats(-3000, 20_000)
BELIEVED = st.fixed_dictionaries(dict.fromkeys(INCOMES, YUAN))


def parameters(**changed: float) -> np.ndarray:
    row = behaviour.row()
    for name, value in changed.items():
        row[name] = value
    return row


def table(columns: Any, values: dict[str, Any]) -> np.ndarray:
    rows = columns.rows(1)
    for name, value in values.items():
        rows[name][0] = value
    return rows


def settled(belief: dict[str, Any], par: np.ndarray | None = None, months: int = 160, **facility: Any) -> np.record:
    """The facility once its conduct no longer moves."""
    place, believed = table(FACILITIES, FACILITY | facility), table(BELIEFS, USUAL | belief)
    for _ in range(months):
        decide_all(place, believed, parameters() if par is None else par, 0, 1)
    return place[0]


@given(belief=BELIEVED, tier=st.sampled_from([STATION, CENTRE, SECONDARY]), income=st.floats(-1e9, 1e9))
def test_who_cares_without_bound_does_what_is_best_for_the_patient(belief: dict, tier: int, income: float):
    """Patient's optimum, B' = 0: treatment is one, no admission for its margin, no false code, whatever is paid."""
    facts = {"tier": tier, "bed_days": 0 if tier == STATION else 300, "income": income, "income_before": 1e6}
    place = settled(belief, parameters(altruism=1e12), **facts)
    for name in TREATMENT:
        assert place[name] == pytest.approx(1.0, abs=1e-6), name
    if tier > STATION:
        assert place["admit"] == pytest.approx(0.0, abs=1e-6)
        for name in GAMED:
            assert place[name] < 1e-9, name
        assert place["shifted"] == pytest.approx(0.0, abs=1e-6)
    if tier == SECONDARY:
        assert place["send"] < 1e-9, "the centres below can do less for the patient"


@given(here=st.floats(0.05, 0.95), there=st.floats(0.05, 0.95), gain=st.floats(-1e4, 1e4))
def test_who_cares_without_bound_refers_for_the_cure_alone(here: float, there: float, gain: float):
    """Patient's optimum: up if and only if the hospital cures better."""
    if abs(there - here) < 1e-3:
        return
    sent = chance_referred(here, there, gain, 1e9, parameters()[0])
    assert sent == pytest.approx(1.0 if there > here else 0.0, abs=1e-9)


@given(altruism=st.floats(0.01, 100), through=st.floats(0, 1), worth=st.floats(0.67, 2))
def test_no_margin_no_inducement(altruism: float, through: float, worth: float):
    """Patient's optimum: paid what it costs, a place gains nothing by more or less, however little it cares."""
    par = parameters(altruism=altruism)
    paid = {"outpatient": COST, "inpatient": COST, "day": float(par["day_cost"][0])}
    place = settled(paid, par, pass_through=through, income_worth=worth)
    for name in TREATMENT:
        assert place[name] == pytest.approx(1.0, abs=1e-9), name
    assert place["admit"] == pytest.approx(0.0, abs=1e-9)


def paid_share(share: float, par: np.ndarray) -> np.ndarray:
    """Outpatient treatment of a doctor who is paid ``share`` of the listed price of each service."""
    return settled({"outpatient": [share] * 3}, par)["intensity_out"]


def test_forms_of_payment_in_their_order():
    """Society's optimum is 1 − cost / curvature. Paid by the head, who cares for the patient as society does (altruism
    one) meets it exactly, and who cares less falls short; paid by the service one exceeds the patient's optimum; and
    a mixture lies between, at the patient's optimum where the share paid is the cost."""
    par = parameters(pass_through_usual=0.3)
    curvature = float(par["under"][0])
    society = 1.0 - np.array(COST) / curvature
    by_head, mixed, by_service = (paid_share(share, par) for share in (0.0, 0.4, 1.0))
    assert by_head == pytest.approx(society, abs=1e-9)
    assert (society < mixed).all()
    assert (mixed < 1.0).all()
    assert (by_service > 1.0).all()
    assert (paid_share(0.0, parameters(altruism=0.5)) < society).all()
    assert paid_share(0.6, par)[1] == pytest.approx(1.0, abs=1e-9)


@given(shares=st.lists(st.floats(0, 1), min_size=2, max_size=4), altruism=st.floats(0.2, 5))
def test_the_more_is_paid_by_service_the_more_is_done(shares: list[float], altruism: float):
    """Between society's and beyond the patient's optimum treatment rises with the share paid by the service."""
    par = parameters(altruism=altruism)
    done = np.array([paid_share(share, par) for share in sorted(shares)])
    assert (np.diff(done, axis=0) >= -1e-12).all()


@given(belief=BELIEVED, tier=st.sampled_from([STATION, CENTRE, SECONDARY]), use=st.floats(0, 1.2))
def test_without_pass_through_no_incentive_of_a_facility_moves_a_doctor(belief: dict, tier: int, use: float):
    """Neither optimum: conduct is that of one who earns nothing by anything."""
    facts = {"tier": tier, "bed_days": 0 if tier == STATION else 300, "pass_through": 0.0, "bed_use": use}
    moved, still = settled(belief, months=5, **facts), settled({}, months=5, **facts)
    for name in ALL_CONDUCT:
        assert (moved[name] == still[name]).all(), name


@given(belief=BELIEVED, money=st.floats(0.05, 1), through=st.floats(0.01, 1), care=st.floats(0.1, 10))
def test_one_provider_without_choice_is_the_closed_form(belief: dict, money: float, through: float, care: float):
    """Between the two optima, wherever the margin m puts it: x = 1 + λm / (αb), within the bounds."""
    par = parameters(altruism=care, money=money)
    place, p = settled(belief, par, pass_through=through), par[0]
    weight = money * through / p["pass_through_usual"]
    for column, goal in (("intensity_out", "outpatient"), ("intensity_in", "inpatient")):
        for part, cost in enumerate(COST):
            margin = belief[goal] - cost
            over = p["over_drugs"] if part == 0 else p["over"]
            closed = 1.0 + weight * margin / (care * (over if margin > 0 else p["under"]))
            closed = min(max(closed, p["intensity_low"]), p["intensity_high"])
            assert place[column][part] == pytest.approx(closed, rel=1e-9)


@given(u=st.floats(0, 1, exclude_max=True), value=st.floats(-50, 50), at=st.integers(0, 3))
def test_one_place_without_choice_is_chosen(u: float, value: float, at: int):
    """The logit over one place is certain, so that visits are those of the closed form of going."""
    values = np.full(8, NOWHERE)
    values[at] = value
    assert picked(u, values[:4]) == at


def test_visits_of_one_place_are_those_of_the_closed_form():
    """A place with one centre and nothing else: who falls ill goes with the chance that the price gives."""
    network = "network={form: list, facilities: {only: {tier: centre}}}"
    system = model(Spec(("time.warm_up=1 months", network, *AMPLE), families=2000, months=1, seed=7))
    system.world.behaviour["signal_noise"] = 0.0  # everybody knows how bad it is
    asked: list[tuple[int, float]] = []
    contend_ = system.engine.choose

    def choose(world: World) -> None:
        contend_(world)
        par = world.behaviour[0]
        for block in system.engine.blocks:
            for e in block.rows[: block.end]:
                assert e["option"] in (-1, CENTRE)
                if e["kind"] == 0:
                    asked.append((int(e["option"] == CENTRE), going(world, e, par)))

    system.engine.choose = choose
    system.run_for(1)
    went, chance = np.array(asked).T
    assert len(went) > 1000
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(went.sum() - chance.sum()) < 4 * spread


def going(world: World, e: np.record, par: np.record) -> float:
    """The closed form for an episode: the chance of going at the price of the only place."""
    family, person = world.families[e["family"]], world.persons[e["person"]]
    income = relative_income(world.families, e["family"], world.clock[0])
    f = int(family["place"][CENTRE])
    force = in_force(world)
    charge = whole(outpatient_charge(force.facilities[f], force.groups[e["group"]], e["severity"], par))
    yuan = expected_price(family, person, f, OUTPATIENT, e["group"], 0, charge, income, force)
    return float(chance_going(e["severity"], yuan, income, False, par))


ONE_COUNTY = "network={form: county, townships: 1, villages: 1, tertiary_outside: 0}"
BUDGET = (
    "baseline.alliances={group: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 1}}",
    "baseline.settlements.budget={for: {alliances: group}, rule: global_budget, amount: last_year_spending, "
    "growth: 0%, surplus_kept: 100%, overspend_borne: 100%}",
)


def one_owner(*changes: str) -> World:
    """A county that is one owner under one budget, after some months."""
    system = model(Spec(("time.warm_up=2 months", ONE_COUNTY, *AMPLE, *BUDGET, *changes), families=120, months=4))
    world = system.run().world
    believe(world)
    return world


def test_a_budget_for_all_and_one_owner():
    """Neither optimum, but one payoff: what members are paid among themselves weighs nothing. Every yuan billed earns
    the owner the patient's part of it, however hospitals are paid; sender and receiver of a patient reckon alike."""
    inpatient = next(n for n, b in scenario(Spec()).baseline.payment.items() if b.rule.__module__.endswith("drg"))
    service = f"baseline.payment.{inpatient}.rule=fee_for_service"
    for world in (one_owner(), one_owner(service)):
        table, fac = world.beliefs, world.facilities
        par = world.behaviour[0]
        for column in ("case", "weight", "day", "moved_out", "moved_in"):
            assert table[column] == pytest.approx(0.0, abs=1e-6), column
        assert (table["inpatient"] < 0.6).all()
        assert (table["outpatient"] < 0.95).all()
        sender = int(np.flatnonzero(fac["tier"] == SECONDARY)[0])
        receiver = int(np.flatnonzero((fac["tier"] == CENTRE) & (fac["bed_days"] > 0))[0])
        sends = send.margin(fac[sender], table[sender], par) + table["partner"][sender]
        takes = accept.margin(fac[receiver], table[receiver], par) + table["partner"][receiver]
        assert sends == pytest.approx(takes, rel=1e-6, abs=1e-6)


TAIL = ("send_patient", "send_free", "accept_patient", "accept_full")
"""What moves sender and receiver beside money."""


@given(share=st.floats(0.0, 0.5), price=st.floats(3000, 12_000))
def test_sender_and_receiver_both_gain_only_between_their_costs(share: float, price: float):
    """Neither optimum, a game: of a case price T the share f moves with the patient. Both gain if and only if the
    receiver's cost / T < f < the sender's cost of the rest of the stay / T."""
    par = parameters(**dict.fromkeys(TAIL, 0.0))
    along = share * price
    moved = {"inpatient": 0.0, "continued": 0.0, "weight": price, "moved_out": -along, "moved_in": along}
    sender, receiver = table(FACILITIES, FACILITY), table(FACILITIES, FACILITY | {"tier": CENTRE, "bed_use": 0.3})
    belief, p = table(BELIEFS, USUAL | moved), par[0]
    sender["bed_use"] = 0.0
    cost = np.dot(FACILITY["inpatient_parts"], COST)
    saved = cost * p["tail_bill"] * 6000 + p["day_cost"] * p["tail_days"] * 9
    spent = cost * p["tail_bill"] * p["tail_price"] * 9000 + p["day_cost"] * p["tail_days"] * 10
    bed = margins.bed_day_price(sender[0], belief[0], p) * p["tail_days"] * 9
    assert send.margin(sender[0], belief[0], p) == pytest.approx(saved + bed - along)
    assert accept.margin(receiver[0], belief[0], p) == pytest.approx(along - spent)
    for _ in range(250):
        decide_all(sender, belief, par, 0, 1)
        decide_all(receiver, belief, par, 0, 1)
    if min(abs(along - spent), abs(saved + bed - along)) < 1:
        return
    both = spent < along < saved + bed
    assert (sender["send"][0] > 0.5 and receiver["accept"][0] > 0.5) == both


def test_without_sharing_one_side_always_loses():
    """The corners of the game: nothing moves along and the receiver refuses; paid by the service, the sender keeps."""
    par = parameters(**dict.fromkeys(TAIL, 0.0))
    case, service = {"weight": 8700.0}, {"inpatient": 1.0, "continued": 1.0, "day": 100.0}
    assert settled(case, par)["send"] > 0.5 > settled(case, par, tier=CENTRE)["accept"]
    assert settled(service, par)["send"] < 0.5 < settled(service, par, tier=CENTRE)["accept"]
