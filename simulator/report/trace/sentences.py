"""What happened to a family in a month, in sentences; text and timeline both show these."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.choice.place import NOWHERE
from simulator.core.messages import say
from simulator.core.names import CARE, CASCADE, DISEASES, SEXES, TIERS
from simulator.engine.state.episodes import (
    FATAL,
    FORGONE,
    ILLNESS,
    READMITTED,
    REFILL,
    RETURNING,
    UNWELL,
    WAITED_BED,
    WAITED_VISIT,
    WAITS_BED,
    WAITS_VISIT,
    WELL,
)
from simulator.illness.severity import urgency_of
from simulator.report.display import figure, word
from simulator.study.trace.record import Bill, Episode, FamilyMonth, Member, Option, Story

KINDS = {
    ILLNESS: "ill",
    REFILL: "refill",
    RETURNING: "back",
    READMITTED: "readmitted",
    WAITED_VISIT: "waited_visit",
    WAITED_BED: "waited_bed",
}
BACK = (RETURNING, READMITTED)
OUTCOMES = {WELL: "well", UNWELL: "unwell", FATAL: "fatal"}
SEVERITIES = ("mild", "moderate", "severe", "critical")
STAGES = ("", "fit", "offered", "accepted", "consented")
TOLD = 3
"""Reasons named on either side."""
SEEN = 0.005
"""Changes of trust and habit that are worth a word."""


@dataclass(slots=True)
class Grid:
    """Options side by side: headings, rows of cells, and the row that was chosen (-1 for none)."""

    head: list[str]
    rows: list[list[str]]
    chosen: int


@dataclass(slots=True)
class Entry:
    """Something that happened: a heading and sentences, each perhaps with the options that it is about."""

    title: str
    parts: list[str | Grid] = field(default_factory=list)


def who(number: int, person: Member) -> str:
    """A member in words."""
    return say(f"trace.who_{SEXES[person.sex]}", number=number + 1, age=person.age)


def yuan(fen: float) -> str:
    """An amount, in yuan without the word."""
    return f"{fen / 100:,.0f}"


def family_lines(story: Story) -> list[str]:
    """Who the family is and where it can go."""
    family = story.family
    first = say(
        "trace.family",
        number=family.number,
        size=len(family.members),
        where=say("trace.urban" if family.urban else "trace.rural"),
        area=word("area", family.area),
        income=yuan(family.income),
    )
    lines = [first + (say("trace.poor") if family.poor else "")]
    for n, person in enumerate(family.members):
        ill = [
            say("trace.disease", disease=word("part", name), state=say(f"trace.state_{CASCADE[state]}"))
            for name, state in zip(DISEASES, (person.hypertension, person.diabetes), strict=True)
            if state
        ]
        lines.append(
            say("trace.member", who=who(n, person), plan=word("plan", story.plans[person.plan]))
            + "".join(say("trace.and_ill", what=each) for each in ill)
        )
    places = [
        say(
            "trace.place",
            place=story.facilities[place],
            tier=word("tier", TIERS[story.tiers[place]]),
            minutes=f"{minutes:.0f}",
        )
        for place, minutes in family.places
    ]
    lines.append(say("trace.places", places=say("trace.comma").join(places)))
    return lines


def entries(story: Story, month: FamilyMonth) -> list[Entry]:
    """All that happened in a month, in order of days."""
    lived = Entry(say("trace.life"), [*_life(story, month)])
    episodes = [_episode(story, month, episode) for episode in month.episodes]
    return [*([lived] if lived.parts else []), *episodes]


def month_foot(month: FamilyMonth) -> str:
    """Where the family stands when the month ends."""
    foot = say("trace.foot", paid=yuan(month.paid_year), trust=f"{month.trust_after:.2f}")
    return foot + (say("trace.foot_account", account=yuan(month.account)) if month.account else "")


def _life(story: Story, month: FamilyMonth) -> Iterator[str]:
    for n, (old, new) in enumerate(zip(month.before, month.after, strict=True)):
        if old.id != new.id:
            yield say("trace.died", who=who(n, old), new=who(n, new))
            continue
        name = who(n, new)
        if new.age > old.age:
            yield say("trace.birthday", who=name)
        for disease in DISEASES:
            before, after = getattr(old, disease), getattr(new, disease)
            if before != after:
                states = (say(f"trace.state_{CASCADE[state]}") for state in (before, after))
                yield say("trace.cascade", who=name, disease=word("part", disease), states=" → ".join(states))
        for flag in ("managed", "signed", "served", "enrolled"):
            if getattr(old, flag) != getattr(new, flag):
                yield say(f"trace.{flag}_{'on' if getattr(new, flag) else 'off'}", who=name)
        for bit, policy in ((1, "mutual"), (2, "indemnity")):
            if (old.policies ^ new.policies) & bit:
                yield say(f"trace.policy_{'on' if new.policies & bit else 'off'}", who=name, what=word("payer", policy))
    if abs(month.trust_neighbours - month.trust_before) >= SEEN:
        yield say("trace.neighbours", before=f"{month.trust_before:.2f}", after=f"{month.trust_neighbours:.2f}")


def _episode(story: Story, month: FamilyMonth, trail: Episode) -> Entry:
    person = month.after[trail.member]
    title = say(
        f"trace.kind_{KINDS[trail.kind]}",
        day=trail.day + 1,
        who=who(trail.member, person),
        group=word("group", story.groups[trail.group]),
        severity=say(f"trace.severity_{SEVERITIES[urgency_of(trail.severity)]}"),
        number=f"{trail.severity:.2f}",
    )
    parts = [*_visit(story, trail), *_referral(story, trail), *_stay(story, trail)]
    parts += [*_paid(story, trail), *_learned(trail)]
    if trail.outcome:
        parts.append(say(f"trace.outcome_{OUTCOMES[trail.outcome]}"))
    return Entry(title, parts)


def _visit(story: Story, trail: Episode) -> Iterator[str | Grid]:
    if trail.kind in (*BACK, WAITED_BED):
        return
    chosen = trail.first
    yield _grid(story, trail.options, chosen, beds=False)
    if chosen < 0:
        yield say("trace.nowhere")
        return
    yield from _why(story, trail.options, chosen)
    if trail.kind != REFILL:
        yield say("trace.felt", felt=f"{trail.felt:.2f}", worried=f"{trail.worried:.2f}")
    first, going = trail.options[chosen].place, figure(trail.going, "share")
    if trail.seen_to:
        yield say("trace.at_work_cured" if trail.cured else "trace.at_work")
    elif trail.wanted < 0:
        yield say("trace.home", going=going)
    elif trail.wanted == first:
        yield say("trace.went", going=going)
    else:
        yield say("trace.nearer", going=going, place=story.facilities[trail.wanted])
    if trail.seen >= 0:
        if trail.seen != trail.wanted:
            yield say("trace.second", place=story.facilities[trail.wanted])
        yield say("trace.seen_cured" if trail.cured else "trace.seen", place=story.facilities[trail.seen])
    elif trail.wanted >= 0:
        place = story.facilities[trail.wanted]
        yield say("trace.slot_waits" if trail.ends == WAITS_VISIT else "trace.slot_none", place=place)


def _referral(story: Story, trail: Episode) -> Iterator[str]:
    if trail.consulted >= 0:
        key = "trace.consulted_read" if trail.read else "trace.consulted"
        yield say(key, place=story.facilities[trail.seen], hospital=story.facilities[trail.consulted])
    if trail.handed:
        yield from _handed_over(story, trail)
    elif trail.sent_to >= 0:
        yield say(
            "trace.sent_asked" if trail.asked else "trace.sent",
            place=story.facilities[trail.seen],
            hospital=story.facilities[trail.sent_to],
        )
        if trail.referred < 0:
            yield say("trace.sent_none")
        elif trail.referred != trail.sent_to:
            yield say("trace.sent_second", hospital=story.facilities[trail.referred])
        else:
            yield say("trace.sent_seen", hospital=story.facilities[trail.referred])


def _handed_over(story: Story, trail: Episode) -> Iterator[str]:
    yield say("trace.handed", place=story.facilities[trail.seen])
    if trail.referred >= 0:
        yield say("trace.handed_seen", place=story.facilities[trail.referred])
    else:
        yield say("trace.handed_none" if trail.sent_to >= 0 else "trace.handed_home")


def _stay(story: Story, trail: Episode) -> Iterator[str | Grid]:
    if not trail.needs_bed:
        return
    yield say("trace.needs_bed")
    if trail.beds:
        chosen = next((n for n, option in enumerate(trail.beds) if option.place == trail.bed_wanted), -1)
        yield _grid(story, trail.beds, chosen, beds=True)
        if chosen >= 0:
            yield from _why(story, trail.beds, chosen)
    elif trail.kind not in BACK:
        yield say("trace.bed_nowhere")
    if trail.refused:
        yield say("trace.refused")
    if not trail.takes_bed:
        yield say("trace.bed_declined")
        return
    if trail.admitted < 0:
        yield say("trace.bed_waits" if trail.ends == WAITS_BED else "trace.bed_none")
        return
    if trail.bed_wanted not in (-1, trail.admitted):
        yield say("trace.second_bed", place=story.facilities[trail.bed_wanted])
    yield say("trace.admitted", place=story.facilities[trail.admitted], days=trail.days)
    if trail.moved_to >= 0:
        yield say("trace.moved", place=story.facilities[trail.moved_to], days=trail.tail)
    elif trail.stage:
        yield say(f"trace.stage_{STAGES[trail.stage]}")


def _why(story: Story, options: list[Option], chosen: int) -> Iterator[str]:
    """What speaks for the option drawn, against the best of the others, and what against it."""
    here = options[chosen]
    others = [option for n, option in enumerate(options) if n != chosen and option.utility > NOWHERE]
    if not others:
        yield say("trace.only", place=story.facilities[here.place])
        return
    rival = max(others, key=lambda option: option.utility)
    gaps = {term: here.terms.get(term, 0.0) - rival.terms.get(term, 0.0) for term in here.terms | rival.terms}
    ranked = sorted(gaps.items(), key=lambda gap: -abs(gap[1]))
    sides = []
    for key, sign in (("trace.for", 1), ("trace.against", -1)):
        named = [
            say("trace.reason", term=say(f"trace.term_{term}"), gap=f"{gap:+.2f}")
            for term, gap in ranked
            if gap * sign >= SEEN
        ][:TOLD]
        if named:
            sides.append(say(key, reasons=say("trace.comma").join(named)))
    yield say(
        "trace.why_best" if here.utility >= rival.utility else "trace.why_drawn",
        place=story.facilities[here.place],
        chance=figure(here.drawn, "share"),
        rival=story.facilities[rival.place],
        sides="".join(sides),
    )


def _grid(story: Story, options: list[Option], chosen: int, beds: bool) -> Grid:
    columns = ("place", "way", "price", "utility", "drawn")
    if not beds:
        columns = ("place", "way", "wait", "price", "chance", "utility", "drawn")
    rows = []
    for option in options:
        cells = {
            "place": story.facilities[option.place],
            "way": f"{option.minutes:.0f}",
            "wait": f"{option.wait:.1f}",
            "price": f"{option.price:,.0f}",
            "chance": figure(option.chance, "share", mark=False) if option.chance is not None else "",
            "utility": f"{option.utility:.2f}",
            "drawn": figure(option.drawn, "share", mark=False),
        }
        rows.append([cells[column] for column in columns])
    return Grid([say(f"trace.column_{column}") for column in columns], rows, chosen)


def _paid(story: Story, trail: Episode) -> Iterator[str]:
    for bill in trail.bills:
        yield say(
            "trace.bill",
            place=story.facilities[bill.place],
            care=word("care", CARE[bill.care]),
            bills=bill.bills,
            charge=yuan(bill.charge),
            payers=say("trace.comma").join(payers(bill)),
        )


def payers(bill: Bill) -> Iterator[str]:
    """Who pays how much of a bill, the family first."""
    shares = {"family": bill.family, "fund": bill.fund, **bill.others}
    for name, fen in shares.items():
        if fen or name in ("family", "fund"):
            yield say("trace.pays", payer=word("payer", name), yuan=yuan(fen))


def _learned(trail: Episode) -> Iterator[str]:
    before, after = trail.trust
    learned = []
    if abs(after - before) >= SEEN:
        learned.append(say("trace.trust", before=f"{before:.2f}", after=f"{after:.2f}"))
    for tier, (old, new) in enumerate(zip(*trail.habit, strict=False)):
        if new - old >= SEEN:
            share = say("trace.habit", tier=word("tier", TIERS[tier]), before=f"{old:.2f}", after=f"{new:.2f}")
            learned.append(share)
    if learned:
        yield say("trace.learned", what=say("trace.semicolon").join(learned))
    if trail.ends == FORGONE and trail.seen < 0:
        yield say("trace.forgone")
