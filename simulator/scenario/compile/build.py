"""From a scenario to a world: the place is generated, people and facilities are drawn, rules are put in force."""

import numpy as np

from simulator.choice.going import chances_going
from simulator.core import draws
from simulator.core.clock import CLOCK
from simulator.core.names import CARE, TIERS
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.engine.state.world import Facts, PriceList, Words, World
from simulator.engine.terms.trade import market_of
from simulator.fund.ledger import Ledger, account_names
from simulator.fund.settlement import Accounts
from simulator.illness import case_groups, disease, onset
from simulator.payment.books import cells
from simulator.payment.closed import Books
from simulator.population.ageing import death_table, frailty_by_age, usual_frailty
from simulator.population.shapes import age_shares
from simulator.population.synthesis import PopulationSettings, synthesise
from simulator.population.working_life import retirement_ages, work_of
from simulator.practice.beliefs import BELIEFS
from simulator.referral.network import Network
from simulator.scenario.compile import mortality
from simulator.scenario.compile.benefits import accounts_needed
from simulator.scenario.compile.capacity import catastrophic_at
from simulator.scenario.compile.in_force import holders_of, put_in_force
from simulator.scenario.compile.insurers import fund_names, insurer_names
from simulator.scenario.compile.supply import altruism, facilities_of
from simulator.scenario.resolve.facilities import network_of
from simulator.scenario.schema.analysis import equalise, without
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario

USUAL_VISITED = 0.35
"""Share of people seen by a doctor in a month, for the stationary start of chronic disease."""
USUAL_MANAGED = 0.4


def build(scenario: Scenario, seed: int = 1, replication: int = 0) -> World:
    """The world of a replication before its first month, under the rules that every arm starts from.

    Arms share people, network, draws and burn-in; replications redraw people and events. Raises UserError for what
    the scenario cannot mean.
    """
    rules = scenario.states("baseline")[0].rules
    plans, people = tuple(rules.basic), scenario.population
    key = draws.key(seed, replication)
    par = scenario.behaviour.row()
    without(scenario.analysis, par)
    network = network_of(scenario)
    families, persons = synthesise(
        PopulationSettings(**people.model_dump(include=set(PopulationSettings.__dataclass_fields__))),
        network.communities(people.urban),
        people.families,
        key,
        plans,
        *_who_is_in(rules, network),
        tables=(FAMILIES, PEOPLE),
    )
    prevalence = _diseases(scenario, persons, par[0], key)
    facilities = facilities_of(scenario, network, families, persons, par[0])
    clock = _clock(scenario, families, persons, key)
    facilities["altruism"] = altruism(clock[0], facilities, float(par[0]["altruism_spread"]))
    if scenario.analysis.capability == "equal":
        equalise(facilities)
    families["area"] = facilities["area"][families["community"]]
    families["catastrophic_at"][:-1] = catastrophic_at(families, par[0])
    words = Words(network.names, network.areas, scenario.illness.groups, plans, holders_of(scenario))
    cell_rows, first_cell = cells(
        facilities["tier"], len(words.groups), len(plans), facilities["bed_days"], len(words.holders)
    )
    funds = fund_names(scenario, rules)
    others = [*insurer_names(scenario), *accounts_needed(scenario)]
    ledger = Ledger(account_names(funds, words.facilities, words.holders[1:], others))
    accounts = Accounts.of(ledger, funds, words.facilities)
    groups, risk, refills = _illness(scenario, persons, par[0])
    frailty = frailty_by_age(persons)
    lethality, deaths = mortality.split(
        death_table(age_shares(people.ages), people.deaths, frailty),
        frailty,
        mortality.burden_by_age(persons, risk, groups, par[0]),
        float(par[0]["death"]),
    )
    world = World(
        words=words,
        network=network,
        families=families,
        persons=persons,
        rare=RARE.room(len(persons)),
        facilities=facilities,
        groups=groups,
        risk=risk,
        refill_groups=refills,
        deaths=deaths,
        lethality=lethality,
        usual_frailty=usual_frailty(families, persons),
        prevalence=prevalence,
        behaviour=par,
        clock=clock,
        beliefs=BELIEFS.rows(len(facilities)),
        cells=cell_rows,
        first_cell=first_cell,
        ledger=ledger,
        accounts=accounts,
        books=Books(len(cell_rows)),
        facts=_facts(scenario, groups),
        price_list=PriceList.of(facilities),
        own_fund=accounts.fund,
        own_capability=facilities["capability"].copy(),
        reserve_months=np.array([plan.reserve for plan in rules.basic.values()]),
        options=int(np.flatnonzero((families["place"] >= 0).any(axis=0)).max(initial=0)) + 1,
        work=work_of(families, persons, len(words.areas), _for_employees(rules), clock[0]),
        people=len(persons),
        weight=people.people / len(persons),
        first_month=_start(scenario),
        burn_in=scenario.time.warm_up,
        reserve_factor=np.ones(len(plans)),
    )
    world.cell_settings = cell_rows["facility"] * len(CARE) + cell_rows["care"]
    put_in_force(world, scenario, rules)
    world.market = market_of(world)
    return world


def _for_employees(rules: Rules) -> np.ndarray:
    """Which plans come with a job (P,)."""
    return np.array([plan.is_for_employees(name) for name, plan in rules.basic.items()])


def _who_is_in(rules: Rules, network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Shares of people by plan, (plan,), or (area, plan) where plans have areas; which come with a job; and the areas
    of facilities, None where no plan has any."""
    basic, employees = rules.basic, _for_employees(rules)
    if not any(plan.areas for plan in basic.values()):
        return np.array([plan.covers for plan in basic.values()]), employees, None
    shares = np.array(
        [[plan.covers if area in (plan.areas or (area,)) else 0.0 for plan in basic.values()] for area in network.areas]
    )
    return shares, employees, network.table()["area"]


def _illness(scenario: Scenario, persons: np.ndarray, par: np.void) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The table of case groups, the risks of falling ill, and the groups of prescriptions."""
    groups = [
        case_groups.CaseGroup(
            name=g.group,
            ages=g.ages,
            admissions_needed=g.admissions_needed_per_1000_people,
            weight=g.relative_weight,
            stay=g.stay_days_secondary,
            episodes=g.episodes_per_1000_people,
            bill=round(g.outpatient_bill_centre_yuan * 100),
            severity=g.severity_mean,
        )
        for g in scenario.illness.case_groups
    ]
    scale = float(par["episodes_scale"])

    def seen(severities: np.ndarray) -> np.ndarray:
        """Chances that episodes are seen at the usual price."""
        chances = np.empty(len(severities))
        chances_going(severities, par["go_price_at"], 1.0, False, par, chances)
        return chances

    table = case_groups.table(
        groups,
        [onset.scaled(group, scale) for group in groups],
        seen,
        par,
    )
    hazard, slope = float(par["hazard_uncontrolled"]), float(par["age_slope"])
    return table, onset.risks(groups, persons, scale, hazard, slope), _refills(groups)


def _clock(scenario: Scenario, families: np.ndarray, persons: np.ndarray, key: tuple[int, int]) -> np.ndarray:
    clock = CLOCK.rows(1)
    clock["key0"], clock["key1"] = key
    clock["income"] = families["income"][:-1].sum() / len(persons)
    clock["retires"] = retirement_ages()
    clock["ageing"] = scenario.population.ageing == "live"
    return clock


def _facts(scenario: Scenario, groups: np.ndarray) -> Facts:
    """The usual admission of a tier before any has been seen: the mean one needed, at list price."""
    needed = np.array([g.admissions_needed_per_1000_people for g in scenario.illness.case_groups])
    stay, weight = (float((groups[c] * needed).sum() / needed.sum()) for c in ("stay", "weight"))
    bill, days = np.zeros((2, len(TIERS)))
    for name, tier in scenario.facilities.items():
        bill[TIERS.index(name)] = tier.inpatient_price / 100 * weight
        days[TIERS.index(name)] = max(tier.stay * stay, 1.0)
    return Facts(bill=bill, weight=np.full(len(TIERS), weight), days=days, referred=np.zeros(len(TIERS)))


def _start(scenario: Scenario) -> tuple[int, int]:
    """Year and month of the first month of the burn-in."""
    year, month = (int(part) for part in scenario.time.start.split("-"))
    past = year * 12 + month - 1 - scenario.time.warm_up
    return past // 12, past % 12 + 1


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
