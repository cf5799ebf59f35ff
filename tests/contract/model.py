"""The contract's ledger, once more and slowly: lists, dates and Decimals, nothing of the product's.

`Ledger` says of every row of a file whether it is bad, and what is open on any day. Dates are ISO text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


class BadRow(Exception):
    """The contract calls this row bad."""


@dataclass
class Move:
    """So much was applied on a day; undone on `undone`."""

    credit: "Credit"
    part: "Part"
    amount: Decimal
    day: str
    undone: str | None = None

    def at(self, day: str) -> Decimal:
        return self.amount if self.day <= day and (self.undone is None or day < self.undone) else ZERO


@dataclass
class Part:
    """One instalment of a charge."""

    charge: "Charge"
    due: str
    amount: Decimal
    moves: list[Move] = field(default_factory=list)

    def left(self, day: str) -> Decimal:
        gone = self.charge.reversed is not None and self.charge.reversed <= day
        return ZERO if gone else self.amount - sum((move.at(day) for move in self.moves), ZERO)


@dataclass
class Charge:
    number: str
    customer: str
    day: str
    currency: str
    rate: Decimal
    parts: list[Part] = field(default_factory=list)
    reversed: str | None = None

    @property
    def moves(self) -> list[Move]:
        return [move for part in self.parts for move in part.moves]


@dataclass
class Credit:
    number: str
    customer: str | None
    day: str
    currency: str
    rate: Decimal
    amount: Decimal
    money: bool
    moves: list[Move] = field(default_factory=list)
    reversed: str | None = None
    received: str = ""  # a payment's own date, when it was identified later, on `day`

    def left(self, day: str) -> Decimal:
        gone = self.reversed is not None and self.reversed <= day
        return ZERO if gone else self.amount - sum((move.at(day) for move in self.moves), ZERO)


class Ledger:
    def __init__(self) -> None:
        self.charges: dict[str, Charge] = {}
        self.credits: dict[str, Credit] = {}

    # -------------------------------------------------------------- what may be applied
    def available(self, thing: Part | Credit, day: str) -> Decimal:
        """The least that is open or left on that day and any later one."""
        ends = [move.day for move in thing.moves] + [move.undone for move in thing.moves if move.undone]
        gone = thing.charge.reversed if isinstance(thing, Part) else thing.reversed
        days = [day, *(one for one in [*ends, gone or day] if one > day)]
        return min(thing.left(one) for one in days)

    def target(self, credit: Credit, number: str) -> Charge:
        charge = self.charges.get(number)
        if charge is None or (charge.customer, charge.currency) != (credit.customer, credit.currency):
            raise BadRow(f"{number} is no charge of {credit.customer} in {credit.currency}")
        return charge

    def exactly(self, credit: Credit, number: str, amount: Decimal, day: str = "") -> None:
        charge = self.target(credit, number)
        least = max(credit.day, charge.day)
        if day and day < least:
            raise BadRow(f"{day} is before {least}")
        day = day or least
        if amount > self.available(credit, day):
            raise BadRow("more than is left")
        if amount > sum((self.available(part, day) for part in charge.parts), ZERO):
            raise BadRow("more than is open")
        for part in sorted(charge.parts, key=lambda one: one.due):
            amount -= self.apply(credit, part, min(amount, self.available(part, day)), day)

    def as_much(self, credit: Credit, numbers: Iterable[str]) -> None:
        charges = [self.target(credit, number) for number in numbers]
        parts = [part for charge in charges for part in charge.parts]
        for part in sorted(parts, key=lambda one: one.due):
            day = max(credit.day, part.charge.day)
            self.apply(credit, part, min(self.available(credit, day), self.available(part, day)), day)

    def apply(self, credit: Credit, part: Part, amount: Decimal, day: str) -> Decimal:
        if amount:
            move = Move(credit, part, amount, day)
            credit.moves.append(move)
            part.moves.append(move)
        return amount

    # -------------------------------------------------------------- rows of files
    def charge(self, number: str, customer: str, day: str, currency: str, rate: Decimal, parts: list) -> None:
        charge = self.charges[number] = Charge(number, customer, day, currency, rate)
        charge.parts = [Part(charge, due, amount) for due, amount in parts]

    def credit(self, credit: Credit, named: list[tuple[str, Decimal | None]]) -> None:
        """A payment or credit note and its `applies_to`."""
        if credit.customer is None and named:
            raise BadRow("of nobody")
        try:
            if any(amount is None for _, amount in named):
                self.as_much(credit, [number for number, _ in named])
            else:
                for number, amount in named:
                    assert amount is not None
                    self.exactly(credit, number, amount)
        except BadRow:
            for move in credit.moves:
                move.part.moves.remove(move)
            raise
        self.credits[credit.number] = credit

    def application(self, source: str, document: str, amount: Decimal, day: str) -> None:
        credit = self.credits.get(source)
        if credit is None or credit.customer is None:
            raise BadRow("no source")
        self.exactly(credit, document, amount, day)

    def reversal(self, number: str, day: str, document: str) -> None:
        whole = self.credits.get(number) or self.charges.get(number)
        if whole is None:
            raise BadRow("not known")
        live = [move for move in whole.moves if move.undone is None]
        if document:
            live = [move for move in live if move.part.charge.number == document]
            if not live or day < min(move.day for move in live):
                raise BadRow("nothing live, or before it")
        else:
            if whole.reversed or day < whole.day or any(move.undone and day < move.undone for move in whole.moves):
                raise BadRow("once, never before it, nor before an undo")
            whole.reversed = day
        for move in live:
            move.undone = max(day, move.day)

    def identify(self, number: str, customer: str, day: str) -> None:
        """From `day` the money is on the account of this customer."""
        credit = self.credits[number]
        if credit.customer is not None or day < credit.day or (credit.reversed and credit.reversed < day):
            raise BadRow("somebody's, before it came, or after it went")
        credit.customer, credit.received, credit.day = customer, credit.day, day

    # -------------------------------------------------------------- what is open
    def items(self, day: str) -> Iterator[tuple[str, str, str, Decimal, Decimal, Decimal]]:
        """Key, customer, currency, open, in company currency, future; as aging by document shows them."""
        for charge in self.charges.values():
            parts = sorted(charge.parts, key=lambda one: one.due) if charge.day <= day else []
            for n, part in enumerate(parts, 1):
                if left := part.left(day):
                    key = charge.number + (f"/{n}" if n > 1 else "")
                    yield (
                        key,
                        charge.customer,
                        charge.currency,
                        left,
                        self.base(left, charge.rate),
                        self.later(part, day),
                    )
        for credit in self.credits.values():
            if credit.customer is not None and credit.day <= day and (left := credit.left(day)):
                yield credit.number, credit.customer, credit.currency, -left, -self.base(left, credit.rate), ZERO

    def later(self, part: Part, day: str) -> Decimal:
        money = [
            move
            for move in part.moves
            if move.credit.money and (move.credit.received or move.credit.day) > day and not move.undone
        ]
        return sum((move.amount for move in money if move.credit.reversed is None), ZERO)

    def base(self, amount: Decimal, rate: Decimal) -> Decimal:
        return (amount * rate).quantize(CENT, ROUND_HALF_UP)

    def billed(self, day: str, currency: str) -> tuple[Decimal, Decimal]:
        """What is open of the charges at a day, and how much of it is overdue."""
        open_, overdue = ZERO, ZERO
        for charge in self.charges.values():
            for part in charge.parts:
                left = part.left(day) if charge.currency == currency and charge.day <= day else ZERO
                open_, overdue = open_ + left, overdue + (left if part.due < day else ZERO)
        return open_, overdue

    def unidentified(self, day: str, currency: str) -> Decimal:
        """Money on hand at a day that is on nobody's account."""
        found = ZERO
        for one in self.credits.values():
            left = [one.day] if one.customer else []
            left += [one.reversed] if one.reversed else []
            if one.money and one.currency == currency and (one.received or one.day) <= day < min(left, default="9"):
                found += one.amount
        return found

    def sales(self, month: str, currency: str) -> Decimal:
        signed = [(one, sum((part.amount for part in one.parts), ZERO)) for one in self.charges.values()]
        signed += [(one, -one.amount) for one in self.credits.values() if not one.money]  # type: ignore[misc]
        return self.of_month(signed, month, currency)

    def collected(self, month: str, currency: str) -> Decimal:
        return self.of_month(
            [(one, one.amount) for one in self.credits.values() if one.money and one.customer], month, currency
        )

    def of_month(self, signed: Iterable, month: str, currency: str) -> Decimal:
        total = ZERO
        for one, amount in signed:
            if one.currency == currency:
                total += amount if one.day.startswith(month) else ZERO
                total -= amount if one.reversed and one.reversed.startswith(month) else ZERO
        return total
