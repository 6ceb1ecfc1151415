"""All that is counted, by the sums that finished rows add up to."""

from simulator.count.events import EVENTS
from simulator.count.people import AGES, EXTRAS, HOMES, INCOMES, PLANS
from simulator.declare.books import BOOKS

COUNTED = (BOOKS, EVENTS, PLANS, INCOMES, AGES, HOMES, EXTRAS)
