"""Phase 10, settle: rules price the counts and money moves."""

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.engine.terms.alliances import budget_shares
from simulator.engine.terms.in_use import counted
from simulator.engine.terms.insurers import together, work
from simulator.engine.terms.investment import invest_margins
from simulator.engine.terms.trade import settling
from simulator.engine.terms.unified import share_purse
from simulator.fund.adjustment import PAID_IN
from simulator.fund.extras import check_accounts, check_extras
from simulator.fund.insurers import close_year
from simulator.fund.money_laws import check_month
from simulator.fund.settlement import settle_month
from simulator.payment.closed import used_rows


def settle(world: World, engine: Engine) -> None:
    """10. Rules price the counts, money moves, the month's ledger is closed and checked."""
    w, tally = world, world.tally
    tally.used = used_rows(tally.counts)
    w.year_sums["plans"] = w.year_sums.get("plans", 0) + tally.plans
    w.year_sums["events"] = w.year_sums.get("events", 0) + tally.events
    w.home_payments = [*w.home_payments[-11:], tally.homes]
    market = settling(w)
    assert market.chosen is not None
    month = counted(w, market.chosen)
    extras = (w.payers, tally.extras.sum(axis=2))
    tally.settled = settle_month(
        w.ledger, w.accounts, w.system, market, w.books, month, w.pools, budget_shares(w), extras
    )
    insurance(w, engine)
    invest_margins(w)
    share_purse(w)
    tally.ledger = w.ledger.close()
    for insurer in w.insurers:
        insurer.count(w.ledger, tally.ledger)
    check_month(w.ledger, tally.ledger, w.accounts, w.system, market, month, tally.settled)
    check_extras(w.ledger, tally.ledger, w.accounts.facility, *extras)
    check_accounts(w.ledger, w.families[:-1], w.whole)
    w.margins = [*w.margins[-11:], tally.settled.margin]
    fund = w.accounts.fund
    rows = tally.ledger.postings
    paid = np.zeros(len(w.ledger.accounts), np.int64)
    aside = np.array([kind in ("reserve", "merger", PAID_IN) for kind in w.ledger.kinds], bool)
    spending = ~aside[rows["kind"]]
    np.add.at(paid, rows["payer"][spending], rows["fen"][spending])
    places = np.zeros(len(paid), bool)
    places[w.accounts.facility] = True
    refunds = places[rows["payer"]]
    np.subtract.at(paid, rows["payee"][refunds], rows["fen"][refunds])
    w.fund_spent = [*w.fund_spent[-11:], paid[fund]]
    for adjustment in w.adjustments:
        adjustment.spent[adjustment.funds] += paid[adjustment.funds]


def insurance(world: World, engine: Engine) -> None:
    """What the insurers beside the funds do once the month's bills are paid: relief is given, in December
    surpluses and profits are shared out."""
    families, paid = world.families[:-1], world.tally.settled.paid
    for charity in world.charities:
        families["paid_year"] -= charity.relieve(world.ledger, families, world.whole)
    for insurer in world.insurers:
        for kind, fen in together(world, insurer).items():
            paid[kind] = paid.get(kind, 0) + fen
    if int(world.clock[0]["calendar"]) == DECEMBER:
        for insurer in world.insurers:
            closed = close_year(world.ledger, world.accounts, insurer, work(world), engine.insurer(insurer))
            for kind, fen in closed.items():
                paid[kind] = paid.get(kind, 0) + fen
