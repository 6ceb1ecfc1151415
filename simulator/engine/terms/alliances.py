"""Alliances at work: whose people are whose, how a year's balance is shared, and what members believe it is worth."""

import numpy as np

from simulator.alliance import channels
from simulator.core.clock import DECEMBER
from simulator.core.money import FEN
from simulator.core.names import CENTRE, CONTROLLED, DIAGNOSED, DISEASES, INPATIENT, NONE, ONLINE, OUTPATIENT, PARTS
from simulator.count.events import EVENTS
from simulator.count.people import PLANS
from simulator.engine.state.world import Alliance, World
from simulator.engine.terms.managed import adds_to_scores
from simulator.illness.disease import all_diagnosed
from simulator.payment.books import CASES, COVERED, SELF
from simulator.payment.price import by_row, observed_ratio
from simulator.payment.rule import Beliefs, BudgetRule
from simulator.payment.score import OF_ONE_DISEASE
from simulator.population.families import homes_of
from simulator.practice.partners import value_down, value_kept

LEVELS = (
    "first_contact_rate_primary",
    "two_way_referral_rate",
    "satisfaction",
    "satisfied_share",
    "in_area_share",
    "control_share",
    *OF_ONE_DISEASE,
    "managed_share",
)
"""Indicators that can scale the budget of an alliance; `control_share` alone is of hypertension."""


def gather(world: World, alliances: list[Alliance]) -> None:
    """Put alliances in force: members, whose people families are, the channels by which they act."""
    fac, families = world.facilities, world.families[:-1]
    fac["alliance"] = fac["lead"] = -1
    families["holder"] = 0
    fac["next_centre"] = world.network.table()["next_centre"]
    home = homes_of(families)
    for alliance in alliances:
        members = alliance.members
        fac["alliance"][members], fac["lead"][members] = alliance.holder - 1, alliance.lead
        families["holder"][members[home]] = alliance.holder
    channels.enforce(fac, alliances)
    world.alliances = alliances


def due_or_made(year: np.ndarray) -> float:
    """Episodes that should be referred up or were, and stays fit to be referred down, of counts ``year`` (PLANS,)."""
    return float(sum(year[PLANS[name]] for name in ("appropriate_up", "needless_up", "own_fit")))


def levels(world: World, holder: int) -> dict[str, float]:
    """Indicators of a calendar year so far for the people of an alliance, as a budget's score reads them."""
    year = of_holder(world, holder).astype(float)

    def ratio(top: float, bottom: float) -> float:
        return top / bottom if bottom else 0.0

    people = chronic(world, holder)
    return {
        "first_contact_rate_primary": ratio(year[PLANS["sought_primary"]], year[PLANS["sought"]]),
        "two_way_referral_rate": ratio(
            # what is scored is what is on record
            year[PLANS["own_up"]] + year[PLANS["own_moved"]] + year[PLANS["own_false"]],
            due_or_made(year),
        ),
        "satisfaction": ratio(year[PLANS["rating"]] / 1000, year[PLANS["rated"]]),
        "satisfied_share": ratio(year[PLANS["satisfied"]], year[PLANS["rated"]]),
        "in_area_share": ratio(year[PLANS["area_visits"]], year[PLANS["visits"]]),
    } | {name: ratio(*of) for name, of in people.items()}


def counted(world: World, holder: int) -> dict[str, float]:
    """What indicators of the calendar year so far, of an alliance's people, are shares of: episodes fit to be referred
    up or down, episodes seen, people with a disease, people with one that is known."""
    year = of_holder(world, holder)
    return {
        "two_way_referral_rate": due_or_made(year),
        "first_contact_rate_primary": float(year[PLANS["sought"]]),
    } | {name: people for name, (_, people) in chronic(world, holder).items()}


def chronic(world: World, holder: int) -> dict[str, tuple[float, float]]:
    """What scores call control of a disease, and management, of an alliance's people: who has it, and of whom.

    Control is of all who have the disease, known or not; management of all in whom one is known.
    """
    people = world.persons[world.families["holder"][world.persons["family"]] == holder]
    known = all_diagnosed(people)
    counts = [(people[disease] == state).sum() for disease in DISEASES for state in (CONTROLLED, NONE)]
    found = world.whole.total(np.array([*counts, len(people), (known & (people["managed"] == 1)).sum(), known.sum()]))
    *of_disease, everybody, managed, diagnosed = (float(n) for n in found[0])
    control = {}
    for name, (_, disease) in OF_ONE_DISEASE.items():
        controlled, well = of_disease[2 * DISEASES.index(disease) :][:2]
        control[name] = controlled, everybody - well
    usual = control["control_share_hypertension"]
    return {"control_share": usual, **control, "managed_share": (managed, diagnosed)}


def of_holder(world: World, holder: int) -> np.ndarray:
    """Sums of the calendar year so far of an alliance's people, by event."""
    return world.year_sums["plans"].reshape(-1, len(world.words.holders), len(PLANS))[:, holder].sum(axis=0)


def allocation(world: World, alliance: Alliance) -> np.ndarray:
    """How members share a balance, weights (F,): by what the fund paid them this year and by visits that helped."""
    cells = world.market.cells
    paid = world.books.over(world.market.chosen).paid(-DECEMBER)
    volume = by_row(paid, cells["facility"], len(world.facilities)) * alliance.members
    helped = (
        world.year_sums["events"][:, EVENTS["cured"]] if "events" in world.year_sums else np.ones(len(world.facilities))
    )
    quality = helped * alliance.members
    return alliance.by_volume * volume / max(volume.sum(), 1) + alliance.by_quality * quality / max(quality.sum(), 1)


def heads_of(world: World, members: np.ndarray, rule: BudgetRule) -> np.ndarray:
    """Sampled people who live with ``members`` (F,) and whom a budget counts as heads, by plan (P,)."""
    home = homes_of(world.families[:-1])[world.persons["family"]]
    mine = members[home]
    if disease := rule.heads_with():
        mine &= world.persons[disease] >= DIAGNOSED
    return world.whole.total(np.bincount(world.persons["plan"][mine], minlength=len(world.words.plans)))[0]


def budget_shares(world: World) -> dict[str, tuple[np.ndarray, float, np.ndarray]]:
    """In December, by pool: weights of members, the year's score, and the heads of the next budget (P,)."""
    if int(world.clock[0]["calendar"]) != DECEMBER:
        return {}
    by_name = {alliance.name: alliance for alliance in world.alliances}
    shares = {}
    for pool in world.pools:
        alliance = by_name[pool.name]
        pool.levels, pool.counted = levels(world, alliance.holder), counted(world, alliance.holder)
        pool.by_managing = adds_to_scores(world, alliance, of_holder(world, alliance.holder))
        heads = heads_of(world, alliance.members, pool.rule) * pool.plans(world.cells)
        shares[pool.name] = (allocation(world, alliance), pool.rule.score(pool.levels), heads)
    return shares


def fund_side(world: World, believed: Beliefs) -> Beliefs:
    """What one more of each entry costs the fund, fen per unit by cell (C,): the payee's income less the patient's."""
    year, cells = world.books.over(world.market.chosen).year, world.market.cells
    catalogue = world.market.catalogue
    own = np.zeros(len(cells))
    if year is not None:
        own = observed_ratio(year[:, SELF], year[:, COVERED], cells, np.ones(len(cells), bool))
    patient = (1 - catalogue) + catalogue * own
    return {
        (role, entry): values - (patient if entry in PARTS else 0.0)
        for (role, entry), values in believed.items()
        if role == "doer"
    }


def weigh_pools(world: World, believed: Beliefs) -> tuple[Beliefs, np.ndarray]:
    """What the pools lose by one more of each entry, valued at what members believe a fen left is worth, (C,); and the
    weight of the pool in each facility's own decisions (F,).

    A member counts its own part of the pool, its allocation times what may be paid as bonus times what of its margin
    reaches its doctors (all of it where performance is judged as one), and, by tightness, the whole pool as its own.
    Where owners keep the balance, members have no part of it, and tightness is how far the owners run them.
    """
    size = len(world.facilities)
    weight, lost = np.zeros(size), np.zeros(len(world.market.cells))
    by_name = {alliance.name: alliance for alliance in world.alliances}
    for pool in world.pools:
        alliance = by_name[pool.name]
        part = allocation(world, alliance)
        own = part / max(part.sum(), 1e-9) * pool.bonus
        if "performance" not in alliance.unified:
            own = own * world.facilities["pass_through"]
        if pool.rule.keeper != "members":
            own = np.zeros(size)
        weight += alliance.members * ((1 - alliance.grip) * own + alliance.grip)
        lost += world.market.pick(pool.cells) * pool.worth
    side = fund_side(world, believed)
    return {key: -lost * values for key, values in side.items()}, weight


def partners(world: World, pool_side: np.ndarray, weight: np.ndarray) -> None:
    """Fill the beliefs ``partner`` and ``keep_case``: what a step down brings the other side and the pool, and what
    keeping a case within the alliance brings against a hospital outside.

    ``pool_side`` is a table of beliefs that holds the pool's side of each entry; ``weight`` (F,) the pool's weight.
    """
    table, fac = world.beliefs, world.facilities
    table["partner"], table["keep_case"] = 0.0, 0.0
    for alliance in world.alliances:
        members = alliance.members & (fac["bed_days"] > 0)
        hospitals = np.flatnonzero(members & (fac["tier"] > CENTRE))
        centres = np.flatnonzero(members & (fac["tier"] == CENTRE))
        if not len(hospitals) or not len(centres):
            continue
        sends, takes = np.zeros((2, len(hospitals))), np.zeros((2, len(centres)))
        value_down(fac, table, pool_side, world.behaviour, hospitals, centres, sends, takes)
        (sends, pool_send), (takes, pool_take) = ((np.mean(own), np.mean(pool)) for own, pool in (sends, takes))
        tau = alliance.grip
        pools = [pool for pool in world.pools if pool.name == alliance.name]
        score = sum(pool.score_worth("two_way_referral_rate") for pool in pools) / FEN
        # the score counts what is on record: the hospital is credited for the record, the centre for taking over
        table["partner"][hospitals] = tau * takes + weight[hospitals] * pool_take
        table["recorded"][hospitals] += weight[hospitals] * score
        table["partner"][centres] = tau * sends + weight[centres] * (pool_send + score)
        inside, outside = _case_cost(world, alliance)
        own = value_kept(fac, table, alliance.lead, world.behaviour)
        keep = weight * (outside - inside) + tau * max(own, 0.0)
        table["keep_case"] = np.where(alliance.members, keep, table["keep_case"])


def _case_cost(world: World, alliance: Alliance) -> tuple[float, float]:
    """What one admission of the alliance's people costs its pool, yuan at the pool's worth: treated by the lead's tier
    inside, and by hospitals outside, over the last twelve months. Zero without a pool."""
    pool = next((pool for pool in world.pools if pool.name == alliance.name), None)
    cells, books = world.market.cells, world.books.over(world.market.chosen)
    year = books.year
    if pool is None or year is None:
        return 0.0, 0.0
    paid = books.paid(-len(books.counts))
    cases = year[:, CASES]
    member = alliance.members[cells["facility"]]
    stays = (cells["care"] == INPATIENT) & world.market.pick(pool.cells)
    hospital = cells["tier"] > CENTRE

    def mean(which: np.ndarray) -> float:
        return pool.worth * float(paid[which].sum()) / max(float(cases[which].sum()), 1.0) / FEN

    outside = stays & hospital & ~member
    return mean(stays & hospital & member), mean(outside) if cases[outside].sum() else 0.0


def visit_cost(world: World) -> np.ndarray:
    """What a pool loses by one referred visit, yuan at its worth, by facility that refers (F,)."""
    lost = np.zeros(len(world.facilities))
    cells, books = world.market.cells, world.books.over(world.market.chosen)
    year = books.year
    if year is None:
        return lost
    paid = books.paid(-len(books.counts))
    cases = year[:, CASES]
    for pool in world.pools:
        hospital = (cells["tier"] > CENTRE) & (cells["tier"] < ONLINE)
        visits = (cells["care"] == OUTPATIENT) & hospital & world.market.pick(pool.cells)
        mean = float(paid[visits].sum()) / max(float(cases[visits].sum()), 1.0) / FEN
        lost = np.where(pool.members, pool.worth * mean, lost)
    return lost
