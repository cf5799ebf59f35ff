"""What the cashier of the demo company did by hand today, with the commands of the screens: payments in another
currency, small differences closed, money given back, credit notes that wait for approval, deposits of unknown payers.

A handful, whatever the size of the company; every moment is fixed, so the same seed and day make the same rows.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from core import clock
from core.auth.actor import Actor
from core.auth.queries import actor_named
from core.demo import company
from core.demo.days import Days
from core.documents.applying import Line, Target
from core.documents.credit_notes import Note, register_credit_note
from core.ledger.models import Entry, Kind, Side
from core.payments.application import undo_application
from core.payments.refunds import refund
from core.payments.registration import Received, register_payment

_CLERK, _BANK = "cajera", "Banco del Mirto 0417"
#: From this minute of the day on, after the ERP's file.
_EVENING = 18 * 60 + 46
_CENT, _SHORT = Decimal("0.01"), Decimal("0.60")
_INVOICE = (col(Entry.side) == Side.CHARGE, col(Entry.kind) == Kind.INVOICE)


class _Open(NamedTuple):
    """An instalment, or a credit, with something left."""

    id: int
    customer_id: int
    number: str
    currency: str
    open: Decimal


class _Counter(NamedTuple):
    """Who works on what, on which day, at which rate."""

    session: Session
    clerk: Actor
    days: Days

    @property
    def rate(self) -> Decimal:
        """Pesos a dollar today."""
        return Decimal(self.days.rates[self.days.last]).scaleb(-6)

    def some(self, count: int, *which: ColumnElement[bool], skip: int = 0) -> list[_Open]:
        """So many of what is open, in the order in which they came; `skip` leaves those alone that others take."""
        found = self.session.execute(
            select(col(Entry.id), col(Entry.customer_id), col(Entry.number), col(Entry.currency), col(Entry.open))
            .where(*which, col(Entry.open) > 0, col(Entry.booked_on) < self.days.dates[self.days.last])
            .order_by(col(Entry.id).desc())
            .limit(count).offset(skip)
        )  # fmt: skip
        return [_Open._make(row) for row in found]

    def receive(
        self, amount: Decimal, currency: str, *, of: _Open | None = None, method: str = "transfer", back: int = 0,
        close: bool = False, notes: str | None = None,
    ) -> str:  # fmt: skip
        """Registers money that came `back` days ago; `of`: applied to that instalment; returns its number."""
        on = self.days.dates[self.days.last] - timedelta(days=back)
        given = None if of is None else min(of.open, amount) if of.currency == currency else of.open
        lines = [] if of is None or given is None else [Line(of.id, given, close)]
        received = Received(
            of.customer_id if of else None, on, amount, currency, method, account=_BANK, notes=notes,
            bank_reference=f"70{of.id:08d}" if of else None,
        )  # fmt: skip
        return register_payment(self.session, self.clerk, received=received, lines=lines, another=True).number


def add(session: Session, days: Days) -> None:
    """All of it, a minute apart; what the company is too small for is left out."""
    counter = _Counter(session, actor_named(session, _CLERK, origin="web"), days)
    for minute, work in enumerate(_work(counter)):
        with clock.standing(company.moment(days.dates[days.last], _EVENING + minute)):
            work()


def _work(counter: _Counter) -> Iterator[Callable[[], object]]:
    in_pesos, in_dollars = (*_INVOICE, col(Entry.currency) == "MXN"), (*_INVOICE, col(Entry.currency) == "USD")
    for one in counter.some(2, *in_dollars):
        pesos = (one.open * counter.rate).quantize(_CENT, ROUND_HALF_UP)
        yield partial(counter.receive, pesos, "MXN", of=one)
    for one in counter.some(1, *in_pesos, col(Entry.open) > Decimal("5000.00")):
        dollars = (one.open / counter.rate).quantize(Decimal(1)) + 1
        yield partial(counter.receive, dollars, "USD", of=one)
    for one in counter.some(2, *in_pesos, col(Entry.open) > Decimal("1000.00"), skip=3):
        yield partial(counter.receive, one.open - _SHORT, "MXN", of=one, close=True)
    for one in counter.some(1, *in_pesos, col(Entry.open) > Decimal("1000.00"), skip=7):
        yield partial(_to_the_wrong_one, counter, one)
    yield from _notes(counter, *in_pesos)
    for one in counter.some(3, col(Entry.side) == Side.CREDIT, col(Entry.kind) == Kind.PAYMENT):
        yield partial(
            refund, counter.session, counter.clerk, number=one.number,
            amount=max(_CENT, (one.open / 2).quantize(_CENT)), on=counter.days.dates[counter.days.last],
            notes="Devolución pedida por el cliente",
        )  # fmt: skip
    for amount, currency, method, back, notes in (
        ("2450.00", "USD", "transfer", 9, "Wire sin referencia"), ("18500.00", "MXN", "cash", 4, "Depósito en cajero"),
        ("7310.40", "MXN", "cheque", 1, "Cheque sin nombre del cliente"),
    ):  # fmt: skip
        yield partial(counter.receive, Decimal(amount), currency, method=method, back=back, notes=notes)


def _to_the_wrong_one(counter: _Counter, one: _Open) -> None:
    """A payment applied to an invoice that was not meant, and taken back at once."""
    number = counter.receive((one.open / 3).quantize(_CENT), "MXN", of=one)
    undo_application(
        counter.session, counter.clerk, number=number, document=one.number,
        on=counter.days.dates[counter.days.last], reason="wrong_document",
    )  # fmt: skip


def _notes(counter: _Counter, *which: ColumnElement[bool]) -> Iterator[Callable[[], object]]:
    """Credit notes above the limit, which somebody else is to approve."""
    limit = Decimal(company.SETTINGS["approval.credit_note"])
    asked = (("return", "1812.40"), ("discount", "9250.00"), ("price", "4106.75"))
    for (reason, more), one in zip(asked, counter.some(3, *which, col(Entry.open) > limit, skip=9), strict=False):
        note = Note(
            one.customer_id, counter.days.dates[counter.days.last], limit + Decimal(more), "MXN", reason,
            (Target(one.number),), notes="Autorizada de palabra por ventas",
        )  # fmt: skip
        yield partial(register_credit_note, counter.session, counter.clerk, note=note)
