"""All that is counted, by the sums that finished rows add up to."""

from simulator.count.books import BOOKS
from simulator.count.events import EVENTS
from simulator.count.people import EXTRAS, HOMES, INCOMES, PLANS

COUNTED = (BOOKS, EVENTS, PLANS, INCOMES, HOMES, EXTRAS)
