"""The one interface of forms in which a commercial insurer and providers work together: how money moves between them
beside claims, and what that makes providers expect of one more fen billed.

A form is one file in ``forms/``; its name there is its name in a scenario. The engine knows none of them.
"""

import abc
from typing import ClassVar, NamedTuple

import numpy as np

from simulator.core.fields import Block
from simulator.core.maths import logistic
from simulator.core.money import rounded
from simulator.core.rooms import models
from simulator.payment.rule import Transfer

INSURER = "insurer"
"""Word of a transfer for the insurer's own account; others are ``facility``, ``doctors``, or a name in the ledger."""


class Month(NamedTuple):
    """What a form sees of a month. F facilities; money is fen of the sample."""

    claims: np.ndarray  # paid by the insurer, outpatient and inpatient, int64 (F, 2)
    over: np.ndarray  # share of bills that is services beyond the patient's optimum, outpatient and inpatient (F, 2)
    margin: np.ndarray  # what the facility kept, int64 (F,)
    share: np.ndarray  # of the facility's income that is the insurer's, in the last year or so (F,)
    partner: np.ndarray  # facilities that work with the insurer, bool (F,)
    doctors: np.ndarray  # doctors, in units of the sample (F,)
    calendar: int  # 1 to 12
    scale: float = 1.0  # sampled people over people of the place: what an amount of the whole place is multiplied by

    @property
    def excess(self) -> np.ndarray:
        """Claims for services beyond the patient's optimum, fen (F,)."""
        return (self.claims * self.over).sum(axis=1)


class Form(Block, abc.ABC):
    """A form moves money between the insurer, facilities and their doctors, and single accounts."""

    source: ClassVar[str]
    example: ClassVar[str]
    """A file that uses the form, as YAML below its title."""

    @abc.abstractmethod
    def settle(self, month: Month) -> list[Transfer]:
        """What moves after a month."""

    def own(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """Weight of its own income in what a facility seeks (F,)."""
        return np.ones(len(share))

    def cost(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """What one more fen billed costs a facility on average over its patients, fen (F, 2): for a service that does
        the patient good, and for one beyond that."""
        return np.zeros((len(share), 2))


def taken_back(fen: np.ndarray, payer: str = "facility") -> list[Transfer]:
    """Denied claims, whole fen (F,), that facilities pay back to the insurer."""
    return [Transfer(payer, INSURER, "denied", rounded(fen))]


def leverage(share: np.ndarray, at: float, scale: float) -> np.ndarray:
    """How far facilities keep to what an insurer asks, 0 to 1: one that brings little is ignored.

    >>> leverage(np.array([0.10]), 0.10, 0.02).tolist()
    [0.5]
    """
    return np.array([float(logistic((float(s) - at) / scale)) for s in share])


def found() -> dict[str, type[Form]]:
    """Every form by its name, which is the name of its file."""
    return models("simulator.fund.forms", Form)
