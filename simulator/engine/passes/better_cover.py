"""What a contract with the family doctor is worth to each person in better cover; see `simulator.engine.contracts`."""

from simulator.benefit.cover import cover_row, insured_by
from simulator.benefit.expected import own_expected
from simulator.benefit.status import CHRONIC, POOR, REFERRED, SIGNED
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import DIAGNOSED, TIERS
from simulator.illness.onset import risk_class

SETTINGS = 2
"""Settings that cover tells apart: outpatient, and inpatient with its continuation."""
TREATS = 3
"""What a case group treats: neither chronic disease, hypertension, diabetes."""


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
def value(families, persons, charges, shares, bills, referred, cover, low, high):
    """Fill the column `contract_worth` of the members of families ``low`` to ``high``; ``shares`` and ``bills`` are by
    class of risk (CLASSES, 3, 2, 5), ``charges`` by person."""
    for i in range(low, high):
        for j in range(families[i].first, families[i + 1].first):
            p = persons[j]
            c = risk_class(p.age, p.sex, p.hypertension, p.diabetes)
            p.contract_worth = saved(p, families[i].poor, charges[j], shares[c], bills[c], referred, cover) / 100.0
