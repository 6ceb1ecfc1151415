"""Capitation (按人头付费, 门诊包干): so much a year for every person on the panel, whatever is done."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.core.messages import say
from simulator.core.money import instalment, rounded
from simulator.core.names import CENTRE, PARTS, SEXES
from simulator.core.units import PRICES, PerYear, Positive, Share
from simulator.payment.panel import BANDS, CLASSES, DISEASES, Panel
from simulator.payment.prospective import billed
from simulator.payment.rule import Beliefs, Books, Market, Tariff, TariffRule

WITH = {"hypertension": ("hypertension", "both"), "diabetes": ("diabetes", "both")}
"""Risk classes, by disease, of those who have it."""


class Risk(BaseModel):
    """Multipliers of a head by what it may cost; 1 where none is given. Only their relation matters: over all heads of
    a plan they are brought to a mean of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    age: dict[Literal["0-6", "7-17", "18-44", "45-64", "65+"], Positive] = Field(default_factory=dict)
    """By years of age."""
    sex: dict[Literal["male", "female"], Positive] = Field(default_factory=dict)
    """By sex."""
    disease: dict[Literal["none", "hypertension", "diabetes", "both"], Positive] = Field(default_factory=dict)
    """By chronic disease, as diagnosed."""

    def multipliers(self) -> np.ndarray:
        """By risk class (CLASSES,)."""
        age, sex, disease = (
            np.array([table.get(word, 1.0) for word in words])
            for table, words in ((self.age, BANDS), (self.sex, SEXES), (self.disease, DISEASES))
        )
        return (age[:, None, None] * sex[:, None] * disease).ravel()


class Rule(TariffRule):
    """Every bill is allowed nothing; the provider keeps what patients pay and gets an amount for every head.

    paid in a month = 1/12 × amount × heads × risk − borne × the fund's part of the heads' bills elsewhere this month
    risk = multiplier of a head / mean multiplier of all heads of the plan
    heads: people of the place (without the floating population) or under contract; of one disease, those diagnosed
    plans: those whose bills at the place the rule owns

    Heads belong to the centre that answers for where they live; its station's work is in the amount. The floating
    population (流动人口) is ill and is treated there and brings no head. All-care capitation charges the panel with
    what its people cost elsewhere; where heads are signed, with the part of it that the signed are of all.

    Believed: a fen billed earns the patient's part alone, one more visit nothing, one more head (or contract) a year's
    amount at the mean risk of one's own heads, a fen of the fund's at another place costs what is borne of it. The
    money comes whatever is done, so little is done; with all care, sending patients up is no way out.
    """

    source: ClassVar[str] = (
        "State Council Office 2017 no. 55 (capitation of primary outpatient care, with family doctors); MoHRSS "
        "2011 no. 63; risk adjustment by age, sex and disease: Ellis and McGuire, J Health Econ 1986;5:129"
    )
    example: ClassVar[str] = """
primary_outpatients:
  for: {tiers: primary, care: [outpatient]}
  rule: capitation
  per_head: 380 yuan/year
  risk:
    age: {0-6: 1.3, 65+: 1.9}
    disease: {hypertension: 1.5, diabetes: 1.7, both: 2.2}
  scope: all_care
  borne_elsewhere: 30%
"""
    reads_panel: ClassVar[bool] = True

    per_head: Annotated[PerYear, PRICES, Field(gt=0)]
    """Amount for a head of mean risk, fen per year."""
    heads: Literal["residence", "contract"] = "residence"
    """Who counts: people registered where they live (户籍), or people under contract with the family doctor."""
    risk: Literal["flat"] | Risk = "flat"
    """The same for every head, or by what heads may cost."""
    disease: Literal["hypertension", "diabetes"] | None = None
    """Only heads diagnosed with it; everybody if left out. Its case groups stand in the `for` of the rule."""
    scope: Literal["own_care", "all_care"] = "own_care"
    """Whether the amount is for care at the place itself, or also for what its people have done elsewhere."""
    borne_elsewhere: Share = 1.0
    """Share of the fund's part of bills elsewhere that is taken from the amount, with all care."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> "Rule":
        if self.disease and self.scope == "all_care":
            raise ValueError(say("capitation_disease_all_care", disease=self.disease))
        return self

    def _owned(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """Where the rule pays: facility and plan, bool (F, P)."""
        owned = np.zeros((len(market.tier), market.plans), bool)
        primary = mine & (market.cells["tier"] <= CENTRE)
        owned[market.cells["facility"][primary], market.cells["plan"][primary]] = True
        return owned

    def _heads(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """People who may be heads, by facility, plan and risk class (F, P, CLASSES)."""
        panel = market.panel or Panel.empty(len(market.tier), market.plans)
        people = panel.registered if self.heads == "residence" else panel.signed
        return people * self._owned(market, mine)[:, :, None]

    def _weighed(self, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Heads that count, the same by multiplier (F, P) each, and what brings these to a mean of one (P,)."""
        ill = np.isin(DISEASES, WITH[self.disease]) if self.disease else np.ones(len(DISEASES), bool)
        counts = np.tile(ill, CLASSES // len(DISEASES))
        multipliers = np.ones(CLASSES) if self.risk == "flat" else self.risk.multipliers()
        number, weight = heads @ counts.astype(float), heads @ (counts * multipliers)
        total = weight.sum(axis=0)
        return number, weight, np.where(total > 0, number.sum(axis=0) / np.where(total > 0, total, 1.0), 0.0)

    def tariff(self, market: Market) -> Tariff:
        return market.tariff()

    def _borne(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """What is borne of a fen of the fund's at another place, by facility and plan (F, P)."""
        borne = self.borne_elsewhere * self._owned(market, mine)
        if self.heads == "residence":
            return borne
        panel = market.panel or Panel.empty(len(market.tier), market.plans)
        return borne * panel.signed.sum(axis=2) / np.maximum(1, panel.heads.sum(axis=2))

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        _, weight, level = self._weighed(self._heads(market, mine))
        due = instalment(rounded(self.per_head * weight * level), market.calendar)
        if self.scope == "own_care" or market.elsewhere is None:
            return due
        return due - rounded(self._borne(market, mine) * market.elsewhere)

    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        beliefs = {("doer", part): billed(market, books, mine, 1.0) for part in PARTS}
        people = self._heads(market, mine)
        number, weight, level = self._weighed(people)
        # More heads like one's own: they bring their weight, and where they are dearer than the mean lower its level.
        total = np.maximum(weight.sum(axis=0), np.finfo(float).tiny)
        more = self.per_head * (weight * level + weight / total * (number - weight * level))
        each = np.maximum(1, people.sum(axis=(1, 2)))
        beliefs["panel", "head" if self.heads == "residence" else "signed"] = more.sum(axis=1) / each
        if self.scope == "all_care":
            everybody = market.panel.heads.sum(axis=2) if market.panel else np.zeros_like(weight)
            borne = (self._borne(market, mine) * everybody).sum(axis=1)
            beliefs["panel", "elsewhere"] = -borne / np.maximum(1, everybody.sum(axis=1))
        return beliefs
