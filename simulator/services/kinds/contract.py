"""Contract with the family doctor (家庭医生签约), signed or renewed once a year and served as doctors' effort reaches.

A rule of payment offers it (`SettlementRule.sign_fee`); who is served is managed more often, goes there first and comes
to trust primary care.

What it is worth to a person in better cover (签约差异化待遇) is what the terms of the signed save on the charges that
the person expects of a year: the same expectation as for insurance, spread over settings and tiers as last year's
charges of people of that risk were.
"""

from collections.abc import Iterator

import numpy as np

from simulator.benefit.cover import cover_row, insured_by
from simulator.benefit.expected import own_expected
from simulator.benefit.status import CHRONIC, POOR, REFERRED, SIGNED
from simulator.choice.contract import chance_signing, knows
from simulator.choice.trust import after_service, trust_of
from simulator.core.clock import JANUARY
from simulator.core.draws import AWARE, SERVE, SIGN, lasting, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.core.names import DIAGNOSED, TIERS
from simulator.core.table import Column
from simulator.declare.indicator import Figure, Figures, Indicator
from simulator.declare.use import Use
from simulator.illness.disease import diagnosed
from simulator.illness.onset import risk_class
from simulator.population.ageing import birthday
from simulator.services.service import SETTINGS, TREATS, Service


def people(top: str, bottom: str = "") -> Figures:
    """People whom the census counts as ``top``, of those counted as ``bottom``, or of all: all and by plan."""

    def figures(month) -> Iterator[Figure]:
        if not (month.world.facilities["contract"] == 1).any():
            return
        census = month.census
        up, down = census.services[top], census.services[bottom] if bottom else census.by_plan
        yield Figure(float(up.sum()), float(down.sum()))
        for p, plan in enumerate(month.world.words.plans):
            yield Figure(float(up[p]), float(down[p]), plan=plan)

    return figures


SERVICE = Service(
    source="State Council 2016, guiding opinion on family-doctor contracts (关于推进家庭医生签约服务的指导意见)",
    facilities=(
        Column("contract", "i8", "0 or 1", "offers contracts with its family doctors"),
        Column("sign_fee", "f8", "yuan/year", "what a signed person pays for the contract"),
    ),
    persons=(
        Column("signed", "i1", "0 or 1", "has a contract with the family doctor of the home centre"),
        Column("served", "i1", "0 or 1", "signed, and really served this month"),
        Column("contract_worth", "f8", "yuan/year", "expected to be saved by the better cover of who has a contract"),
    ),
    when={
        "month": "home.contract == 1 or person.signed == 1",
        "reach": "person.served == 1",
    },
    census=("signed", "served"),
    indicators=(
        Indicator(
            "contract_share", "share", "plan; only where contracts are offered",
            "persons under contract with a family doctor", "persons",
            Text("people signed with a family doctor", "家庭医生签约率"), people("signed"),
        ),
        Indicator(
            "served_share", "share", "plan; only where contracts are offered",
            "persons under contract who are really served", "persons under contract",
            Text("signed people really served", "签约居民实际服务率"), people("served", "signed"), better=1,
        ),
    ),
    use=(
        Use(
            unused=Text("nobody signed with a family doctor", "没有居民签约家庭医生"), indicators=("contract_share",)
        ),
        Use(
            unused=Text("nobody who signed with a family doctor was really served", "签约居民均未得到实际服务"),
            indicators=("served_share",),
        ),
    ),
)  # fmt: skip


def enforce(facilities, terms, offers):
    """Where families may sign, and what that costs them a year, as the settlements say."""
    facilities["contract"], facilities["sign_fee"] = 0, 0.0
    for rule, places in offers:
        fee = rule.sign_fee(facilities["tier"], places)
        if fee is not None:
            facilities["contract"] |= fee >= 0
            facilities["sign_fee"] += np.maximum(fee, 0) / FEN


@compiled
def newborn(person, rare):
    """Nobody inherits a contract."""
    person.signed = 0
    person.served = 0


@compiled
def month(person, rare, family, home, par, clock):
    """Signed or renewed once a year, in the person's month; served if the doctor's effort reaches so far. Who is served
    trusts primary care more. Where no contract is offered any more, it ends."""
    if home.contract != 1:
        newborn(person, rare)
        return
    if birthday(clock.calendar - 1, person.id):
        gain = rare.contract_worth - home.sign_fee
        u, _, _, _ = uniforms(clock, person.id, SIGN, 0)
        trust, sick = trust_of(family, par), diagnosed(person)
        chance = chance_signing(trust, person.age, sick, person.floating, person.signed, gain, home.recruit, par)
        known = person.signed == 1 or knows(lasting(clock, person.id, AWARE), home.recruit, par)
        person.signed = 1 if known and u < chance else 0
    person.served = 1 if person.signed == 1 and lasting(clock, person.id, SERVE) < home.serve else 0
    if person.served == 1:
        family.trust = after_service(family.trust, par)


@compiled
def reach(person, family, home, felt, par):
    """Of the served, some whom the centre would not manage otherwise."""
    return par.serve_manage


@compiled
def usual_source(person):
    """Who is served goes to the own doctor first."""
    return person.served == 1


def value(year, before):
    """Value the better cover of the signed for everybody: in January, and when a rule begins that makes it better.
    Where no cover in force asks who has signed, a contract is worth nothing in it. Gives the cover by which it did."""
    offered = year.cover.read & SIGNED and year.facilities["contract"].any()
    now = year.cover.rows if offered else None
    if now is None:
        if before is not None:
            year.rare["contract_worth"] = 0.0
    elif year.calendar == JANUARY or not np.array_equal(now, before):
        fill_worth(year.families, year.persons, year.rare, *year.expect(), year.cover, 0, len(year.families) - 1)
    return now


@compiled
def saved(person, poor, charges, shares, bills, referred, cover):
    """Fen that a contract is expected to save the person in a year.

    ``charges`` are those expected of the year, fen; ``shares`` their parts and ``bills`` the bills for each fen of
    them, by what is treated, setting and tier (3, 2, 5); ``referred`` (5,) the share of a tier's patients who come
    referred. Places are taken to lie in the pooling area.
    """
    plan = insured_by(person, cover)
    total = 0.0
    for setting in range(SETTINGS):
        whole_setting = 0.0
        for treats in range(TREATS):
            for tier in range(len(TIERS)):
                whole_setting += shares[treats, setting, tier]
        for treats in range(TREATS):
            known = (treats == 1 and person.hypertension >= DIAGNOSED) or (treats == 2 and person.diabetes >= DIAGNOSED)
            status = (CHRONIC if known else 0) + (POOR if poor == 1 else 0)
            for tier in range(len(TIERS)):
                if shares[treats, setting, tier] == 0.0:
                    continue
                fen = whole(charges * shares[treats, setting, tier])
                part = shares[treats, setting, tier] / whole_setting
                count = charges * bills[treats, setting, tier]
                for sent in range(2):
                    without = (status + (REFERRED if sent == 1 else 0)) & cover.read
                    usual = cover.rows[cover_row(plan, setting, tier, without)]
                    better = cover.rows[cover_row(plan, setting, tier, without | SIGNED)]
                    gain = own_expected(usual, fen, count, part) - own_expected(better, fen, count, part)
                    total += (referred[tier] if sent == 1 else 1.0 - referred[tier]) * gain
    return total


@compiled
def fill_worth(families, persons, rare, charges, shares, bills, referred, cover, low, high):
    """Fill the column `contract_worth` of the members of families ``low`` to ``high``; ``shares`` and ``bills`` are by
    class of risk (CLASSES, 3, 2, 5), ``charges`` by person."""
    for i in range(low, high):
        for j in range(families[i].first, families[i + 1].first):
            p = persons[j]
            c = risk_class(p.age, p.sex, p.hypertension, p.diabetes)
            rare[j].contract_worth = saved(p, families[i].poor, charges[j], shares[c], bills[c], referred, cover) / FEN
