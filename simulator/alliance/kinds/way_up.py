"""A referral up without errands (上转便利): one record, one booking made by the doctor, no second registration.

hassle of asking to be sent up, and of being sent, within = `ask_hassle` − `green_effort`

More patients ask, and the way by primary care is worth more to who expects to be sent on.
"""

from simulator.alliance.channel import SENT_UP, Channel
from simulator.core.jit import compiled
from simulator.core.messages import Text

CHANNEL = Channel(text=Text("ease of being sent up", "上转便利"), parameters=("green_effort",), use=(SENT_UP,))


@compiled
def eases(wait, par):
    """Utility of what need not be done."""
    return par.green_effort
