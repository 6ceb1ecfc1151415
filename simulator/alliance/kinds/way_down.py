"""A step down that is arranged (下转衔接): the hospital's doctor knows the centre, the bed is booked, the plan of care
goes along, so patients agree more readily.

logit of consenting within = that elsewhere + `green_consent`
"""

from simulator.alliance.channel import SENT_DOWN, Channel
from simulator.core.jit import compiled
from simulator.core.messages import Text

CHANNEL = Channel(text=Text("ease of stepping down", "下转便利"), parameters=("green_consent",), use=(SENT_DOWN,))


@compiled
def consents(hospital, receiver, par):
    """The same between all members."""
    return par.green_consent
