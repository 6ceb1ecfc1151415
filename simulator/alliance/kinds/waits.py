"""Slots kept for those sent up within the alliance (预留号源、绿色通道): they wait less, and come before others who
were sent up with the same urgency.

wait of who is sent up within = wait · (1 − `green_wait`),   place in the queue · (1 − `green_wait`)

Who was sent by others moves back for it: no slot is added.
"""

from simulator.alliance.channel import SENT_UP, Channel
from simulator.core.jit import compiled
from simulator.core.messages import Text

CHANNEL = Channel(text=Text("waits of the referred", "转诊等候与号源"), parameters=("green_wait",), use=(SENT_UP,))


@compiled
def eases(wait, par):
    """Utility of the hours saved."""
    return par.wait * par.green_wait * wait


@compiled
def ahead(par):
    """Share of those before in the queue who are passed."""
    return par.green_wait
