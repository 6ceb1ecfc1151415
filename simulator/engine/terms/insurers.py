"""Insurers and providers that work together: what it moves after a month, and what providers then expect of a fen."""

import numpy as np

from simulator.core.names import INPATIENT, OUTPATIENT
from simulator.engine.state.world import World
from simulator.fund.form import Month
from simulator.fund.insurers import Insurer, work_together
from simulator.payment.books import CASES
from simulator.payment.price import by_row

CONDUCT = {"outpatient": ("outpatient_parts", "intensity_out"), "inpatient": ("inpatient_parts", "intensity_in")}
"""Column of the beliefs about a billed yuan -> columns of services by part: their usual share, and their number."""
SPAN = 12
"""Months over which a facility remembers what part of its income an insurer brings."""


def work(world: World) -> np.ndarray:
    """Cases of the last twelve months by facility, int64 (F,): a surplus is shared by them."""
    if world.books.sums is None:
        return np.zeros(len(world.facilities), np.int64)
    cells, counts = world.books.sums
    return by_row(counts[:, CASES], world.cells["facility"][cells], len(world.facilities))


def weigh_insurers(world: World) -> None:
    """What one more fen billed brings, with what it costs the insurer as far as that comes back to the facility."""
    fac, table = world.facilities, world.beliefs
    for insurer in world.insurers:
        form = insurer.plan.form
        if form is None and not insurer.plan.surplus_kinds:
            continue
        share = _share(world, insurer)
        if form is None:
            own, cost = np.ones((len(fac), 1)), _of_surplus(world, insurer, share)
        else:
            own = form.own(share, insurer.signed)[:, None]
            cost = form.cost(share, insurer.signed)
        for column, (_, services) in CONDUCT.items():
            lost = np.where(fac[services] > 1.0, cost[:, 1:], cost[:, :1])
            # Who owns part of its profit only weighs its own costs by as much.
            table[column] = own * table[column] + (1.0 - own) * fac["marginal_cost"] - lost


def _of_surplus(world: World, insurer: Insurer, share: np.ndarray) -> np.ndarray:
    """What one more fen billed costs a facility of a plan's surplus (F, 2): the part of the fen that the plan
    pays, times its own part of what is left in December; nothing once the year's money is spent."""
    mine = np.where(insurer.signed, work(world), 0)
    part = mine / max(int(mine.sum()), 1) if world.ledger.balance[insurer.account] > 0 else np.zeros(len(mine))
    return np.repeat((share * part)[:, None], 2, axis=1)


def together(world: World, insurer: Insurer) -> dict[str, np.ndarray]:
    """What moves after a month; what each facility paid by kind (F,), negative where it received."""
    fac, settled = world.facilities, world.tally.settled
    extras = world.tally.extras[:, :, :, insurer.plan.payer].sum(axis=1)
    claims = np.stack([extras[:, OUTPATIENT], extras[:, INPATIENT:].sum(axis=1)], axis=1)
    over = np.stack([_over(fac[parts], fac[services]) for parts, services in CONDUCT.values()], axis=1)
    share = _share(world, insurer)
    calendar = int(world.clock[0]["calendar"])
    scale = 1.0 / world.weight
    seen = Month(claims, over, settled.kept, share, insurer.signed, fac["doctors"], calendar, scale)
    paid = work_together(world.ledger, world.accounts, insurer, seen)
    insurer.share = share + (claims.sum(axis=1) / np.maximum(settled.income, 1) - share) / SPAN
    return paid


def _share(world: World, insurer: Insurer) -> np.ndarray:
    return insurer.share if len(insurer.share) else np.zeros(len(world.facilities))


def _over(parts: np.ndarray, services: np.ndarray) -> np.ndarray:
    """Share of bills that is services beyond the patient's optimum (F,), from usual parts and services (F, 3)."""
    return (parts * np.maximum(services - 1.0, 0.0)).sum(axis=1) / (parts * services).sum(axis=1)
