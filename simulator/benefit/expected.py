"""What a person is left with of the covered charges of a year that lies ahead, before they come as bills."""

from simulator.benefit.further_cover import more
from simulator.benefit.rules.ceiling import under_ceiling
from simulator.benefit.rules.deductible import below_deductible
from simulator.benefit.rules.fee_waiver import waived
from simulator.benefit.rules.first_self_pay import first_self_pay
from simulator.benefit.rules.share import fund_share
from simulator.core.jit import compiled
from simulator.core.maths import whole


@compiled
def own_expected(row, charges, bills, part):
    """Own part of ``charges`` fen that are expected in a year of one setting and tier, in so many ``bills``, fen.

    They are taken as one bill, under as many deductibles and waived fees as there are bills; further cover is of the
    mean bill. Of a yearly deductible, and of the ceiling, they have their ``part`` (0 to 1) of the setting's charges.
    ``row`` is one of the cover table.
    """
    first = first_self_pay(charges, row.first_self_pay)
    due = whole(row.deductible * (part if row.per_year == 1 else bills))
    below = below_deductible(charges - first, due, 0)
    fund = under_ceiling(fund_share(charges - first - below, row.fund_pays), whole(row.ceiling * part), 0)
    own = charges - fund - waived(charges - fund, whole(row.waives * bills))
    return own - whole(bills * more(whole(own / max(bills, 1.0)), row))
