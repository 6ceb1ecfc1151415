"""What families know of the alliance's primary care (知晓与信任): that a station belongs to a hospital's group tells
them something of its skill, so they underrate it less.

misperception of a member = `misperception` · (1 − `alliance_known`)

It adds no patient by itself: it moves who thought the doctor next door worse than the doctor is.
"""

import numpy as np

from simulator.alliance.channel import Channel
from simulator.core.messages import Text
from simulator.core.names import CENTRE

CHANNEL = Channel(text=Text("what families know", "居民对基层的了解"), parameters=("alliance_known",))


def informs(facilities, par):
    """The same share at every station and centre that is a member."""
    member = (facilities["alliance"] >= 0) & (facilities["tier"] <= CENTRE)
    return np.where(member, par["alliance_known"], 0.0)
