"""What the page is told where somebody clicks: a family's months, and what a facility earns and does. Plain values."""

from typing import Any

import numpy as np

from simulator.choice.place import NOWHERE
from simulator.core.messages import LANGUAGES, catalogue
from simulator.core.names import OUTPATIENT, TIERS
from simulator.count.events import EVENTS
from simulator.engine.state.world import World
from simulator.payment.books import CASES
from simulator.practice import acts
from simulator.study.trace.family import about
from simulator.study.trace.record import Episode, FamilyMonth, Option
from simulator.study.trace.watched import Watched

REASONS = 3
"""Parts of a utility that are named on either side."""


def story(world: World, watched: Watched) -> dict[str, Any]:
    """Who a family is, and its months."""
    family = about(world, watched.family)
    return {
        "family": watched.family,
        "urban": family.urban,
        "poor": family.poor,
        "income": round(family.income / 100),
        "home": int(world.facilities["centre"][world.families["community"][watched.family]]),
        "members": [
            {"age": m.age, "sex": m.sex, "pressure": m.hypertension, "sugar": m.diabetes, "signed": m.signed,
             "served": m.served, "managed": m.managed, "plan": world.words.plans[m.plan]}
            for m in family.members
        ],
        "months": [told(world, month) for month in watched.months],
    }  # fmt: skip


def told(world: World, month: FamilyMonth) -> dict[str, Any]:
    """A month of a family."""
    return {
        "month": month.month,
        "paid_year": round(month.paid_year / 100),
        "trust": round(month.trust_after, 2),
        "episodes": [episode(world, month, each) for each in month.episodes],
    }


def episode(world: World, month: FamilyMonth, trail: Episode) -> dict[str, Any]:
    """An episode: who, what, where and why, and who paid."""
    person = month.after[trail.member]
    return {
        "age": person.age,
        "sex": person.sex,
        "kind": trail.kind,
        "group": world.words.groups[trail.group],
        "severity": round(trail.severity, 2),
        "options": [option(each) for each in trail.options if each.utility > NOWHERE],
        "first": trail.options[trail.first].place if trail.first >= 0 else -1,
        "why": reasons(trail.options, trail.first),
        "seen": trail.seen,
        "cured": trail.cured,
        "referred": trail.referred,
        "needs_bed": trail.needs_bed,
        "admitted": trail.admitted,
        "days": trail.days,
        "moved_to": trail.moved_to,
        "tail": trail.tail,
        "paid": round(sum(bill.family for bill in trail.bills) / 100),
        "fund": round(sum(bill.fund for bill in trail.bills) / 100),
        "others": round(sum(sum(bill.others.values()) for bill in trail.bills) / 100),
    }


def option(each: Option) -> dict[str, Any]:
    """A place that was weighed."""
    return {
        "place": each.place,
        "minutes": round(each.minutes),
        "wait": round(each.wait, 1),
        "price": round(each.price),
        "chance": None if each.chance is None else round(each.chance, 2),
        "utility": round(each.utility, 2),
        "drawn": round(each.drawn, 2),
    }


def reasons(options: list[Option], chosen: int) -> dict[str, Any] | None:
    """What speaks for the option drawn, against the best of the others, and what against it; the strongest first."""
    others = [each for n, each in enumerate(options) if n != chosen and each.utility > NOWHERE]
    if chosen < 0 or not others:
        return None
    here, rival = options[chosen], max(others, key=lambda each: each.utility)
    gaps = {term: here.terms.get(term, 0.0) - rival.terms.get(term, 0.0) for term in here.terms | rival.terms}
    ranked = sorted(gaps, key=lambda term: -abs(gaps[term]))
    return {
        "rival": rival.place,
        "for": [term for term in ranked if gaps[term] > 0.005][:REASONS],
        "against": [term for term in ranked if gaps[term] < -0.005][:REASONS],
    }


def facility(world: World, row: int) -> dict[str, Any]:
    """A facility in the month that has just ended, yuan and people: what it earned, believes and does."""
    facilities, tally, tier = world.facilities, world.tally, TIERS[world.facilities["tier"][row]]
    yuan = world.weight * world.money_index / 100
    mine = tally.used[(world.cells["care"][tally.used] == OUTPATIENT) & (world.cells["facility"][tally.used] == row)]
    one = slice(row, row + 1)
    figures = acts.conduct(facilities[one], world.weight) | acts.margins_seen(
        facilities[one], world.beliefs[one], world.behaviour
    )
    shown = [
        {"name": name, "en": how.text.en, "zh": how.text.zh, "value": round(float(figures[name][0]), 4),
         "kind": act.shown_as(unit)}
        for act, name, unit, how in acts.shown()
        if tier in how.tiers
    ]  # fmt: skip
    return {
        "row": row,
        "visits": round(float(tally.counts[mine, CASES].sum()) * world.weight),
        "stays": round(float(EVENTS.of(tally.events, "admissions")[row]) * world.weight),
        "income": round(float(tally.settled.income[row]) * yuan),
        "margin": round(float(tally.settled.margin[row]) * yuan),
        "year": round(float(np.sum(world.margins[-12:], axis=0)[row]) * yuan),
        "shown": shown,
    }


def words(world: World) -> dict[str, dict[str, str]]:
    """Case groups in both languages."""
    return {
        name: {lang: catalogue(lang).get(f"group.{name}", name) for lang in LANGUAGES} for name in world.words.groups
    }
