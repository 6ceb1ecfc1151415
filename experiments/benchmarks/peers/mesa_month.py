"""The month as a plain Mesa model: what a careful modeller writes without compiled code.

Families and facilities are Mesa agents, persons are small objects with slots, and each family acts in a shuffled order
through the same steps as in tiercare: illness and prescriptions, a logit choice of place by cure, price after the
benefit table, travel, wait, trust and habit, going or staying home, queues for slots and beds, referral, admission,
step down, bills on running deductibles and ceilings, trust and habit learned, disease and its control; facilities adapt
waits and conduct, and one fund pays. Levels are set so that a family-month holds about as many persons (2.6), episodes
(1.9) and visits (1.1) as one of tiercare's base prefecture.

Left out, which only makes this model faster: payment rules and their books by case group, the ledger, keyed draws,
optional rules, indicators, births and deaths.
"""

import math
import random
import time
from bisect import bisect

import mesa

STATION, CENTRE, COUNTY, TERTIARY = range(4)
HOME = 4
UNTREATED, TREATED, CONTROLLED = 1, 2, 3
"""States of a chronic disease; 0 is none."""

SIZES = (0.24, 0.54, 0.76, 0.91, 1.0)  # cumulative shares of families of one to five
CAPABILITY = (0.45, 0.55, 0.72, 0.85)
VISIT, STAY = (60.0, 80.0, 210.0, 330.0), (0.0, 2500.0, 6500.0, 14000.0)  # yuan
DEDUCTIBLE, FUND_PAYS, CEILING = (0.0, 0.0, 300.0, 800.0), (0.6, 0.55, 0.45, 0.4), 5000.0
BED_DEDUCTIBLE, BED_FUND_PAYS, BED_CEILING = (0.0, 200.0, 500.0, 1000.0), (0.85, 0.85, 0.75, 0.6), 150_000.0
MINUTES = (8.0, 18.0, 40.0, 75.0)
PER_STATION, STATIONS, CENTRES = 500, 8, 12  # families a station, stations a centre, centres a county
ILL = (0.55, 0.5, 0.6, 0.8)  # episodes a month, by age below 15, 45, 65 and above
REFILL, CHRONIC = 0.75, (0.0, 0.08, 0.3, 0.55)


def logistic(z):
    return 1.0 / (1.0 + math.exp(-z))


class Person:
    __slots__ = ("band", "frailty", "fund_year", "state", "stay_fund_year", "stays_year", "visits_year")

    def __init__(self, rng):
        self.band = bisect((0.16, 0.5, 0.8), rng.random())
        self.state = 1 + rng.randrange(3) if rng.random() < CHRONIC[self.band] else 0
        self.frailty = math.exp(0.5 * rng.gauss(0.0, 1.0) - 0.125)
        self.new_year()

    def new_year(self):
        self.visits_year = self.fund_year = self.stays_year = self.stay_fund_year = 0.0


class Facility(mesa.Agent):
    def __init__(self, model, tier, slots, beds, up=None):
        super().__init__(model)
        self.tier, self.up, self.slots, self.beds = tier, up, slots, beds
        self.wait, self.effort, self.sends = 0.2, 1.0, 0.3
        self.capability = CAPABILITY[tier]
        self.begin_month()

    def begin_month(self):
        self.seen = self.bed_days = self.referred = self.cured = 0
        self.charged = self.fund = 0.0

    def bill(self, charge, fund):
        self.charged += charge
        self.fund += fund

    def step(self):
        use = self.seen / max(self.slots, 1)
        self.wait += 0.3 * (max(0.05, 2.0 * (use - 0.6)) - self.wait)
        margin = (self.fund * 0.15 - 40.0 * self.referred) / max(self.charged, 1.0)
        self.effort = min(1.4, max(0.8, self.effort + math.copysign(0.01, 0.08 - margin)))
        self.sends = min(0.6, max(0.1, self.sends - 0.01 * math.copysign(1.0, margin - 0.05)))
        self.begin_month()


class Family(mesa.Agent):
    def __init__(self, model, station, rng):
        super().__init__(model)
        centre = station.up
        self.places = (station, centre, centre.up, centre.up.up)
        self.members = [Person(rng) for _ in range(1 + bisect(SIZES[:-1], rng.random()))]
        self.income = 32_000.0 * math.exp(0.6 * rng.gauss(0.0, 1.0) - 0.18)
        self.minutes = [m * math.exp(0.4 * rng.gauss(0.0, 1.0)) / 30.0 for m in MINUTES]
        self.trust, self.habit = 0.68, [0.25] * 4
        self.price_taste, self.quality_taste = (math.exp(0.4 * rng.gauss(0.0, 1.0)) for _ in range(2))
        self.paid_year = 0.0

    def step(self):
        rng = self.model.random
        if self.model.calendar == 1:
            self.paid_year = 0.0
            for person in self.members:
                person.new_year()
        self.trust += 0.02 * (self.model.trust[self.places[0].unique_id] - self.trust)
        for person in self.members:
            self.disease(person, rng)
            rate, luck = ILL[person.band] * person.frailty, rng.random()
            while luck < rate:
                severity = min(1.0, -0.22 * math.log(1.0 - rng.random()))
                self.episode(person, severity, False, rng)
                rate -= 1.0
            if person.state >= TREATED and rng.random() < REFILL:
                self.episode(person, 0.1, True, rng)

    def disease(self, person, rng):
        state, luck = person.state, rng.random()
        if state == 0:
            if luck < 0.002 * person.band:
                person.state = UNTREATED
        elif state == UNTREATED:
            if luck < 0.03 * self.places[0].effort:
                person.state = TREATED
        elif state == TREATED:
            if luck < 0.1:
                person.state = CONTROLLED
        elif luck < 0.08:
            person.state = TREATED

    def price(self, person, tier, charge):
        below = min(charge, max(DEDUCTIBLE[tier] - person.visits_year, 0.0))
        return charge - min((charge - below) * FUND_PAYS[tier], max(CEILING - person.fund_year, 0.0))

    def bed_price(self, person, tier, charge):
        below = min(charge, BED_DEDUCTIBLE[tier])
        return charge - min((charge - below) * BED_FUND_PAYS[tier], max(BED_CEILING - person.stay_fund_year, 0.0))

    def pick(self, values, rng):
        best = max(values)
        weights = [math.exp(v - best) for v in values]
        mark = rng.random() * sum(weights)
        for option, weight in enumerate(weights):
            mark -= weight
            if mark < 0.0:
                return option
        return len(values) - 1

    def choose(self, person, severity, refill, rng):
        values, prices = [], []
        for tier, place in enumerate(self.places):
            seen = place.capability + (0.3 * (self.trust - 0.7) - 0.08 if tier <= CENTRE else 0.0)
            cure = logistic(6.0 * (seen - severity))
            yuan = self.price(person, tier, VISIT[tier] * (0.7 + 0.8 * severity) * place.effort)
            felt = 2.0 * (math.sqrt(1.0 + yuan / 100.0) - 1.0)
            value = (
                5.0 * self.quality_taste * cure - 0.8 * self.price_taste * felt - 0.8 * self.minutes[tier]
                - 0.4 * place.wait + 1.5 * self.habit[tier]
            )  # fmt: skip
            values.append(value + (1.0 if refill and tier == STATION else 0.0))
            prices.append(yuan)
        option = self.pick(values, rng)
        going = -0.6 + 4.0 * severity - 0.5 * math.log((prices[option] + 10.0) / 60.0)
        going += 0.3 * math.log(self.income / 32_000.0) + (1.5 if refill else 0.0)
        return option if rng.random() < logistic(going) else HOME

    def episode(self, person, severity, refill, rng):
        option = self.choose(person, severity, refill, rng)
        if option == HOME:
            return
        place = self.places[option]
        if place.seen >= place.slots:
            option = min(option + 1, TERTIARY)
            place = self.places[option]
            if place.seen >= place.slots:
                return
        self.visit(person, place, severity, rng)
        cured = rng.random() < logistic(6.0 * (place.capability - severity))
        if option <= CENTRE and not refill:
            there = self.places[COUNTY if severity < 0.6 else TERTIARY]
            gain = logistic(6.0 * (there.capability - severity)) - logistic(6.0 * (place.capability - severity))
            if rng.random() < logistic(8.0 * (gain - 0.5)) * (0.7 + place.sends) and there.seen < there.slots:
                place.referred += 1
                place = there
                self.visit(person, place, severity, rng)
        self.learn(option, cured, refill)
        if not refill and rng.random() < logistic(12.0 * (severity - 0.75)):
            self.admission(person, place, severity, rng)

    def visit(self, person, place, severity, rng):
        charge = VISIT[place.tier] * (0.7 + 0.8 * severity) * place.effort * math.exp(0.4 * (2 * rng.random() - 1))
        own = self.price(person, place.tier, charge)
        person.visits_year += charge
        person.fund_year += charge - own
        self.paid_year += own
        self.model.fund += charge - own
        place.seen += 1
        place.bill(charge, charge - own)

    def admission(self, person, here, severity, rng):
        values = []
        for tier in (CENTRE, COUNTY, TERTIARY):
            place = self.places[tier]
            yuan = self.bed_price(person, tier, STAY[tier])
            felt = 2.0 * (math.sqrt(1.0 + yuan / 100.0) - 1.0)
            cure = logistic(6.0 * (place.capability - severity))
            stays = 1.0 if place is here else 0.0
            values.append(5.0 * cure - 0.1 * self.price_taste * felt - 0.8 * self.minutes[tier] + stays)
        tier = CENTRE + self.pick(values, rng)
        place = self.places[tier]
        days = max(1, round(8.0 * math.exp(0.5 * (2 * rng.random() - 1))))
        if place.bed_days + days > place.beds:
            return
        charge = STAY[tier] * (0.6 + severity) * math.exp(0.4 * (2 * rng.random() - 1))
        centre = self.places[CENTRE]
        if tier > CENTRE and rng.random() < 0.3 * self.trust and centre.bed_days + days // 2 <= centre.beds:
            centre.bed_days += days // 2
            days -= days // 2
        own = self.bed_price(person, tier, charge)
        person.stays_year += charge
        person.stay_fund_year += charge - own
        self.paid_year += own
        self.model.fund += charge - own
        place.bed_days += days
        place.bill(charge, charge - own)

    def learn(self, option, cured, refill):
        if option <= CENTRE and not refill:
            gap = (0.7 if cured else 0.2) - self.trust
            self.trust = min(1.0, max(0.05, self.trust + 0.05 * (2.0 if gap < 0 else 1.0) * gap))
        self.habit = [h + 0.1 * ((1.0 if t == option else 0.0) - h) for t, h in enumerate(self.habit)]


class Prefecture(mesa.Model):
    """Families with their stations, centres, county hospitals and one tertiary hospital."""

    def __init__(self, families, seed=1):
        super().__init__(rng=seed)
        made = random.Random(seed)
        persons = 2.6 * families
        stations = max(1, families // PER_STATION)
        centres = max(1, stations // STATIONS)
        counties = max(1, centres // CENTRES)
        top = Facility(self, TERTIARY, 0.2 * persons, 0.05 * persons)
        self.counties = [
            Facility(self, COUNTY, 0.3 * persons / counties, 0.1 * persons / counties, top) for _ in range(counties)
        ]
        self.centres = [
            Facility(self, CENTRE, 0.4 * persons / centres, 0.02 * persons / centres, self.counties[k % counties])
            for k in range(centres)
        ]
        self.stations = [
            Facility(self, STATION, 0.5 * persons / stations, 0, self.centres[k % centres]) for k in range(stations)
        ]
        for number in range(families):
            Family(self, self.stations[number * stations // families], made)
        self.calendar, self.fund = 0, 0.0
        self.trust = {}

    def step(self):
        self.calendar = self.calendar % 12 + 1
        families = self.agents_by_type[Family]
        sums = {}
        for family in families:
            total, count = sums.get(family.places[0].unique_id, (0.0, 0))
            sums[family.places[0].unique_id] = total + family.trust, count + 1
        self.trust = {place: total / count for place, (total, count) in sums.items()}
        families.shuffle_do("step")
        self.agents_by_type[Facility].do("step")


def measure(families: int = 3_000, months: int = 4) -> dict[str, float]:
    """Family-months and person-steps per second after a month of warming up."""
    model = Prefecture(families)
    model.step()
    people = sum(len(family.members) for family in model.agents_by_type[Family])
    start = time.process_time()
    for _ in range(months):
        model.step()
    seconds = time.process_time() - start
    return {
        "family_months_per_second": families * months / seconds,
        "person_steps_per_second": people * months / seconds,
    }
