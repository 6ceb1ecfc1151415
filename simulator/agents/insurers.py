"""Funds, insurers and alliances as Mesa agents."""

from typing import Any, ClassVar

import mesa
import numpy as np

from simulator.agents.deciding import by_rule
from simulator.core.errors import ModelError
from simulator.fund import insurers
from simulator.fund.insurers import RATES
from simulator.fund.plan import Policy
from simulator.payment.rule import Transfer


class Fund(mesa.Agent):
    """A basic insurance fund: one per plan and pooling area."""

    DECISIONS: ClassVar[frozenset[str]] = frozenset({"ask"})

    def __init__(self, model: Any, plan: int):
        super().__init__(model)
        self.name = self.plan = model.world.words.plans[plan]
        self.number = plan

    @property
    def balance(self) -> int:
        """What it holds, fen of the sample."""
        world = self.model.world
        return int(world.ledger.balance[world.accounts.fund[self.number]])

    @by_rule
    def ask(self, asked: float, months: float, before: float | None) -> float:
        """What it asks for this year, times what the rules say: returned.

        Every January of a fund with a reserve policy, from last year's ``asked``, the ``months`` of spending that it
        holds and those of a year ``before``, None in the first. Without a policy nothing is asked anew.
        """
        policy = self.model.world.reserve_policies[self.number]
        return asked if policy is None else policy.next(asked, months, before)


class Insurer(mesa.Agent):
    """A mutual plan or a commercial insurer, of any arm. Override a method to let it decide otherwise; example, an
    insurer that sells to everybody at one price and keeps what is left for the next year::

        class Patient(Insurer):
            def rates(self, claims):
                return np.full(len(claims), 30_000)

            def close_year(self, balance, signed, work):
                return []

        HealthSystem("base", changes..., insurer=Patient)

    Money is fen of the sample; F facilities, R classes that a price by risk knows (see `simulator.fund.insurers`).
    """

    DECISIONS: ClassVar[frozenset[str]] = frozenset({"rates", "turns_away", "costs", "close_year"})

    def __init__(self, model: Any, name: str):
        super().__init__(model)
        self.name = name

    @property
    def state(self) -> insurers.Insurer | None:
        """Members, premiums, claims and terms; None while it is not in force."""
        return next((each for each in self.model.world.insurers if each.name == self.name), None)

    @property
    def terms(self) -> Policy:
        """Its plan. Raises ModelError while it is not in force."""
        state = self.state
        if state is None:
            raise ModelError(f"`{self.name}` is not in force in this month")
        return state.plan

    @property
    def balance(self) -> int:
        """What it holds."""
        return 0 if self.state is None else int(self.model.world.ledger.balance[self.state.account])

    @by_rule
    def rates(self, claims: np.ndarray) -> np.ndarray:
        """Premiums for the year that begins, fen, whole numbers from 0, of each class (R,), from its expected
        ``claims``, fen (R,): returned. Classes are age groups, each without and with a diagnosed chronic disease."""
        return self.terms.rates(claims)

    @by_rule
    def turns_away(self) -> float:
        """Share of those with a diagnosed chronic disease who apply and are turned away, 0 to 1: returned."""
        return self.terms.turns_away()

    @by_rule
    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        """What it keeps of ``premiums``, fen, for its work in the ``left`` months of the year, a whole number from 0:
        returned. ``weight`` is the number of people for whom one of the sample stands."""
        return self.terms.costs(premiums, members, left, weight)

    @by_rule
    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        """What becomes of the ``balance`` in December, fen, negative for a loss: transfers, returned.

        ``signed`` are the facilities of its compact, bool (F,), ``work`` their cases of the year (F,). A `Transfer`
        names payer and payee (`INSURER`, ``owners``, ``facility``, ``doctors`` or another account), the kind of posting
        and fen: one number, or (F,) where facilities or doctors take part.
        """
        return self.terms.close_year(balance, signed, work)


class Checked:
    """What an insurer's agent decides, as the engine takes it. Raises ModelError for what cannot be."""

    def __init__(self, agent: Insurer):
        self.agent = agent

    def _refuse(self, decision: str, expected: str, given: object) -> ModelError:
        kind = type(self.agent).__name__
        return ModelError(f"`{decision}` of {self.agent.name} ({kind}): {expected}, not {given!r:.80}")

    def rates(self, claims: np.ndarray) -> np.ndarray:
        """See `Insurer.rates`."""
        given = self.agent.rates(claims)
        found = np.asarray(given)
        if found.shape != (RATES,) or found.dtype.kind not in "iu" or (found < 0).any():
            raise self._refuse("rates", f"{RATES} whole numbers of fen from 0", given)
        return found.astype(np.int64)

    def turns_away(self) -> float:
        """See `Insurer.turns_away`."""
        given = self.agent.turns_away()
        if not (isinstance(given, (int, float)) and 0.0 <= given <= 1.0):
            raise self._refuse("turns_away", "a share from 0 to 1", given)
        return float(given)

    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        """See `Insurer.costs`."""
        given = self.agent.costs(premiums, members, left, weight)
        if not isinstance(given, (int, np.integer)) or given < 0:
            raise self._refuse("costs", "a whole number of fen from 0", given)
        return int(given)

    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        """See `Insurer.close_year`."""
        given = self.agent.close_year(balance, signed, work)
        for each in given if isinstance(given, list) else [given]:
            if not isinstance(each, Transfer):
                raise self._refuse("close_year", "a list of transfers", given)
            fen = np.asarray(each.fen)
            many = len(signed) if {each.payer, each.payee} & {"facility", "doctors"} else 1
            if fen.dtype.kind not in "iu" or fen.shape != (many,) or (fen < 0).any():
                raise self._refuse("close_year", f"{many} whole numbers of fen from 0 in each transfer", fen)
        return given


class Alliance(mesa.Agent):
    """A group of facilities (医联体、医共体): a view on the alliance of that name, while it is in force."""

    def __init__(self, model: Any, name: str):
        super().__init__(model)
        self.name = name

    @property
    def terms(self) -> Any:
        """Members, lead, tightness and what is unified; None while it is not in force."""
        return next((each for each in self.model.world.alliances if each.name == self.name), None)

    @property
    def pool(self) -> Any:
        """Its budget, None without one."""
        return next((each for each in self.model.world.pools if each.name == self.name), None)
