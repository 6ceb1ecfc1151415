"""Insurance that people choose: who takes part, and what claims come to."""

from collections.abc import Iterator

from simulator.core.messages import Text
from simulator.count.indicators.month import Month
from simulator.declare.indicator import Figure, Indicator, Subject, in_turns


def taking_part(month: Month) -> Iterator[Figure]:
    """Enrolled people by voluntary plan; members by insurer."""
    world = month.world
    for p, plan in enumerate(world.words.plans):
        if world.enrolment[p]:
            yield Figure(float(world.financing.insured[p]), float(world.financing.persons[p]), plan=plan)
    for k, insurer in enumerate(world.insurers):
        yield Figure(float(month.census.members[k]), float(month.census.may_join[k]), plan=insurer.name)


def losses(month: Month) -> Iterator[Figure]:
    """Claims and premiums by insurer."""
    for insurer in month.world.insurers:
        yield Figure(float(insurer.last), insurer.monthly, plan=insurer.name)


participation = Indicator(
    "participation",
    "share",
    "plan",
    "people enrolled in a voluntary basic plan, members of a mutual plan, holders of a policy",
    "people whose plan it is, or who may join",
    Text("participation", "参与率"),
    taking_part,
)
loss_ratio = Indicator(
    "loss_ratio",
    "share",
    "plan",
    "claims that a mutual or commercial plan pays, less what was denied",
    "the month's part of its premiums",
    Text("claims in premiums", "赔付率"),
    losses,
    unbounded=True,
)
INSURANCE = Subject("Insurance by choice", participation, loss_ratio, rows=(in_turns(participation, loss_ratio),))
