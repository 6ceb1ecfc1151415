"""Online care, where there are internet hospitals; its share of visits is `visit_share` at the tier `online`."""

from collections.abc import Iterator

from simulator.core.messages import Text
from simulator.core.names import ONLINE
from simulator.count.indicators.month import Month
from simulator.declare.indicator import Figure, Figures, Indicator, Subject
from simulator.declare.use import Use


def of_first_contacts(event: str) -> Figures:
    """What internet hospitals count as ``event``, of the patients whom they see first."""

    def figures(month: Month) -> Iterator[Figure]:
        if (month.world.facilities["tier"] == ONLINE).any():
            yield Figure(float(month.events(event)[ONLINE]), float(month.events("first_contacts")[ONLINE]))

    return figures


handed_over_share = Indicator(
    "handed_over_share",
    "share",
    "–; only where there are internet hospitals",
    "patients seen online who had to be examined, and were handed over to a place",
    "first contacts online",
    Text("seen online and handed over to a place", "线上就诊转线下占比"),
    of_first_contacts("handed_over"),
    events=True,
)
delivered_share = Indicator(
    "delivered_share",
    "share",
    "–; only where there are internet hospitals",
    "prescriptions online whose medicines were brought to the family",
    "first contacts online",
    Text("online visits with medicines delivered", "线上就诊药品配送占比"),
    of_first_contacts("delivered"),
    events=True,
)
USE = Use(unused=Text("nobody chose online care", "没有居民选择线上就诊"), events=("first_contacts",), tier="online")
"""How it shows that anybody turned to an internet hospital."""
ONLINE_CARE = Subject("Online care", handed_over_share, delivered_share)
