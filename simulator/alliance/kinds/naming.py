"""Which hospital is named in a referral (转诊去向): doctors of primary care prefer the one of their alliance, as far as
keeping the case is worth something to them (`practice/actions/refer_within.py`).

It acts on who is sent up by the doctor, and on nobody else. Who asks to be sent up says where to.
"""

from simulator.alliance.channel import SENT_UP, Channel
from simulator.core.messages import Text

CHANNEL = Channel(text=Text("hospital doctors name", "医生推荐的医院"), parameters=("refer_within",), use=(SENT_UP,))
