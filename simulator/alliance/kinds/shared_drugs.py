"""One list of drugs (药品目录统一): who is stepped down keeps the medicines, so patients agree more readily.

logit of consenting = that elsewhere + `share_drugs`, between members with one list
"""

from simulator.alliance.channel import SENT_DOWN, Channel
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column

CHANNEL = Channel(
    text=Text("one list of drugs", "药品目录统一"),
    parameters=("share_drugs",),
    needs="drugs",
    facilities=(Column("shared_drugs", "i8", "0 or 1", "its drug list is that of its alliance"),),
    use=(SENT_DOWN,),
)


def enforce(facilities, alliance):
    """Members have one list."""
    facilities["shared_drugs"][alliance.members] = 1


@compiled
def consents(hospital, receiver, par):
    """Where both have it."""
    return par.share_drugs * hospital.shared_drugs * receiver.shared_drugs
