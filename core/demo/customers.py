"""The customers of the demo company: who they are, how much they buy, and how they pay."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from core.customers.search import search_text
from core.customers.visibility import code_key
from core.demo import names
from core.demo.days import SPAN, Days

MOST_CUSTOMERS = 20_000
#: Of a thousand documents of a customer, so many are of each kind.
KINDS, ODDS = ("invoice", "credit_note", "debit_note"), (935, 45, 20)
COLUMNS = (
    "id", "code", "code_key", "legal_name", "tax_id", "region", "district", "sales_rep", "collector", "segment",
    "currency", "terms_days", "credit_limit", "email", "phone", "language", "status", "parent_id", "country",
    "time_zone", "search", "event_id",
)  # fmt: skip


class Habit(NamedTuple):
    """How a customer pays: days after the due date (from, to), and odds in a thousand of the rest."""

    name: str
    share: int  # of a hundred customers
    first: int
    last: int
    partial: int
    bounced: int


HABITS = (
    Habit("prompt", 38, -3, 3, 20, 0),
    Habit("usual", 28, 5, 15, 40, 6),
    Habit("slow", 16, 16, 40, 90, 20),
    Habit("chronic", 11, 45, 110, 160, 45),
    Habit("quits", 7, 2, 20, 60, 30),
)


@dataclass(slots=True)
class Profile:
    """One customer and its ways. `size`: centavos of a usual invoice; `quits`: the day from which nothing is paid."""

    place: int
    id: int
    code: str
    name: str
    tax_id: str | None
    where: names.Place
    segment: str
    currency: str
    country: str
    terms: int
    size: int
    documents: int
    habit: Habit
    quits: int
    weekday: int
    method: str
    parent: int | None
    sales_rep: str
    collector: str

    @property
    def limit(self) -> int | None:
        """The credit limit in centavos of a peso: what is owed at a time, more or less; some are not controlled."""
        rng = Random(f"limit:{self.code}")
        if rng.randrange(100) < 8:
            return None
        if not self.terms:
            return 0
        pesos = self.size * (19 if self.currency == "USD" else 1)
        owed = pesos * self.documents * (self.terms + 25) // SPAN
        return max(20_000_00, owed * rng.randrange(80, 260) // 100 // 10_000_00 * 10_000_00)


def how_many(documents: int) -> int:
    """How many customers share so many documents: 180 for the usual size, 20,000 from a million on."""
    return max(1, min(MOST_CUSTOMERS, max(min(180, documents // 5), documents // 50)))


def profiles(seed: int, documents: int, first_id: int) -> Iterator[Profile]:
    """Every customer in turn; together they have exactly `documents` documents."""
    count = how_many(documents)
    weights = [10_000 // Random(f"{seed}:weight:{place}").randrange(14, 300) for place in range(count)]
    total, given, seen = sum(weights), 0, 0
    for place, weight in enumerate(weights):
        seen += weight
        until = documents * seen // total
        yield _profile(Random(f"{seed}:customer:{place}"), place, first_id, until - given)
        given = until


def slots(one: Profile, days: Days, seed: int) -> list[tuple[int, str]]:
    """The days and kinds of a customer's documents, in order; the first is an invoice."""
    rng = Random(f"{seed}:slots:{one.place}")
    places = days.sales(rng, one.documents)
    kinds = rng.choices(KINDS, ODDS, k=len(places))
    return [(place, kind if at else KINDS[0]) for at, (place, kind) in enumerate(zip(places, kinds, strict=True))]


def _profile(rng: Random, place: int, first_id: int, documents: int) -> Profile:
    abroad = place % 22 == 9
    where = names.PLACES[0] if abroad else names.PLACES[rng.randrange(len(names.PLACES))]
    segment, words, _ = rng.choices(names.SEGMENTS, [one[2] for one in names.SEGMENTS])[0]
    is_person = not abroad and segment == "Ferretería" and rng.randrange(3) == 0
    name = names.person(rng) if is_person else names.foreign_firm(rng) if abroad else names.firm(rng, words)
    tax_id: str | None = names.tax_id(rng, name, is_person=is_person)
    if place == 3:
        name, tax_id, is_person = "Público en general", "XAXX010101000", True
    habit = HABITS[0] if place == 3 else rng.choices(HABITS, [one.share for one in HABITS])[0]
    pesos = rng.randrange(4_000, 20_000) * rng.randrange(100, 420)
    return Profile(
        place=place, id=first_id + place, code=f"C{1001 + place}", name=name,
        tax_id="XEXX010101000" if abroad else tax_id, where=where, segment=segment,
        currency="USD" if abroad else "MXN", country="US" if abroad else "MX",
        terms=0 if place == 3 else rng.choice((15, 30, 30, 30, 45, 60)), size=pesos // 18 if abroad else pesos,
        documents=documents, habit=habit, quits=SPAN - rng.randrange(70, 420) if habit.name == "quits" else SPAN + 1,
        weekday=rng.randrange(5), method=rng.choices(("transfer", "cheque", "cash", "card"), (62, 26, 9, 3))[0],
        parent=first_id + place - 7 if place % 25 == 20 else None,
        sales_rep=rng.choice(names.REPS[where.region]), collector=rng.choice(list(names.COLLECTORS[where.region])),
    )  # fmt: skip


def row(one: Profile, event_id: int) -> tuple[object, ...]:
    """A customer as its table keeps it."""
    phone = names.phone(Random(f"phone:{one.code}:{one.name}"), one.where.dialing)
    gone = one.quits < SPAN - 300
    return (
        one.id, one.code, code_key(one.code), one.name, one.tax_id, one.where.region, one.where.district,
        one.sales_rep, one.collector, one.segment, one.currency, one.terms, one.limit, names.address(one.name), phone,
        "en" if one.country == "US" else "es", "inactive" if gone else "active", one.parent, one.country,
        "America/Mexico_City", search_text(one.code, one.name, one.tax_id), event_id,
    )  # fmt: skip
