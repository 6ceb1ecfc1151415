"""Who pays of the family's part before the family does: the tables and rules of supplementary payers, in their order.

Medical aid, the mutual plan, commercial indemnity, charity; then health points, then personal accounts. All but the
last two are products: rows that say who is entitled, for which bills, and how much is paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import BeforeValidator

from simulator.benefit.cover import NO_LIMIT
from simulator.benefit.rules.advance import advance_felt, cannot_advance
from simulator.benefit.rules.health_points import redeemed
from simulator.benefit.rules.personal_account import from_account
from simulator.benefit.rules.supplement import supplement
from simulator.benefit.terms import Benefit, Terms
from simulator.core.errors import near
from simulator.core.jit import compiled
from simulator.core.messages import say
from simulator.core.names import CARE, CENTRE, OUTPATIENT, STATION, TIER_GROUPS, TIERS
from simulator.core.table import Column, Columns
from simulator.core.units import Count, PerYear, Share

__all__ = ["PAYERS", "PRODUCTS", "Offer", "Product", "advance_felt", "cannot_advance", "product_rows"]

PAYERS = ("medical_aid", "mutual", "indemnity", "charity", "account", "points")
"""Supplementary payers by code, which are the kinds of their postings too."""
AID, MUTUAL, INDEMNITY, CHARITY, ACCOUNT, POINTS = range(len(PAYERS))
MEMBER, POLICY = 1, 2
"""Bits of a person's `policies`: member of the mutual plan, holder of a commercial policy."""
EVERY_TIER = 2 ** len(TIERS) - 1
NOBODY = 999
"""An age that nobody reaches."""

PRODUCTS = Columns(
    "products",
    Column("payer", "i8", "code", "who pays: 0 medical aid, 1 mutual plan, 2 commercial indemnity, 3 charity"),
    Column("plan", "i8", "code", "basic plan of the entitled, -1 for any", -1),
    Column("policy", "i8", "bits", "policies that the entitled hold: 1 mutual plan, 2 commercial, 0 for none needed"),
    Column("poor", "i8", "0 or 1", "only families entitled to medical aid"),
    Column("catastrophic", "i8", "0 or 1", "only families whose payments of the year are catastrophic"),
    Column("care", "i8", "code", "setting: 0 outpatient, 1 inpatient with its continuation, -1 any", -1),
    Column("tiers", "i8", "bits", "tiers of the facility, a bit each", EVERY_TIER),
    Column("home", "i8", "0 or 1", "only at the family's own station and centre"),
    Column("gate", "i8", "0 or 1", "only where the insurer's compact is signed, or for those who were referred"),
    Column("group", "i8", "code", "case group, -1 for any", -1),
    Column("age_below", "i8", "years", "only persons younger than this", NOBODY),
    Column("outside", "i8", "0 or 1", "looks at items outside the catalogue too"),
    Column("above", "i8", "fen/year", "own payments of the year that it leaves to the person"),
    Column("share", "f8", "share", "of the rest, paid"),
    Column("ceiling", "i8", "fen/year", "paid at most by this payer for a person, in this setting", NO_LIMIT),
)
"""One row per product and case group, in the order in which they pay: by payer, then as listed."""


def _several(known: Sequence[str] | None) -> Any:
    """A validator that makes a word a tuple of one, and of group words their tiers; ``known`` None allows any."""

    def read(value: Any) -> tuple[str, ...]:
        words = [value] if isinstance(value, str) else list(value)
        wide = [each for word in words for each in TIER_GROUPS.get(word, (word,))] if known else words
        for word in wide:
            if known and word not in known:
                raise ValueError(say("word_unknown", text=word, words=", ".join(known)) + near(word, known))
        return tuple(wide)

    return BeforeValidator(read)


class Product(Terms):
    """One thing that a supplementary payer pays for."""

    pays: Share
    """Share that it pays of what is left to the family."""
    above: PerYear = 0
    """Own payments of a person in a calendar year that it leaves out, fen per year."""
    ceiling: PerYear | None = None
    """What the payer pays at most for one person in a calendar year, by setting, fen per year; none if left out."""
    care: Literal["outpatient", "inpatient"] | None = None
    """Setting of care; any if left out."""
    tiers: Annotated[tuple[str, ...], _several(TIERS)] = TIERS
    """Tiers, or `primary` or `hospital`; all if left out."""
    at_home: bool = False
    """Whether it pays only at the family's own station and centre, as a service card does (家庭医生服务卡)."""
    at_compact: bool = False
    """Whether it pays only where the insurer's compact is signed, or for those who were sent there by a doctor."""
    groups: Annotated[tuple[str, ...], _several(None)] = ()
    """Case groups of a single-disease product (单病种); all if left out."""
    age_below: Count | None = None
    """Only for persons younger than this, years; all if left out."""
    outside_catalogue: bool = False
    """Whether it pays for items outside the catalogue too."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product, and the conditions of being entitled to it."""

    payer: int
    product: Product
    plan: int = -1
    policy: int = 0
    poor: bool = False
    catastrophic: bool = False


def product_rows(offers: Sequence[Offer], groups: Sequence[str]) -> np.ndarray:
    """PRODUCTS rows of ``offers``, by payer; ``groups`` are the names of the case groups."""
    rows = [(offer, group) for offer in offers for group in offer.product.groups or (None,)]
    rows.sort(key=lambda each: each[0].payer)
    table = PRODUCTS.rows(len(rows)) if rows else PRODUCTS.rows(1)[:0]
    for row, (offer, group) in zip(table, rows, strict=True):
        product = offer.product
        row.payer, row.plan, row.policy = offer.payer, offer.plan, offer.policy
        row.poor, row.catastrophic = offer.poor, offer.catastrophic
        row.care = -1 if product.care is None else CARE.index(product.care)
        row.tiers = sum(1 << TIERS.index(tier) for tier in set(product.tiers))
        row.home, row.gate, row.outside = product.at_home, product.at_compact, product.outside_catalogue
        row.group = -1 if group is None else list(groups).index(group)
        row.age_below = NOBODY if product.age_below is None else product.age_below
        row.above, row.share = product.above, product.pays
        row.ceiling = NO_LIMIT if product.ceiling is None else product.ceiling
    return table


def medical_aid(benefit: Benefit, plan: int) -> list[Offer]:
    """Medical aid of a plan (a code), as an offer; none where it has none."""
    aid = benefit.medical_aid
    if aid is None:
        return []
    return [Offer(AID, Product(pays=aid.pays, above=aid.above, ceiling=aid.ceiling), plan, poor=True)]


class Owed(NamedTuple):
    """A bill as payers in the family's place see it: whose it is, for what, and what of it is the family's."""

    f: int  # row of the facility
    care: int  # index in `CARE`
    group: int  # row of the case group
    own: int  # covered, after catastrophic cover, fen
    outside: int  # outside the catalogue, fen
    referred: int = 0  # whether a doctor sent the patient, 0 or 1


@compiled
def entitled(product, family, person, facility, owed):
    """Whether a product pays of what is ``owed`` at ``facility``."""
    return (
        (product.plan < 0 or product.plan == person.plan)
        and (product.care < 0 or product.care == min(owed.care, 1))
        and (product.group < 0 or product.group == owed.group)
        and (product.tiers >> facility.tier) & 1 == 1
        and person.policies & product.policy == product.policy
        and person.age < product.age_below
        and (product.poor == 0 or family.poor == 1)
        and (product.catastrophic == 0 or family.paid_year > family.catastrophic_at)
        and (product.gate == 0 or facility.compact & product.policy != 0 or owed.referred == 1)
        and (product.home == 0 or owed.f == family.place[STATION] or owed.f == family.place[CENTRE])
    )


@compiled
def product_pays(product, rare, left, beyond, now):
    """Fen that a product pays of ``left`` covered fen and ``beyond`` outside the catalogue; ``now`` fen have been paid
    of this bill by the same payer and are not in the person's year yet, which is in ``rare``."""
    slot = 2 * product.payer
    used = now
    if product.care <= OUTPATIENT:
        used += rare.layer_year[slot]
    if product.care != OUTPATIENT:
        used += rare.layer_year[slot + 1]
    if product.outside == 0:
        return supplement(left, rare.net_year, product.above, product.share, product.ceiling - used)
    own_year = rare.net_year + rare.beyond_year
    return supplement(left + beyond, own_year, product.above, product.share, product.ceiling - used)


@compiled
def expected_left(family, person, rare, facility, owed, row, products):
    """What payers are expected to leave of a bill, fen: (cash, paid from the account); nothing is changed."""
    left, beyond, payer, now = owed.own, owed.outside, -1, 0
    for k in range(products.shape[0]):
        product = products[k]
        if product.payer != payer:
            payer, now = product.payer, 0
        if entitled(product, family, person, facility, owed):
            paid = product_pays(product, rare, left, beyond, now)
            now += paid
            beyond -= max(0, paid - left)
            left -= min(paid, left)
    rest = left + beyond
    if row.redeem > 0.0:
        rest -= redeemed(rest, family.points, row.redeem)
    spent = from_account(rest, family.account) if row.account == 1 else 0
    return rest - spent, spent


@compiled
def pay_layers(family, person, rare, facility, owed, row, products, extra):
    """Let payers pay of what is owed: all of it is the family's without them. Enters the year of the person and
    ``extra`` (payer,), and takes from points and account. Fen left in cash."""
    left, beyond = owed.own, owed.outside
    for k in range(products.shape[0]):
        product = products[k]
        if entitled(product, family, person, facility, owed):
            paid = product_pays(product, rare, left, beyond, 0)
            beyond -= max(0, paid - left)
            left -= min(paid, left)
            rare.layer_year[2 * product.payer + min(owed.care, 1)] += paid
            extra[product.payer] += paid
    rare.net_year += left
    rare.beyond_year += beyond
    rest = left + beyond
    if row.redeem > 0.0:
        spent = redeemed(rest, family.points, row.redeem)
        family.points -= spent
        extra[POINTS] += spent
        rest -= spent
    if row.account == 1:
        spent = from_account(rest, family.account)
        family.account -= spent
        extra[ACCOUNT] += spent
        rest -= spent
    return rest
