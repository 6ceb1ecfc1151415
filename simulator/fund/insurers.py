"""Insurers beside the basic funds (相互保险、商业健康险): premiums, fees, prices by risk, what becomes of a surplus.

A mutual plan asks all its members for one premium, keeps a fixed operating fee and gives what claims leave in December
to those who signed its compact, who spend it on what it is for. A commercial insurer prices by age and chronic disease
and pays its owners.
"""

from dataclasses import dataclass, field

import numpy as np

from simulator.core.money import rounded, share_out
from simulator.core.names import DIAGNOSED, TESTS
from simulator.fund.form import INSURER, Form
from simulator.fund.form import Month as Seen
from simulator.fund.ledger import Ledger, Month
from simulator.fund.settlement import Accounts

MUTUAL, COMMERCIAL = 1, 2
"""Bits of the column `policies` of a person."""
PREMIUM = {MUTUAL: "mutual_premium", COMMERCIAL: "policy_premium"}
CLAIMS = {MUTUAL: "mutual", COMMERCIAL: "indemnity"}
"""Kinds of posting."""
BANDS = (18, 45, 60, 75)
"""Ages at which an insurer's age classes end; the last is open."""
RATES = 2 * (len(BANDS) + 1)
"""Classes that a price by risk knows: age classes without and with a diagnosed chronic disease."""
MONTHS = 12
KEPT = ("fresh", "claimed", "rates", "members", "left", "earned", "exposed", "paid", "last", "share")
"""What an insurer whose terms change keeps of its past."""


@dataclass
class Insurer:
    """One mutual or commercial plan in force. F facilities; money is fen of the sample."""

    name: str
    bit: int  # MUTUAL or COMMERCIAL
    account: int  # position in the ledger
    premium: int  # fen a year; of the mean person who may join where priced by risk
    open: dict[str, np.ndarray]  # who may join: bool by `age` (200,), `plan` (P,), `holder` (H,), `area` (A,)
    signed: np.ndarray  # facilities of the compact, bool (F,)
    fee: int = 0  # kept for its work, fen a year for each member
    cost: int = 0  # kept for its work, fen a year for the whole plan
    administration: float = 0.0  # share of premiums
    loading: float = 0.0  # added to expected claims by a price by risk
    declines: float = 0.0  # share of the chronically ill who apply and are turned away
    follows: float = 0.5  # how far expected claims follow those of a year
    surplus_to: dict[str, float] = field(default_factory=dict)  # shares by purpose
    form: Form | None = None  # how it works together with the facilities that have signed
    fresh: bool = True  # nobody has been asked yet
    claimed: float = 0.0  # expected claims for a fen of a person's expected charges
    rates: np.ndarray = field(default_factory=lambda: np.zeros(RATES, np.int64))  # premium by class, fen a year
    members: int = 0
    left: int = MONTHS  # months of the year for which this year's members pay
    earned: int = 0  # premiums of this year
    exposed: int = 0  # expected charges of this year's members, for the months they are covered
    paid: int = 0  # claims of this year
    last: int = 0  # claims of the last month
    share: np.ndarray = field(default_factory=lambda: np.zeros(0))  # of each facility's income that it brings (F,)

    @property
    def by_risk(self) -> bool:
        """Whether each pays by age class and chronic disease."""
        return self.bit == COMMERCIAL

    def may_join(self, persons: np.ndarray, families: np.ndarray) -> np.ndarray:
        """Who may be a member, bool (person,)."""
        own, who = families[persons["family"]], self.open
        age = np.minimum(persons["age"], len(who["age"]) - 1)
        return who["age"][age] & who["plan"][persons["plan"]] & who["holder"][own["holder"]] & who["area"][own["area"]]

    def price(self, persons: np.ndarray, may: np.ndarray, charges: np.ndarray) -> np.ndarray:
        """Next year's premium of every person, fen, int64 (person,), from expected ``charges`` a year (person,).

        Expected claims of a class are ``claimed`` times the mean charges of who ``may`` join; they follow the year
        that ends. The first price is that of the rules.
        """
        mean = int(charges[may].sum()) / max(int(may.sum()), 1)
        if self.fresh:
            self.claimed = (self.premium - self.fee) / (1.0 + self.loading) / max(mean, 1.0)
        elif self.exposed:
            self.claimed += self.follows * (self.paid / self.exposed - self.claimed)
        if not self.by_risk:
            return np.full(len(persons), self.premium, np.int64)
        of = rate_class(persons)
        heads, sums = np.zeros((2, RATES), np.int64)
        np.add.at(heads, of[may], 1)
        np.add.at(sums, of[may], charges[may])
        by_class = np.where(heads > 0, sums / np.maximum(heads, 1), mean)
        self.rates = rounded(by_class * self.claimed * (1.0 + self.loading))
        return self.rates[of]

    def begin(self, ledger: Ledger, joined: np.ndarray, price: np.ndarray, charges: np.ndarray, left: int) -> None:
        """Premiums of who ``joined``, bool (person,), and the insurer's fees, for the ``left`` months of the year."""
        premiums = int((price[joined] * left // MONTHS).sum())
        self.members, self.fresh, self.left, self.paid = int(joined.sum()), False, left, 0
        self.earned, self.exposed = premiums, int(charges[joined].sum()) * left // MONTHS
        account = ledger.accounts[self.account]
        ledger.post("families", account, PREMIUM[self.bit], premiums)
        fees = self.members * (self.fee * left // MONTHS) + (self.cost * left // MONTHS if self.members else 0)
        costs = int(rounded(np.array([premiums * self.administration]))[0])
        ledger.post(account, "administration", "operating_fee", fees + costs)

    @property
    def monthly(self) -> float:
        """Premiums for one month of cover."""
        return self.earned / self.left

    def count(self, ledger: Ledger, month: Month) -> None:
        """Take note of the claims of a closed month, less what was denied."""
        paid, _ = ledger.total(month, CLAIMS[self.bit])
        _, denied = ledger.total(month, "denied")
        self.last = int(paid[self.account] - denied[self.account])
        self.paid += self.last


def rate_class(persons: np.ndarray) -> np.ndarray:
    """What an insurer can see of every person: age class, and diagnosed chronic disease; code (person,)."""
    chronic = (persons["hypertension"] >= DIAGNOSED) | (persons["diabetes"] >= DIAGNOSED)
    return np.searchsorted(BANDS, persons["age"], side="right") * 2 + chronic


def work_together(ledger: Ledger, accounts: Accounts, insurer: Insurer, seen: Seen) -> dict[str, np.ndarray]:
    """Post what moves between an insurer and its providers after a month; what each facility paid by kind (F,),
    negative where it received."""
    places = {"facility": accounts.facility, "doctors": accounts.doctors, INSURER: np.array(insurer.account)}
    paid: dict[str, np.ndarray] = {}
    for payer, payee, kind, fen in insurer.form.settle(seen) if insurer.form else ():
        payers, payees = (places.get(word, np.array(ledger.index.get(word, -1))) for word in (payer, payee))
        ledger.post_many(payers, payees, kind, fen)
        if "facility" in (payer, payee):
            paid[kind] = paid.get(kind, 0) + (fen if payer == "facility" else -fen)
    return paid


def close_year(ledger: Ledger, accounts: Accounts, insurer: Insurer, work: np.ndarray) -> dict[str, np.ndarray]:
    """December: what becomes of the balance; what each facility paid by kind (F,), negative where it received.

    A mutual plan's surplus goes to the facilities of the compact and their doctors in proportion to ``work`` (F,), by
    purpose; a loss is carried into the next year. Owners take a profit and cover a loss.
    """
    balance = int(ledger.balance[insurer.account])
    own = ledger.accounts[insurer.account]
    if insurer.bit == COMMERCIAL:
        ledger.post(own, "owners", "profit", max(0, balance))
        ledger.post("owners", own, "capital", max(0, -balance))
        return {}
    if balance <= 0 or not insurer.signed.any():
        return {}
    weights = np.where(insurer.signed, work, 0)
    if weights.sum() == 0:
        weights = insurer.signed.astype(np.int64)
    paid: dict[str, np.ndarray] = {}
    parts = share_out(balance, np.array(list(insurer.surplus_to.values())))
    for purpose, part in zip(insurer.surplus_to, parts, strict=True):
        fen, kind = share_out(int(part), weights), f"mutual_{purpose}"
        to_doctors = purpose == "doctors"
        ledger.post_many(np.array(insurer.account), accounts.doctors if to_doctors else accounts.facility, kind, fen)
        if not to_doctors:
            paid[kind] = -fen
            paid[f"{kind}_spent"] = fen
            payee = accounts.suppliers[TESTS] if purpose == "hospital" else ledger.index["administration"]
            ledger.post_many(accounts.facility, np.array(payee), f"{kind}_spent", fen)
    return paid


def wind_up(ledger: Ledger, insurer: Insurer) -> None:
    """End a plan: its members get what is left, its owners cover what is missing."""
    balance, own = int(ledger.balance[insurer.account]), ledger.accounts[insurer.account]
    ledger.post(own, "families", "refund", max(0, balance))
    ledger.post("owners", own, "capital", max(0, -balance))
