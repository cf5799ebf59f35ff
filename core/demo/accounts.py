"""The life of one customer's account, day by day: invoices, notes, payments by habit, cheques that come back.

It keeps to the rules of the ledger as it goes along: nothing is applied before both ends exist, nothing beyond what
is open, a returned cheque undoes exactly what it had closed. `db check` recomputes all of it.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple
from uuid import UUID

from core.demo.books import Books, Line, Move
from core.demo.customers import Profile
from core.documents.models import Document
from core.ledger.models import Application, Entry, Reversal
from core.payments.models import Payment

_TAX = 16
_BANKS = ("Banco del Mirto 0417", "Banco del Mirto 0417", "Caja Cantera 2290")


class Applied(NamedTuple):
    """An application as it was written, to be undone perhaps."""

    id: int
    charge: Line
    amount: int


class Account:
    """One customer. `folios`: the numbers of the days' invoices, one after another."""

    def __init__(self, one: Profile, seed: int, books: Books, folios: list[int], *, detailed: bool) -> None:
        """`detailed`: with fiscal folios, which a database of millions does without."""
        self.one, self.books, self.folios, self.detailed = one, books, folios, detailed
        self.rng = Random(f"{seed}:account:{one.place}")
        self.days = books.days
        self.lines: list[Line] = []
        self.recent: list[Line] = []
        self.in_favour: list[Line] = []
        self.penalty = False
        self._agenda: list[tuple[int, int, str, object]] = []
        self._runs: dict[int, list[Line]] = {}
        self._order = 0

    def live(self, slots: Iterable[tuple[int, str]]) -> None:
        """The whole account: a document in each slot `(day, kind)`, and what follows from it until today."""
        for place, kind in slots:
            self._plan(place, kind, None)
        papers = {"invoice": self._invoice, "credit_note": self._credit_note, "debit_note": self._debit_note}
        while self._agenda:
            place, _, what, about = heappop(self._agenda)
            if what in papers:
                papers[what](place)
            elif what == "run":
                self._pay(place, self._runs.pop(place))
            elif what == "bounce":
                self._bounce(place, *about)  # type: ignore[misc]  # the payment's line and its applications
        self.books.post(self.lines, self.one.id, self.one.currency)

    def _plan(self, place: int, what: str, about: object) -> None:
        self._order += 1
        heappush(self._agenda, (place, self._order, what, about))

    def _odds(self, of_a_thousand: int) -> bool:
        return self.rng.randrange(1000) < of_a_thousand

    # ------------------------------------------------------------ documents
    def _invoice(self, place: int) -> None:
        rng, one = self.rng, self.one
        total = max(450_00, one.size * rng.randrange(20, 190) * rng.randrange(40, 180) // 10_000)
        presented = self.days.working(place + rng.randrange(8)) if one.segment == "Construcción" else None
        if presented is not None and presented > self.days.last:
            presented = None
        due = (place if presented is None else presented) + one.terms
        parts = [(due, total)]
        if one.terms >= 30 and total > one.size * 2 and rng.randrange(3) == 0:
            third = total // 3
            parts = [(due, third), (due + 30, third), (due + 60, total - 2 * third)]
        number = f"A-{self.folios[place]}"
        self.folios[place] += 1
        po = f"OC-{rng.randrange(10_000, 99_999)}" if one.segment in ("Industrial", "Construcción") else None
        self._charge("invoice", number, place, parts, presented=presented, po=po)

    def _debit_note(self, place: int) -> None:
        late = next((line for line in self.recent if line.open and (line.due or 0) < place), None)
        if self.penalty:
            reason, amount, self.penalty = "returned_cheque", self.one.size // 5, False
        elif late is not None:
            reason, amount = "late_interest", max(150_00, late.open * self.rng.randrange(10, 35) // 1000)
        else:
            reason, amount = "freight", max(250_00, self.one.size * self.rng.randrange(15, 45) // 1000)
        number = self.books.folio("ND", place)
        self._charge("debit_note", number, place, [(place + self.one.terms, amount)], reason=reason)

    def _charge(
        self, kind: str, number: str, place: int, parts: list[tuple[int, int]], *, presented: int | None = None,
        po: str | None = None, reason: str | None = None,
    ) -> None:  # fmt: skip
        id_ = self._paper(kind, number, place, sum(amount for _, amount in parts), parts[-1][0], presented, po, reason)
        for instalment, (due, amount) in enumerate(parts, 1):
            line = Line(
                self.books.take(Entry), "charge", kind, "document", id_, instalment, number, self._rate(place), place,
                due, None, amount, amount,
            )  # fmt: skip
            self.lines.append(line)
            self.recent.append(line)
            self._intend(line, place)
        if len(self.recent) > 12:
            self.recent = [line for line in self.recent if line.open][-12:]

    def _credit_note(self, place: int) -> None:
        target = next((line for line in reversed(self.recent) if line.open >= 500_00), None)
        number = self.books.folio("NC", place)
        if target is None:
            amount, reason = max(300_00, self.one.size * self.rng.randrange(10, 40) // 1000), "rebate"
        else:
            amount = max(100_00, target.open * self.rng.randrange(30, 160) // 1000)
            reason = self.rng.choice(("return", "discount", "price", "quantity"))
        named = None if target is None else target.number
        id_ = self._paper("credit_note", number, place, amount, None, None, None, reason, named)
        credit = Line(
            self.books.take(Entry), "credit", "credit_note", "document", id_, 0, number, self._rate(place), place, None,
            None, amount, amount,
        )  # fmt: skip
        self.lines.append(credit)
        if target is None:
            self.in_favour.append(credit)
        else:
            self._apply(credit, target, amount, place)

    def _paper(
        self, kind: str, number: str, place: int, total: int, due: int | None, presented: int | None, po: str | None,
        reason: str | None, applies_to: str | None = None,
    ) -> int:  # fmt: skip
        id_, dates = self.books.take(Document), self.days.dates
        subtotal = total if self.one.country == "US" else (total * 200 + 100 + _TAX) // (2 * (100 + _TAX))
        uuid = str(UUID(int=self.rng.getrandbits(128), version=4)).upper() if self.detailed else None
        self.books.documents.append((
            id_, kind, number, self.one.id, dates[place], None if due is None else dates[due],
            None if presented is None else dates[presented], total, subtotal, total - subtotal, self.one.currency,
            self._rate(place), self.one.sales_rep, uuid, po, applies_to, reason, None, self.books.events[place],
        ))  # fmt: skip
        self.books.numbers.append((number, "document", id_))
        return id_

    def _rate(self, place: int) -> int:
        return self.days.rates[place] if self.one.currency == "USD" else 1_000_000

    # ------------------------------------------------------------ payments
    def _intend(self, line: Line, now: int, wait: int = 0) -> None:
        """When the customer means to pay an instalment; after today, or once it has quit paying, never."""
        habit = self.one.habit
        if wait:
            meant = now + wait
        else:
            meant = max(now, (line.due or now) + self.rng.randrange(habit.first, habit.last + 1))
        place = self.days.on_weekday(meant, self.one.weekday)
        if place > self.days.last or place >= self.one.quits:
            return
        if place not in self._runs:
            self._runs[place] = []
            self._plan(place, "run", None)
        self._runs[place].append(line)

    def _pay(self, place: int, lines: list[Line]) -> None:
        """One payment for everything that the customer means to pay on a day."""
        rng, habit = self.rng, self.one.habit
        if self.in_favour and self.in_favour[-1].booked <= place and rng.randrange(2):
            self._use(self.in_favour.pop(), lines, place)
        due = [line for line in lines if line.open]
        amount = sum(line.open for line in due)
        if not amount:
            return
        if self._odds(habit.partial):
            kept = due[-1].open * rng.randrange(20, 60) // 100
            amount -= kept
            if kept:
                self._intend(due[-1], place, rng.randrange(14, 45))
        elif self._odds(12):
            amount = -(-amount // 1_000_00) * 1_000_00  # rounded up: the rest stays in favour
        method = self.one.method if not self._odds(80) else "transfer"
        identified = self.days.working(place + rng.randrange(2, 15)) if self._odds(12) else place
        credit = self._payment(place, amount, method, identified)
        if credit is None:
            return
        forgotten = self.days.last - place < 15 and self._odds(70)  # received, and nobody has applied it yet
        applied = self._use(credit, [] if forgotten else due, identified)
        if method == "cheque" and self._odds(habit.bounced) and identified == place and place + 4 <= self.days.last:
            self._plan(self.days.working(place + 2), "bounce", (credit, applied))
        elif credit.open:
            self.in_favour.append(credit)

    def _payment(self, place: int, amount: int, method: str, identified: int) -> Line | None:
        """Money received; None where nobody knows yet whose it is."""
        id_, number = self.books.take(Payment), self.books.folio("P", place)
        known = identified <= self.days.last
        reference = {
            "transfer": f"{self.rng.randrange(10**9, 10**10)}", "cheque": f"CH-{self.rng.randrange(1000, 9999)}",
        }.get(method)  # fmt: skip
        self.books.payments.append((
            id_, number, self.days.dates[place], amount, self.one.currency, self._rate(place), method, reference,
            _BANKS[self.rng.randrange(3)] if method != "cash" else None, None, None, identified != place,
            self.books.events[place],
        ))  # fmt: skip
        self.books.numbers.append((number, "payment", id_))
        if not known:
            return None
        credit = Line(
            self.books.take(Entry), "credit", "payment", "payment", id_, 0, number, self._rate(place), identified, None,
            place, amount, amount,
        )  # fmt: skip
        self.lines.append(credit)
        return credit

    def _use(self, credit: Line, charges: Iterable[Line], place: int) -> list[Applied]:
        """Applies a credit to charges in turn, as far as both go."""
        made = []
        for charge in charges:
            amount = min(credit.open, charge.open)
            if amount:
                made.append(self._apply(credit, charge, amount, place))
        return made

    def _apply(self, credit: Line, charge: Line, amount: int, place: int, undoes: int | None = None) -> Applied:
        id_, dates = self.books.take(Application), self.days.dates
        credit.open -= amount
        charge.open -= amount
        charge.moves.append(Move(id_, place, amount, credit.paid is not None, undoes))
        self.books.applications.append((
            id_, credit.id, charge.id, amount, dates[place], undoes, False, self.one.id, self.one.currency,
            dates[charge.due or 0], dates[charge.booked], dates[credit.booked],
            None if credit.paid is None else dates[credit.paid], self.books.events[place],
        ))  # fmt: skip
        return Applied(id_, charge, amount)

    def _bounce(self, place: int, credit: Line, applied: list[Applied]) -> None:
        """A cheque came back: what it closed is open again with its first due date, and it leaves the account."""
        for one in applied:
            self._apply(credit, one.charge, -one.amount, place, one.id)
            self._intend(one.charge, place, self.rng.randrange(6, 25))
        reversal = self.books.take(Reversal)
        self.books.reversals.append((
            reversal, "payment", credit.source_id, None, self.days.dates[place], "returned_cheque", False,
            self.books.events[place],
        ))  # fmt: skip
        counter = Line(
            self.books.take(Entry), "charge", "reversal", "reversal", reversal, 1, credit.number, credit.rate, place,
            place, None, credit.amount, credit.amount,
        )  # fmt: skip
        self.lines.append(counter)
        self._apply(credit, counter, credit.amount, place)
        self.penalty = True
