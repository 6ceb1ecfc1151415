"""What patients pay (价格与报销): cover and its adjustments, such as more of a bill within the alliance or after a
referral, that come with it.

It has no parameter: families answer to prices as to any other. Where it is off they pay as under the rules that every
arm starts from.
"""

from simulator.alliance.channel import Channel
from simulator.core.messages import Text

CHANNEL = Channel(text=Text("what patients pay", "患者支付价格"), terms=("benefit", "adjustments"))
