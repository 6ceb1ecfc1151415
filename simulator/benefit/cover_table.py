"""The cover table: terms of the plans, and what contract, referral, poverty, disease and place change in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np

from simulator.benefit.cover import COVER, NO_LIMIT, ROWS, cover_row
from simulator.benefit.further_cover import known
from simulator.benefit.rules.adjustment import adjusted, halved
from simulator.benefit.rules.online import Online, paid_online
from simulator.benefit.rules.retired import share_of_retired
from simulator.benefit.status import AWAY, CHRONIC, RETIRED, STATUSES, UNFILED, WHEN
from simulator.benefit.terms import Benefit, Care
from simulator.core.names import CARE, ONLINE, OUTPATIENT, TIERS


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What holds for bills of some plans, settings and tiers whose status is as ``when`` says; codes."""

    plans: Sequence[int]
    care: Sequence[int]
    tiers: Sequence[int]
    when: Sequence[str]  # words of `WHEN`, all of which must hold
    points: float = 0.0
    deductible: int | str | None = None  # fen, or `half`, `waived`, `once_per_episode`
    ceiling: int | None = None  # fen per year
    waives: int = 0  # fen of every bill

    @property
    def bits(self) -> int:
        """Bits of the status that it asks about."""
        return reduce(or_, (WHEN[word][0] for word in self.when), 0)

    def holds(self, status: int) -> bool:
        """Whether it holds for a status."""
        return all(status & asked == wanted for asked, wanted in (WHEN[word] for word in self.when))


def cover_table(
    benefits: Mapping[str, Benefit],
    plans: Sequence[str],
    adjustments: Sequence[Adjustment] = (),
    fills: Sequence[Callable[[np.ndarray, str, str], None]] = (),
) -> np.ndarray:
    """The cover table of ``plans``, in their order, and of nobody's plan; ``fills`` change the rows of a plan, setting
    and tier, as services do."""
    table = COVER.rows((len(plans) + 1) * ROWS)
    shared = any(b.personal_account and b.personal_account.used_for == "family" for b in benefits.values())
    for number, plan in enumerate(plans):
        benefit = benefits[plan]
        further = [rule for key in known() if (rule := getattr(benefit, key)) is not None]
        for setting, care in enumerate((benefit.outpatient, benefit.inpatient)):
            for tier, name in enumerate(TIERS):
                first = cover_row(number, setting, tier)
                rows = table[first : first + STATUSES]
                rows[:] = _ordinary(benefit, care, name)
                rows["account"] = shared or benefit.personal_account is not None
                for fill in fills:
                    fill(rows, CARE[setting], name)
                for rule in further:
                    rule.fill(rows, CARE[setting], name)
                if setting == OUTPATIENT and benefit.chronic_outpatient:
                    _chronic(benefit, rows, name)
                if benefit.retired:
                    _retired(rows, getattr(benefit.retired, CARE[setting]))
                mine = [a for a in adjustments if number in a.plans and setting in a.care and tier in a.tiers]
                if getattr(care, name) and (mine or benefit.cross_region):
                    for status in range(STATUSES):
                        _adjust(benefit, rows[status], status, [a for a in mine if a.holds(status)])
        if benefit.online:
            _online(benefit.online, table, number)
    return table


def bits_read(benefits: Mapping[str, Benefit], adjustments: Sequence[Adjustment]) -> int:
    """Bits of the status on which any bill depends."""
    read = reduce(or_, (a.bits for a in adjustments), 0)
    for benefit in benefits.values():
        read |= CHRONIC if benefit.chronic_outpatient else 0
        read |= CHRONIC if benefit.online and benefit.online.first_visits != "paid" else 0
        read |= AWAY | UNFILED if benefit.cross_region else 0
        read |= RETIRED if benefit.retired else 0
    return read


def _ordinary(benefit: Benefit, care: Care, tier: str) -> np.ndarray:
    """The row of a tier before any status."""
    rows = COVER.rows(1)
    terms, row = getattr(care, tier), rows[0]
    row.first_self_pay = care.first_self_pay
    row.per_year = care.deductible_is == "per_year"
    if terms:
        row.deductible, row.fund_pays = terms.deductible, terms.fund_pays
        if terms.repeat:
            row.second, row.later = terms.repeat.second, terms.repeat.later
    if care.ceiling is not None:
        row.ceiling = care.ceiling
    if benefit.catastrophic:
        row.catastrophic_above = benefit.catastrophic.above
        row.catastrophic_share = benefit.catastrophic.fund_pays
    if benefit.cross_region:
        row.filed = benefit.cross_region.who_files
    return rows


def _chronic(benefit: Benefit, rows: np.ndarray, tier: str) -> None:
    """Chronic outpatient terms into the rows (STATUSES,) of a tier, where it has them."""
    terms = benefit.chronic_outpatient
    if terms is None or tier not in terms.fund_pays:
        return
    mine = np.arange(STATUSES) & CHRONIC != 0
    rows["fund_pays"][mine] = terms.fund_pays[tier]
    rows["deductible"][mine] = terms.deductible
    rows["per_year"][mine] = rows["apart"][mine] = 1
    rows["ceiling"][mine] = NO_LIMIT if terms.ceiling is None else terms.ceiling


def _online(terms: Online, table: np.ndarray, plan: int) -> None:
    """Terms of visits online into the rows of a plan, once those of all tiers are there."""
    first = cover_row(plan, OUTPATIENT, ONLINE)
    rows = table[first : first + STATUSES]
    if terms.as_at is not None:
        there = cover_row(plan, OUTPATIENT, TIERS.index(terms.as_at))
        rows[:] = table[there : there + STATUSES]
    for status in range(STATUSES):
        if not paid_online(int(status & CHRONIC != 0), int(terms.first_visits == "paid")):
            account, filed = rows[status].account, rows[status].filed
            rows[status] = COVER.rows(1)[0]
            rows[status].account, rows[status].filed = account, filed
            rows[status].refused = terms.first_visits == "refused"


def _retired(rows: np.ndarray, own_part: float) -> None:
    """Terms of the retired into the rows (STATUSES,) of a setting and tier."""
    for status in np.flatnonzero(np.arange(STATUSES) & RETIRED):
        rows[status].fund_pays = round(share_of_retired(float(rows[status].fund_pays), own_part), 10)


def _adjust(benefit: Benefit, row: np.record, status: int, held: Sequence[Adjustment]) -> None:
    """What a status changes in its row."""
    points = sum(a.points for a in held)
    region = benefit.cross_region
    if region and status & AWAY:
        strange = bool(status & UNFILED)
        points += region.unfiled if strange and region.unfiled is not None else region.fund_pays
        settled = region.unfiled_settled if strange and region.unfiled_settled is not None else region.settled
        row.advance = settled == "pay_first"
        if region.unlisted > 0.0:
            row.first_self_pay = round(1.0 - (1.0 - float(row.first_self_pay)) * (1.0 - region.unlisted), 10)
    row.fund_pays = round(adjusted(float(row.fund_pays), points), 10)
    offers = [int(row.deductible)]
    for a in held:
        words = {"half": halved(int(row.deductible)), "waived": 0, "once_per_episode": int(row.deductible)}
        if a.deductible is not None:
            offers.append(words[a.deductible] if isinstance(a.deductible, str) else a.deductible)
            row.once |= a.deductible == "once_per_episode"
        if a.ceiling is not None:
            row.ceiling = max(int(row.ceiling), a.ceiling) if row.ceiling < NO_LIMIT else NO_LIMIT
        row.waives = max(int(row.waives), a.waives)
    row.deductible = min(offers)
