"""How large the sample is beside the place."""

from simulator.core.messages import Text
from simulator.declare.indicator import Indicator, Subject, whole

people_per_sampled_person = Indicator(
    "people_per_sampled_person",
    "number",
    "–",
    "people of the place",
    "sampled persons",
    Text("people that one sampled person stands for", "每名抽样居民所代表的人数"),
    whole(lambda m: (m.world.people * m.world.weight, m.world.people)),
)
SAMPLE = Subject("Sample", people_per_sampled_person)
