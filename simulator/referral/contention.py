"""Scarce slots and beds: urgency first, then a drawn priority, in two rounds with one cut-off each per facility.

A pass counts demand by facility and key; a cut-off is resolved from the counts; a pass applies it. Nothing depends on
the order in which families act, and shards of a population could add their counts.
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.table import Column

BUCKETS = 64
KEYS = 4 * BUCKETS

REQUESTS = (
    Column("ask", "i4", "row", "pool asked in this stage and round, -1 for none", -1),
    Column("ask_place", "i4", "row", "facility asked", -1),
    Column("amount", "i4", "slots or days", "what is asked for"),
    Column("second", "i4", "row", "pool asked in the second round, -1 for none", -1),
    Column("second_place", "i4", "row", "facility asked in the second round", -1),
    Column("second_amount", "i4", "slots or days", "what is asked for there"),
    Column("key", "i2", "0 to 255", "order of service, the smaller the sooner"),
    Column("got", "i4", "row", "facility that gives the slot or bed, -1 for none", -1),
)
"""Columns by which an episode asks for a slot or a bed."""


@compiled
def order_of(urgency, u):
    """Order of service, 0 to 255, for an urgency of 0 to 3 and a drawn priority."""
    return (3 - urgency) * BUCKETS + np.int64(u * BUCKETS)


@compiled
def list_asking(rows, found, wanted):
    """List into ``found`` (row,) who asks for something, and add what they ask for to ``wanted`` (pool,); how many."""
    number = 0
    for r in range(len(rows)):
        e = rows[r]
        found[number] = r
        if e.ask >= 0 and e.got < 0:
            wanted[e.ask] += e.amount
            number += 1
    return number


@compiled
def list_again(rows, asked, found, wanted):
    """`list_asking` where nobody asks who is not among the rows ``asked``, in ascending order."""
    number = 0
    for r in asked:
        e = rows[r]
        if e.ask >= 0 and e.got < 0:
            found[number] = r
            wanted[e.ask] += e.amount
            number += 1
    return number


@compiled
def count(rows, asking, crowded, demand):
    """Add what the rows ``asking`` ask for to ``demand`` (number, KEYS), for pools with a number ``crowded`` (pool,),
    -1 for none."""
    for r in asking:
        e = rows[r]
        if crowded[e.ask] >= 0:
            demand[crowded[e.ask], e.key] += e.amount


@compiled
def apply(rows, asking, cut, wanted):
    """Give to those of the rows ``asking`` whom the cut-off (pool,) reaches; the others turn to their second choice,
    which is added to ``wanted`` (pool,). The list begins with these from now on; how many."""
    left = 0
    for r in asking:
        e = rows[r]
        if e.key < cut[e.ask]:
            e.got = e.ask_place
            continue
        e.ask = e.second
        e.ask_place = e.second_place
        e.amount = e.second_amount
        e.second = -1
        if e.ask >= 0:
            wanted[e.ask] += e.amount
            asking[left] = r
            left += 1
    return left


@compiled
def resolve(demand, capacity, runs_on, cut, used):
    """Fill in the cut-off key of each pool and what is used up to it, both (pool,), for ``demand`` (pool, KEYS) and
    ``capacity`` (pool,). Keys below the cut-off are served: those whose demand there is room for, or, where what is
    begun ``runs_on`` into the next month, those for whom anything is left to begin with.

    >>> cut, used = np.zeros((2, 1), np.int64)
    >>> resolve(np.array([[2, 2, 2]]), np.array([3]), False, cut, used)
    >>> cut.tolist(), used.tolist()
    ([1], [2])
    >>> resolve(np.array([[2, 2, 2]]), np.array([3]), True, cut, used)
    >>> cut.tolist(), used.tolist()
    ([2], [4])
    """
    for pool in range(len(capacity)):
        total, key = 0, 0
        while key < demand.shape[1]:
            needed = demand[pool, key]
            if total + (min(needed, 1) if runs_on else needed) > capacity[pool]:
                break
            total += demand[pool, key]
            key += 1
        cut[pool] = key
        used[pool] = total
