"""What a file of ``kinds/`` holds: one channel, a way in which an alliance (医联体) changes what happens in a visit.

A file gives ``CHANNEL``, its declaration, and functions by the names of the places at which it acts, each optional.
Compiled:

- ``eases(wait, par)``: utility that who is sent up within the alliance, to a hospital with a wait of so many hours, is
  spared or given;
- ``ahead(par)``: share of those before in the queue that who is sent up within comes before, 0 to 1;
- ``consents(hospital, receiver, par)``: what it adds to the logit of consenting to be stepped down from a hospital to a
  member of the same alliance.

In NumPy, on all F facilities at once:

- ``enforce(facilities, alliance)``: write its columns for the members of an alliance that is in force;
- ``informs(facilities, par)``: share of what families underrate primary care by that it takes away, 0 to 1 (F,);
- ``presence``, ``slots``, ``lift``: as of a service (`simulator/services/service.py`).

A channel is as strong as its parameters: at zero it is off, and so is one of an alliance that does not share what it
needs. What an alliance does without any is what members make of their money. `alliance.channels` finds the files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.declare.use import Use

COMPILED = {"eases": "wait, par", "ahead": "par", "consents": "hospital, receiver, par"}
"""Places at which compiled functions act, with their arguments."""
IN_NUMPY = ("enforce", "informs", "presence", "slots", "lift")


@dataclass(frozen=True, kw_only=True)
class Channel:
    """The declaration of a channel."""

    text: Text
    """Its name in words, short enough to stand beside a bar."""
    parameters: tuple[str, ...] = ()
    """Behavioural parameters that are its strength: zero where it is off."""
    terms: tuple[str, ...] = ()
    """Sections of the rules that it consists of: where it is off they stay those that every arm starts from."""
    needs: str = ""
    """What an alliance must manage as one (`unified`) for it to be there."""
    facilities: tuple[Column, ...] = ()
    """Columns that it adds to the table of facilities, for members; elsewhere their defaults."""
    use: tuple[Use, ...] = ()
    """How it shows that somebody met it, where it acts on patients who are sent; `SENT_UP`, `SENT_DOWN`."""


SENT_UP = Use(
    unused=Text("nobody was sent up within the alliance", "医联体内没有上转患者"), within=("up", "handed_over")
)
SENT_DOWN = Use(unused=Text("nobody was stepped down within the alliance", "医联体内没有下转患者"), within=("down",))


class Found(NamedTuple):
    """A channel as its file has it."""

    name: str
    channel: Channel
    about: str
    does: dict[str, Callable]
    """Its functions by the places at which they act."""

    @classmethod
    def of(cls, name: str, room: Any) -> "Found":
        """What the module ``room`` holds."""
        does = {each: getattr(room, each) for each in (*COMPILED, *IN_NUMPY) if callable(getattr(room, each, None))}
        return cls(name, room.CHANNEL, (room.__doc__ or "").strip(), does)
