"""Plans in force that people choose (相互保险、商业健康险): members, premiums, claims, the year's balance.

What the kind of plan decides — prices, fees, who gets what is left — is its file in ``plans/``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from simulator.benefit.layers import MEMBER, MUTUAL, PAYERS, POLICY
from simulator.core.whole import ALONE, Whole
from simulator.fund.form import INSURER
from simulator.fund.form import Month as Seen
from simulator.fund.ledger import Ledger, Month
from simulator.fund.plan import MONTHS, Policy
from simulator.fund.settlement import Accounts
from simulator.illness.disease import all_diagnosed
from simulator.payment.rule import Transfer

BANDS = (18, 45, 60, 75)
"""Ages at which an insurer's age classes end; the last is open."""
RATES = 2 * (len(BANDS) + 1)
"""Classes that a price by risk knows: age classes without and with a diagnosed chronic disease."""
KEPT = ("fresh", "claimed", "rates", "members", "left", "earned", "exposed", "paid", "last", "share")
"""What an insurer whose terms change keeps of its past."""


class Decisions(Protocol):
    """Whoever decides for an insurer: its kind of plan, or an agent in its place. See `simulator.fund.plan.Policy`."""

    def rates(self, claims: np.ndarray) -> np.ndarray: ...
    def turns_away(self) -> float: ...
    def costs(self, premiums: int, members: int, left: int, weight: float) -> int: ...
    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]: ...


@dataclass
class Insurer:
    """One plan in force that people choose. F facilities; money is fen of the sample."""

    name: str
    plan: Policy
    account: int  # position in the ledger
    open: dict[str, np.ndarray]  # who may join: bool by `age` (200,), `plan` (P,), `holder` (H,), `area` (A,)
    signed: np.ndarray  # facilities of the compact, bool (F,)
    weight: float = 1.0  # people for whom one of the sample stands
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
    def bit(self) -> int:
        """Bit of the column `policies` of its members."""
        return bit_of(self.plan)

    def may_join(self, persons: np.ndarray, families: np.ndarray) -> np.ndarray:
        """Who may be a member, bool (person,)."""
        own, who = families[persons["family"]], self.open
        age = np.minimum(persons["age"], len(who["age"]) - 1)
        return who["age"][age] & who["plan"][persons["plan"]] & who["holder"][own["holder"]] & who["area"][own["area"]]

    def price(
        self,
        persons: np.ndarray,
        may: np.ndarray,
        charges: np.ndarray,
        whole: Whole = ALONE,
        who: Decisions | None = None,
    ) -> np.ndarray:
        """Next year's premium of every person, fen, int64 (person,), from expected ``charges`` a year (person,), as
        ``who`` decides, or else the plan.

        Expected claims of a class are ``claimed`` times the mean charges of those who ``may`` join; they follow the
        year that ends. What was first expected is what the rules mean for claims.
        """
        of = rate_class(persons)
        heads, sums = np.zeros((2, RATES), np.int64)
        np.add.at(heads, of[may], 1)
        np.add.at(sums, of[may], charges[may])
        heads, sums = whole.total(heads, sums)
        mean = int(sums.sum()) / max(int(heads.sum()), 1)
        if self.fresh:
            self.claimed = self.plan.for_claims / max(mean, 1.0)
        elif self.exposed:
            self.claimed += self.plan.follows * (self.paid / self.exposed - self.claimed)
        by_class = np.where(heads > 0, sums / np.maximum(heads, 1), mean)
        self.rates = (who or self.plan).rates(by_class * self.claimed)
        return self.rates[of]

    def begin(
        self,
        ledger: Ledger,
        joined: np.ndarray,
        price: np.ndarray,
        charges: np.ndarray,
        left: int,
        whole: Whole = ALONE,
        who: Decisions | None = None,
    ) -> None:
        """Premiums of those who ``joined``, bool (person,), and the insurer's fees as ``who`` decides, or else the
        plan, for the ``left`` months of the year."""
        own = [(price[joined] * left // MONTHS).sum(), joined.sum(), charges[joined].sum()]
        premiums, members, exposed = (int(fen) for fen in whole.total(np.array(own, np.int64))[0])
        self.members, self.fresh, self.left, self.paid = members, False, left, 0
        self.earned, self.exposed = premiums, exposed * left // MONTHS
        account = ledger.accounts[self.account]
        ledger.post("families", account, self.plan.premium_kind, premiums)
        costs = (who or self.plan).costs(premiums, self.members, left, self.weight)
        ledger.post(account, "administration", "operating_fee", costs)

    @property
    def monthly(self) -> float:
        """Premiums for one month of cover."""
        return self.earned / self.left

    def count(self, ledger: Ledger, month: Month) -> None:
        """Take note of the claims of a closed month, less what was denied."""
        paid, _ = ledger.total(month, PAYERS[self.plan.payer])
        _, denied = ledger.total(month, "denied")
        self.last = int(paid[self.account] - denied[self.account])
        self.paid += self.last


def bit_of(plan: Policy) -> int:
    """Bit of the column `policies` of a plan's members, by the payer as which it pays."""
    return MEMBER if plan.payer == MUTUAL else POLICY


def rate_class(persons: np.ndarray) -> np.ndarray:
    """What an insurer can see of every person: age class, and diagnosed chronic disease; code (person,)."""
    chronic = all_diagnosed(persons)
    return np.searchsorted(BANDS, persons["age"], side="right") * 2 + chronic


def work_together(ledger: Ledger, accounts: Accounts, insurer: Insurer, seen: Seen) -> dict[str, np.ndarray]:
    """Post what moves between an insurer and its providers after a month; what each facility paid by kind (F,),
    negative where it received."""
    form = insurer.plan.form
    return _post(ledger, accounts, insurer, form.settle(seen) if form else ())


def close_year(
    ledger: Ledger, accounts: Accounts, insurer: Insurer, work: np.ndarray, who: Decisions | None = None
) -> dict[str, np.ndarray]:
    """December: what becomes of the balance as ``who`` decides, or else the plan, given each facility's ``work`` in
    cases (F,); what each facility paid by kind (F,), negative where it received."""
    balance = int(ledger.balance[insurer.account])
    return _post(ledger, accounts, insurer, (who or insurer.plan).close_year(balance, insurer.signed, work))


def _post(ledger: Ledger, accounts: Accounts, insurer: Insurer, transfers: Iterable[Transfer]) -> dict[str, np.ndarray]:
    places = {"facility": accounts.facility, "doctors": accounts.doctors, INSURER: np.array(insurer.account)}
    paid: dict[str, np.ndarray] = {}
    for payer, payee, kind, fen in transfers:
        payers, payees = (places.get(word, np.array(ledger.index.get(word, -1))) for word in (payer, payee))
        ledger.post_many(payers, payees, kind, fen)
        if "facility" in (payer, payee):
            paid[kind] = paid.get(kind, 0) + (fen if payer == "facility" else -fen)
    return paid


def wind_up(ledger: Ledger, insurer: Insurer) -> None:
    """End a plan: its members get what is left, its owners cover what is missing."""
    balance, own = int(ledger.balance[insurer.account]), ledger.accounts[insurer.account]
    ledger.post(own, "families", "refund", max(0, balance))
    ledger.post("owners", own, "capital", max(0, -balance))
