"""From a scenario to a world: the place is generated, people and facilities are drawn, rules are put in force."""

from collections.abc import Mapping

import numpy as np

from simulator.benefit.cover import cover_table
from simulator.choice.going import chance_going
from simulator.core import behaviour, draws
from simulator.core.clock import CLOCK
from simulator.core.names import CENTRE, PARTS, STATION, TIERS
from simulator.engine.trade import market_of
from simulator.engine.world import Facts, Words, World
from simulator.fund.audit import Supervision
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.settlement import Accounts, Financing, System, supplier_shares
from simulator.illness import case_groups, disease, onset
from simulator.payment.books import cells
from simulator.payment.rule import Books
from simulator.payment.tariffs import Tariffs
from simulator.population.ageing import death_table, frailty_by_age
from simulator.population.shapes import age_shares
from simulator.population.synthesis import PopulationSettings, synthesise
from simulator.practice.beliefs import BELIEFS
from simulator.practice.conduct import levels
from simulator.referral.network import Network, TierData
from simulator.referral.network import build as build_network
from simulator.scenario.rules import Rules
from simulator.scenario.schema import Scenario
from simulator.scenario.scope import included, owners

DAYS_A_MONTH = 30.4
USUAL_VISITED = 0.35
"""Share of people seen by a doctor in a month, for the stationary start of chronic disease."""
USUAL_MANAGED = 0.4
SUBSISTENCE = 709_800
"""Fen a year that a person needs to live; a family needs size**0.56 of it (WHO, capacity to pay; prototype)."""
CATASTROPHIC = 0.40
"""Share of the capacity to pay from which a family's payments are catastrophic (WHO)."""


def network_of(scenario: Scenario) -> Network:
    """The referral network of a scenario."""
    settings = scenario.network.model_dump(exclude={"form", "facilities", "links"}, by_alias=True)
    named = {name: item.model_dump(exclude_none=True) for name, item in scenario.network.facilities.items()}
    links = [link.model_dump(by_alias=True) for link in scenario.network.links]
    tiers = {name: TierData(tier.travel_urban, tier.travel_rural) for name, tier in scenario.facilities.items()}
    return build_network(scenario.network.form, settings, named, links, tiers)


def build(scenario: Scenario, arm: str = "baseline", seed: int = 1, replication: int = 0) -> World:
    """The world of one arm and replication, before its first month.

    Arms share people, network and draws; replications redraw people and events. Raises UserError for what the
    scenario cannot mean.
    """
    rules = scenario.arms[arm]
    key = draws.key(seed, replication)
    par = behaviour.row(scenario.behaviour)
    network = network_of(scenario)
    plans = tuple(rules.plans)
    people = scenario.population
    families, persons = synthesise(
        PopulationSettings(**people.model_dump(include=set(PopulationSettings.__dataclass_fields__))),
        network.communities(people.urban),
        people.families,
        key,
        plans,
        np.array([plan.covers for plan in rules.plans.values()]),
    )
    prevalence = _diseases(scenario, persons, par[0], key)
    groups = [
        case_groups.CaseGroup(
            g.group, g.ages, g.admissions_needed_per_1000_people, g.relative_weight, g.stay_days_secondary,
            g.episodes_per_1000_people, round(g.outpatient_bill_centre_yuan * 100), g.severity_mean,
        )
        for g in scenario.illness.case_groups
    ]  # fmt: skip
    scale = float(par[0]["episodes_scale"])
    often = [onset.scaled(group, scale) for group in groups]
    table = case_groups.table(
        groups,
        often,
        lambda s: float(chance_going(s, par[0]["go_price_at"], 1.0, False, par[0])),
        float(par[0]["severity_spread"]),
        float(par[0]["admission_slope"]),
    )
    facilities = _facilities(scenario, network, families, persons, par[0])
    rows, first_cell = cells(facilities["tier"], len(groups), len(plans), facilities["bed_days"])
    words = Words(network.names, network.areas, scenario.illness.groups, plans)
    funds = [f"{plan}@{scenario.name}" for plan in plans]
    ledger = Ledger(account_names(funds, words.facilities))
    yearly = np.bincount(persons["plan"], minlength=len(plans)).astype(np.int64)
    size = np.diff(families["first"])
    start = _start(scenario)
    clock = CLOCK.rows(1)
    clock["key0"], clock["key1"] = key
    clock["income"] = families["income"][:-1].sum() / len(persons)
    clock["ageing"] = people.ageing == "live"
    ages = age_shares(people.ages)
    stay, weight = (float((table[c] * _needed(groups)).sum() / _needed(groups).sum()) for c in ("stay", "weight"))
    world = World(
        words=words,
        network=network,
        families=families,
        persons=persons,
        facilities=facilities,
        groups=table,
        risk=onset.risks(groups, persons, scale, float(par[0]["hazard_uncontrolled"])),
        refill_groups=_refills(groups),
        deaths=death_table(ages, people.deaths, frailty_by_age(persons)),
        prevalence=prevalence,
        behaviour=par,
        clock=clock,
        beliefs=BELIEFS.rows(len(facilities)),
        cells=rows,
        first_cell=first_cell,
        cover=cover_table(rules.benefit, plans),
        system=system_of(scenario, rules, rows, words.facilities, facilities, arm),
        financing=Financing(
            yearly,
            *(np.array([getattr(p, k) for p in rules.plans.values()]) for k in ("premium", "employer", "subsidy")),
        ),
        ledger=ledger,
        accounts=Accounts.of(ledger, funds, words.facilities),
        books=Books(),
        facts=Facts(
            bill=_by_tier(scenario, lambda tier: tier.inpatient_price / 100 * weight),
            weight=np.full(len(TIERS), weight),
            days=_by_tier(scenario, lambda tier: max(tier.stay * stay, 1.0)),
        ),
        reserve_months=np.array([p.reserve for p in rules.plans.values()]),
        catastrophic_at=np.rint(
            CATASTROPHIC
            * np.maximum(families["income"][:-1] - SUBSISTENCE * size**0.56, 0.2 * families["income"][:-1])
        ).astype(np.int64),
        weight=people.people / len(persons),
        first=start,
        burn_in=scenario.time.warm_up,
    )  # fmt: skip
    world.market = market_of(world)
    return world


def system_of(
    scenario: Scenario, rules: Rules, rows: np.ndarray, names: tuple[str, ...], facilities: np.ndarray, arm: str
) -> System:
    """The rules of an arm that move money."""
    tiers = [(name, TIERS[tier]) for name, tier in zip(names, facilities["tier"], strict=True)]
    own = owners(rules, scenario, rows, tiers)
    settlements = {}
    for name, block in rules.settlements.items():
        inside = included(block, scenario, rules, rows, list(names))
        mine = np.zeros(len(facilities), bool)
        mine[rows["facility"][inside]] = True
        settlements[name] = (block.rule, mine)
    audit = rules.services.supervision
    cost = np.ones((len(TIERS), len(PARTS)))
    for name, tier in scenario.facilities.items():
        cost[TIERS.index(name)] = [tier.cost[part] for part in PARTS]
    return System(
        Tariffs({name: block.rule for name, block in rules.payment.items()}, own),
        settlements,
        cost,
        Supervision(audited=audit.audited, detects=audit.detects, fine=audit.fine) if audit else None,
    )


def _start(scenario: Scenario) -> tuple[int, int]:
    """Year and month of the first month of the burn-in."""
    year, month = (int(part) for part in scenario.time.start.split("-"))
    past = year * 12 + month - 1 - scenario.time.warm_up
    return past // 12, past % 12 + 1


def _needed(groups: list[case_groups.CaseGroup]) -> np.ndarray:
    return np.array([g.admissions_needed for g in groups])


def _by_tier(scenario: Scenario, value) -> np.ndarray:
    rows = np.zeros(len(TIERS))
    for name, tier in scenario.facilities.items():
        rows[TIERS.index(name)] = value(tier)
    return rows


def _refills(groups: list[case_groups.CaseGroup]) -> np.ndarray:
    """Case groups under which prescriptions for hypertension and diabetes are billed; the first for want of one."""
    ages = [g.ages for g in groups]
    return np.array([ages.index(word) if word in ages else 0 for word in ("hyp", "dia")], np.int64)


def _diseases(scenario: Scenario, persons: np.ndarray, par: np.void, key: tuple[int, int]) -> np.ndarray:
    """Give people their chronic diseases, each cascade in its stationary state; prevalence by age (2, 101)."""
    prevalence, shares = {}, {}
    for name in ("hypertension", "diabetes"):
        data = scenario.illness.diseases[name]
        prevalence[name] = disease.by_age(dict(data.by_age), data.adults, persons["age"])
        shares[name] = disease.stationary(float(par[f"control_{name}"]), USUAL_MANAGED, USUAL_VISITED, par)
    disease.begin(persons, prevalence, shares, key)
    return np.stack(list(prevalence.values()))


def _facilities(
    scenario: Scenario, network: Network, families: np.ndarray, persons: np.ndarray, par: np.void
) -> np.ndarray:
    """The table of facilities: prices and conduct of their tier, capacity by the people around them."""
    table = network.table()
    size = np.diff(families["first"])
    for option in range(4):
        place = families["place"][:-1, option]
        near = place >= 0
        np.add.at(table["people"], place[near], size[near])
    people = len(persons)
    names: Mapping[str, int] = {name: TIERS.index(name) for name, _ in scenario.facilities.items()}
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
            ("inpatient_price", data.inpatient_price), ("usual_stay", data.stay), ("outside", data.outside_catalogue),
            ("outpatient_parts", [data.outpatient_parts[part] for part in PARTS]),
            ("inpatient_parts", [data.inpatient_parts[part] for part in PARTS]), ("cost", cost),
            ("marginal_cost", cost * (suppliers + time_worth * (1 - suppliers))),
        ):  # fmt: skip
            table[column][mine] = value
    table["wait"] = table["base_wait"] * 1.5
    table["bed_use"] = np.where(table["tier"] == CENTRE, 0.45, table["bed_use"])
    pools = np.zeros(len(table), np.int64)
    np.add.at(pools, table["slot_pool"], np.where(table["tier"] == STATION, table["slots"], 0))
    table["slots"] = np.where(table["tier"] == STATION, pools, table["slots"])
    levels(table, float(par["stay_part"]))
    return table
