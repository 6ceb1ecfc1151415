"""Phase 3, financing: insurance is chosen, funds get their money."""

import numpy as np

from simulator.core.clock import JANUARY
from simulator.core.money import total
from simulator.engine.engine import Engine
from simulator.engine.enrolment import choices, conclude
from simulator.engine.state.world import World
from simulator.engine.terms.usual_year import value_services
from simulator.fund.extras import credit_accounts
from simulator.fund.reserves import months_held
from simulator.fund.settlement import post_financing, set_reserves


def financing(world: World, engine: Engine) -> None:
    """3. People choose their insurance; premiums, subsidies and donations come in; what services are worth is
    valued. When reporting begins, funds hold the reserve that the scenario says; later, in January, they look after
    it."""
    calendar = int(world.clock[0]["calendar"])
    if calendar == JANUARY:
        world.count_insured()
        for adjustment in world.adjustments:
            adjustment.draw(world.ledger)
    if world.month == world.burn_in:
        months = min(len(world.fund_spent), 12)
        monthly = np.sum(world.fund_spent[-12:], axis=0) / months if months else world.financing.income / 12
        set_reserves(world.ledger, world.accounts, np.rint(monthly * world.reserve_months).astype(np.int64))
        for adjustment in world.adjustments:
            adjustment.empty(world.ledger)
    elif calendar == JANUARY and world.month > world.burn_in:
        keep_reserves(world, engine)
    for choice, insurer in choices(world, calendar, engine.insurer):
        engine.enrol(world, choice)
        conclude(world, choice, insurer, calendar, engine.insurer)
    value_services(world, calendar)
    income = post_financing(world.ledger, world.accounts, world.financing, calendar)
    for adjustment in world.adjustments:
        adjustment.collect(world.ledger, income)
    credit_accounts(
        world.ledger, world.families, world.persons, world.credit, world.credited_by, world.clock[0], world.whole
    )
    for charity in world.charities:
        charity.begin_month(world.ledger, world.families[:-1], world.people, calendar)


def keep_reserves(world: World, engine: Engine) -> None:
    """Funds with a reserve policy ask for more or less this year."""
    balance, spent = world.ledger.balance[world.accounts.fund], total(world.fund_spent, len(world.accounts.fund))
    for p, corridor in enumerate(world.reserve_policies):
        if corridor is not None:
            months = float(months_held(balance[p], spent[p], len(world.fund_spent)))
            world.reserve_factor[p] = engine.reserve(
                world, p, float(world.reserve_factor[p]), months, world.january_reserve.get(p)
            )
            world.january_reserve[p] = months
    world.count_insured()
