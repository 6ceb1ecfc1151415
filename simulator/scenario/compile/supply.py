"""Facilities of a place: prices and conduct of their tier, capacity by the people around them."""

from statistics import NormalDist

import numpy as np

from simulator.core.clock import DAYS_A_MONTH
from simulator.core.draws import ALTRUISM, lasting
from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.core.names import CENTRE, ONLINE, PARTS, STATION, TIERS
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.terms.staff import doctors_below
from simulator.fund.settlement import supplier_shares
from simulator.practice.conduct import levels
from simulator.referral.network import Network
from simulator.scenario.schema.scenario import Scenario


def facilities_of(
    scenario: Scenario, network: Network, families: np.ndarray, persons: np.ndarray, par: np.void
) -> np.ndarray:
    """The table of facilities: prices and conduct of their tier, capacity by the people around them."""
    places = network.table()
    table = FACILITIES.rows(len(places))
    for column in places.dtype.names or ():
        table[column] = places[column]
    size = np.diff(families["first"])
    for option in range(ONLINE + 1):
        place = families["place"][:-1, option]
        near = place >= 0
        np.add.at(table["people"], place[near], size[near])
    people = len(persons)
    names = {name: TIERS.index(name) for name, _ in scenario.facilities.items()}
    time_worth, suppliers = float(par["time_worth"]), np.array(supplier_shares())
    for name, data in scenario.facilities.items():
        mine = table["tier"] == names[name]
        reach = max(int(table["people"][mine].sum()), 1)
        share = np.where(mine, table["people"] / reach, 0.0)[mine]
        table["slots"][mine] = np.rint(data.slots / 12 * people * share)
        table["bed_days"][mine] = np.rint(data.beds * DAYS_A_MONTH * people * share)
        table["doctors"][mine] = data.doctors * people * share
        cost = np.array([data.cost[part] for part in PARTS])
        for column, value in (
            ("capability", data.capability), ("base_wait", data.wait / 60), ("outpatient_price", data.outpatient_price),
            ("visit_minutes", data.consultation),
            ("inpatient_price", data.inpatient_price), ("usual_stay", data.stay), ("outside", data.outside_catalogue),
            ("outpatient_parts", [data.outpatient_parts[part] for part in PARTS]),
            ("inpatient_parts", [data.inpatient_parts[part] for part in PARTS]), ("cost", cost),
            ("paediatric", data.paediatric),
            ("marginal_cost", cost * (suppliers + time_worth * (1 - suppliers))),
        ):  # fmt: skip
            table[column][mine] = value
    _large_enough(scenario, table, people)
    table["wait"] = table["base_wait"] * 1.5
    table["bed_use"] = np.where(table["tier"] == CENTRE, 0.45, table["bed_use"])
    pools = np.zeros(len(table), np.int64)
    np.add.at(pools, table["slot_pool"], np.where(table["tier"] == STATION, table["slots"], 0))
    table["slots"] = np.where(table["tier"] == STATION, pools, table["slots"])
    table["capability_goal"] = table["known"] = table["capability"]
    for name in ("doctors", "slots", "bed_days"):
        table[f"own_{name}"] = table[name]
    table["below"] = doctors_below(table)
    levels(table, float(par["stay_part"]))
    return table


def _large_enough(scenario: Scenario, table: np.ndarray, people: int) -> None:
    """Raise UserError where there are beds in the place and none in the sample: rules for stays would find nobody."""
    of_tier = {name: data.beds for name, data in scenario.facilities.items()}
    beds = np.array([of_tier.get(name, 0.0) for name in TIERS])[table["tier"]]
    if table["bed_days"].any() or not beds.any():
        return
    near = np.array([max(int(table["people"][table["tier"] == t].sum()), 1) for t in range(len(TIERS))])[table["tier"]]
    most = (beds * DAYS_A_MONTH * people * table["people"] / near).max()
    families = scenario.population.families
    raise UserError.at(
        scenario.place("population.families"), "population.families",
        say("sample_small", families=families, least=int(np.ceil(families * 0.51 / max(most, 1e-3)))),
    )  # fmt: skip


def altruism(clock: np.record, table: np.ndarray, spread: float) -> np.ndarray:
    """How much each facility's doctors care against the usual place, for good (F,): lognormal, drawn by facility and
    replication, and of mean one over the doctors of a tier, so that a draw moves who cares and not how much is cared.
    """
    normal = [NormalDist().inv_cdf(float(lasting(clock, f, ALTRUISM))) for f in range(len(table))]
    drawn = np.exp(spread * np.array(normal))
    for tier in range(len(TIERS)):
        mine = table["tier"] == tier
        doctors = table["doctors"][mine]
        if sum(doctors.tolist()) > 0:
            drawn[mine] /= sum((drawn[mine] * doctors).tolist()) / sum(doctors.tolist())
    # six decimals: the last bit of exp differs between processors
    return np.round(drawn, 6)
