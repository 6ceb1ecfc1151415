"""Members of plans: who is retired, who takes part where people choose, and what claims come to."""

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


def of_age(month: Month) -> Iterator[Figure]:
    """People at the age of retirement by basic plan."""
    seen = month.census
    for plan, old, people in zip(month.world.words.plans, seen.retired.tolist(), seen.by_plan.tolist(), strict=True):
        yield Figure(float(old), float(people), plan=plan)


retired_share = Indicator(
    "retired_share",
    "share",
    "plan",
    "people whose plan it is, at the age at which employees retire",
    "people whose plan it is",
    Text("at the age of retirement", "达到退休年龄者占比"),
    of_age,
)
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
INSURANCE = Subject(
    "Members of plans",
    retired_share,
    participation,
    loss_ratio,
    rows=(retired_share, in_turns(participation, loss_ratio)),
)
