"""The only writer of the ledger: post, apply, undo; each in the transaction of the command that asks.

A `Batch` holds the entries that one write touches, with their running balances in whole centavos, refuses what the
rules do not allow, and writes everything at the end. One payment at the counter and a file of a million documents
go through the same rules. Balances are locked when they are loaded (PostgreSQL: rows, in the order of their ids;
SQLite: the transaction is the only writer), and CHECK (open BETWEEN 0 AND amount) holds whatever the code does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, cast

from sqlalchemy import BigInteger, CursorResult, select, text, type_coerce
from sqlmodel import Session, col

from core import db
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Adjustment, Application, Entry, Kind, Reversal, Side, Source
from core.ledger.months import check_open, closed_through
from core.money import from_cents

CHUNK = 5_000
#: An application as it is stored: id, credit, charge, centavos, day, the one it undoes, imported.
_Row = tuple[int, int, int, int, date, int | None, bool]
_CLAIM = text(
    "INSERT INTO ledger_number (number, source, source_id) VALUES (:number, :source, :source_id) ON CONFLICT DO NOTHING"
)


class NumberTaken(DomainError):
    message = N_("El número «{number}» ya existe. Escriba otro.")


class OverApplied(DomainError):
    message = N_("«{number}» solo tiene {left} por aplicar al {on}; no se pueden aplicar {asked}.")


class AppliedTooEarly(DomainError):
    message = N_("No se puede aplicar el {on}: «{number}» es del {booked}. Use esa fecha o una posterior.")


class OtherAccount(DomainError):
    message = N_("«{credit}» y «{charge}» no son del mismo cliente y moneda; no se puede aplicar uno al otro.")


class BalanceChanged(DomainError):
    message = N_("El saldo de «{number}» cambió mientras usted capturaba. No se guardó nada; revise y repita.")


@dataclass(slots=True, eq=False)
class Item:
    """An entry in a batch. Amounts in whole centavos, the rate in millionths; `id` is None until it is written."""

    customer_id: int
    side: str
    kind: str
    source: str
    source_id: int
    instalment: int
    number: str
    currency: str
    rate: int
    booked_on: date
    due_on: date | None
    paid_on: date | None
    amount: int
    open: int
    id: int | None = None
    stored_open: int | None = None  # as the database has it; None: not there yet
    moves: list["Applied"] = field(default_factory=list)
    latest: date = date.min  # nothing in `moves` is dated later

    def available(self, on: date) -> int:
        """What may be applied on `on`: the least that is open on that day and on any later one."""
        if self.latest <= on:
            return self.open
        later = [move for move in self.moves if move.on > on]
        if not later:
            return self.open
        later.sort(key=lambda move: move.on, reverse=True)
        running = least = self.open
        for place, move in enumerate(later):
            running += move.amount
            if place + 1 == len(later) or later[place + 1].on != move.on:  # the day before `move.on` ended like this
                least = min(least, running)
        return least

    def live(self) -> list["Applied"]:
        """Its applications that nobody has undone."""
        undone = {id(move.undoes) for move in self.moves if move.undoes is not None}
        return [move for move in self.moves if move.undoes is None and id(move) not in undone]

    def keep(self, move: "Applied") -> None:
        """One more application, or its undoing."""
        self.moves.append(move)
        self.latest = max(self.latest, move.on)


@dataclass(slots=True, eq=False)
class Applied:
    """An application in a batch: `amount` centavos of `credit` on `charge`; negative when it undoes another."""

    credit: Item
    charge: Item
    amount: int
    on: date
    undoes: "Applied | None" = None
    imported: bool = False
    id: int | None = None


class Batch:
    """What one write does to the ledger. Nothing is written before `flush()`."""

    def __init__(self, session: Session, *, event_id: int = 0, alone: bool = False) -> None:
        """`event_id` may be set later, when what is recorded is known; before anything is written.

        `alone`: the transaction was opened with `alone=True`, so rows need no locks.
        """
        self.session = session
        self.event_id = event_id
        self.alone = alone
        self.closed = closed_through(session)
        self._items: dict[int, Item] = {}
        self._whole: set[int] = set()  # those of them whose applications are all here
        self._made: list[Item] = []
        self._applied: list[Applied] = []
        self._reversals: list[Reversal] = []
        self._by_id: dict[int, Applied] = {}
        #: Whole reversals of papers, as far as they were looked up (None: there is none) or made here.
        self.whole_reversals: dict[tuple[str, int], Reversal | None] = {}
        #: Legs (exchange, write-off) of customers that were looked up: see `reversing`.
        self.legs: dict[int, list[Adjustment]] = {}

    # ---------------------------------------------------------------- reading what will be touched
    def load(self, entry_ids: Iterable[int]) -> list[Item]:
        """The entries of these ids, locked, with all their applications and the other side of each; unknown ids are
        left out. Locked first, read after: what somebody applied meanwhile is seen."""
        asked = sorted(set(entry_ids))
        wanted = [one for one in asked if one not in self._whole]
        self._read_entries(one for one in wanted if one not in self._items)
        moves = self._application_rows([one for one in wanted if one in self._items])
        others = {row[1] for row in moves} | {row[2] for row in moves}
        self._read_entries(sorted(others - self._items.keys()))
        for row in moves:
            self._add_move(*row)
        self._whole.update(wanted)
        return [self._items[one] for one in asked if one in self._items]

    def load_of(self, source: Source, source_ids: Iterable[int]) -> dict[int, list[Item]]:
        """The entries of papers, by the paper's id, instalments by due date; papers without entry are absent."""
        ids: list[int] = []
        for chunk in _chunks(sorted(set(source_ids))):
            ids += self.session.scalars(
                select(col(Entry.id)).where(col(Entry.source) == source, col(Entry.source_id).in_(chunk))
            )
        found: dict[int, list[Item]] = {}
        for item in self.load(ids):
            found.setdefault(item.source_id, []).append(item)
        for items in found.values():
            items.sort(key=lambda item: item.instalment)
        return found

    def _read_entries(self, entry_ids: Iterable[int]) -> None:
        for ids in _chunks(entry_ids):
            statement = _ENTRIES.where(col(Entry.id).in_(ids))
            if not self.alone:
                statement = statement.with_for_update()
            for row in self.session.execute(statement):
                values: tuple[Any, ...] = tuple(row)
                item = self._items[values[-1]] = Item(*values)
                item.stored_open = item.open

    def _application_rows(self, entry_ids: Sequence[int]) -> list[_Row]:
        seen: dict[int, _Row] = {}
        for side, key in ((Side.CREDIT, col(Application.credit_id)), (Side.CHARGE, col(Application.charge_id))):
            for ids in _chunks(one for one in entry_ids if self._items[one].side == side):
                for row in self.session.execute(_APPLICATIONS.where(key.in_(ids))):
                    seen[row[0]] = tuple(row)
        return [seen[one] for one in sorted(seen)]

    def _add_move(
        self, id_: int, credit_id: int, charge_id: int, amount: int, on: date, undoes: int | None, imported: bool
    ) -> None:
        if id_ in self._by_id:
            return
        credit, charge = self._items[credit_id], self._items[charge_id]
        undone = self._by_id[undoes] if undoes is not None else None
        move = self._by_id[id_] = Applied(credit, charge, amount, on, undone, imported, id_)
        credit.keep(move)
        charge.keep(move)

    # ---------------------------------------------------------------- posting
    def claim(self, number: str, source: Source, source_id: int) -> None:
        """Gives `number` to a paper; refuses it when another paper bears it."""
        values = {"number": number, "source": source, "source_id": source_id}
        if not cast("CursorResult[Any]", self.session.execute(_CLAIM, values)).rowcount:
            raise NumberTaken(number=number)

    def charges(
        self, *, customer_id: int, kind: Kind, source: Source, source_id: int, number: str, currency: str, rate: int,
        booked_on: date, instalments: Sequence[tuple[date, int]],
    ) -> list[Item]:  # fmt: skip
        """Posts what the customer owes: an entry an instalment `(due date, centavos)`, numbered by due date."""
        self.check_open(booked_on)
        ordered = sorted(instalments, key=lambda one: one[0])
        made = [
            Item(customer_id, Side.CHARGE, kind, source, source_id, place, number, currency, rate, booked_on, due_on,
                 None, amount, amount)
            for place, (due_on, amount) in enumerate(ordered, 1)
        ]  # fmt: skip
        self._made += made
        return made

    def credit(
        self, *, customer_id: int, kind: Kind, source: Source, source_id: int, number: str, currency: str, rate: int,
        booked_on: date, amount: int, paid_on: date | None = None,
    ) -> Item:  # fmt: skip
        """Posts what lowers the customer's debt: a payment or a credit note, not applied yet.

        `paid_on`: the day the money was received (a payment and its exchange), when not the day it came on the account.
        """
        self.check_open(booked_on)
        if paid_on is None and kind in (Kind.PAYMENT, Kind.EXCHANGE) and source != Source.REVERSAL:
            paid_on = booked_on
        made = Item(
            customer_id, Side.CREDIT, kind, source, source_id, 0, number, currency, rate, booked_on, None, paid_on,
            amount, amount,
        )  # fmt: skip
        self._made.append(made)
        return made

    def apply(self, credit: Item, charge: Item, amount: int, on: date, *, imported: bool = False) -> Applied:
        """Closes `amount` centavos (> 0) of a charge with a credit, on a day from which both exist."""
        if (credit.customer_id, credit.currency) != (charge.customer_id, charge.currency):
            raise OtherAccount(credit=credit.number, charge=charge.number)
        self.check_open(on)
        for item in (credit, charge):
            if on < item.booked_on:
                raise AppliedTooEarly(on=on, number=item.number, booked=item.booked_on)
            if (left := item.available(on)) < amount:
                raise OverApplied(number=item.number, left=from_cents(left), on=on, asked=from_cents(amount))
        return self._move(Applied(credit, charge, amount, on, imported=imported))

    def spread(
        self, credit: Item, charges: Iterable[Item], on: date, limit: int | None = None, *, imported: bool = False
    ) -> int:
        """Applies to the charges in their order as much as is open and left, up to `limit`; returns the centavos."""
        left = credit.available(on) if limit is None else min(limit, credit.available(on))
        spent = 0
        for charge in charges:
            amount = min(left - spent, charge.available(on))
            if amount > 0:
                self.apply(credit, charge, amount, on, imported=imported)
                spent += amount
            if spent == left:
                break
        return spent

    def undo(self, applied: Applied, on: date) -> Applied:
        """Takes an application back on `on`, or on its own date when that is later."""
        day = max(on, applied.on)
        self.check_open(day)
        return self._move(Applied(applied.credit, applied.charge, -applied.amount, day, undoes=applied))

    def check_open(self, on: date) -> None:
        """Refuses a date in a closed month."""
        check_open(self.closed, on)

    def _move(self, move: Applied) -> Applied:
        for item in (move.credit, move.charge):
            item.open -= move.amount
            item.keep(move)
        self._applied.append(move)
        return move

    def reverse(self, reversal: Reversal) -> None:
        """Notes a reversal; its id is a negative placeholder until `flush()`."""
        reversal.id = -1 - len(self._reversals)
        self._reversals.append(reversal)

    # ---------------------------------------------------------------- planning
    def mark(self) -> tuple[int, int, int]:
        """Where the batch stands, for `back_to`."""
        return len(self._made), len(self._applied), len(self._reversals)

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forgets what was posted since a mark, nothing of which has been written."""
        made, applied, reversals = mark
        for move in reversed(self._applied[applied:]):
            for item in (move.charge, move.credit):
                item.open += move.amount
                item.moves.pop()
        for reversal in self._reversals[reversals:]:
            self.whole_reversals[reversal.source, reversal.source_id] = None
        del self._made[made:], self._applied[applied:], self._reversals[reversals:]

    # ---------------------------------------------------------------- writing
    def flush(self) -> None:
        """Writes what was posted since the last flush."""
        self._write_reversals()
        for item, id_ in zip(self._made, db.reserve_ids(self.session, Entry, len(self._made)), strict=True):
            item.id, item.stored_open = id_, item.open
            self._items[id_] = item
            self._whole.add(id_)
        db.insert_many(self.session, Entry, _ENTRY_COLUMNS, (_entry_row(item) for item in self._made))
        for move, id_ in zip(self._applied, db.reserve_ids(self.session, Application, len(self._applied)), strict=True):
            move.id = id_
            self._by_id[id_] = move
        rows = (_application_row(move, self.event_id) for move in self._applied)
        db.insert_many(self.session, Application, _APPLICATION_COLUMNS, rows)
        self._write_open({id(item): item for move in self._applied for item in (move.credit, move.charge)}.values())
        self._made, self._applied = [], []

    def _write_reversals(self) -> None:
        if not self._reversals:
            return
        ids: dict[int, int] = {}
        for one, id_ in zip(self._reversals, db.reserve_ids(self.session, Reversal, len(self._reversals)), strict=True):
            ids[one.id or 0], one.id = id_, id_
        for item in self._made:
            if item.source == Source.REVERSAL:
                item.source_id = ids.get(item.source_id, item.source_id)
        db.insert_many(
            self.session, Reversal, _REVERSAL_COLUMNS,
            ((one.id, str(one.source), one.source_id, one.document_id, one.reversed_on, one.reason, one.imported,
              self.event_id) for one in self._reversals),
        )  # fmt: skip
        self._reversals = []

    def _write_open(self, touched: Iterable[Item]) -> None:
        changed = [item for item in touched if item.open != item.stored_open]
        if not changed:
            return
        written = db.update_many(
            self.session,
            "UPDATE ledger_entry SET open = {0} WHERE id = {1} AND open = {2}",
            [(item.open, item.id, item.stored_open) for item in changed],
        )
        if written != len(changed):  # cannot be while the locks hold; the last guard before the database's own
            raise BalanceChanged(number=changed[0].number)
        for item in changed:
            item.stored_open = item.open


_ENTRIES = select(
    col(Entry.customer_id), col(Entry.side), col(Entry.kind), col(Entry.source), col(Entry.source_id),
    col(Entry.instalment), col(Entry.number), col(Entry.currency), type_coerce(Entry.exchange_rate, BigInteger),
    col(Entry.booked_on), col(Entry.due_on), col(Entry.paid_on), type_coerce(Entry.amount, BigInteger),
    type_coerce(Entry.open, BigInteger), col(Entry.id),
).order_by(col(Entry.id))  # fmt: skip
_APPLICATIONS = select(
    col(Application.id), col(Application.credit_id), col(Application.charge_id),
    type_coerce(Application.amount, BigInteger), col(Application.applied_on), col(Application.undoes_id),
    col(Application.imported),
)  # fmt: skip
_ENTRY_COLUMNS = (
    "id", "customer_id", "side", "kind", "source", "source_id", "instalment", "number", "currency", "exchange_rate",
    "booked_on", "due_on", "paid_on", "amount", "open",
)  # fmt: skip
_APPLICATION_COLUMNS = (
    "id", "credit_id", "charge_id", "amount", "applied_on", "undoes_id", "imported", "customer_id", "currency",
    "due_on", "charge_on", "credit_on", "paid_on", "event_id",
)  # fmt: skip
_REVERSAL_COLUMNS = (
    "id", "source", "source_id", "document_id", "reversed_on", "reason", "imported", "event_id",
)  # fmt: skip


def _entry_row(item: Item) -> tuple[object, ...]:
    return (
        item.id, item.customer_id, str(item.side), str(item.kind), str(item.source), item.source_id, item.instalment,
        item.number, item.currency, item.rate, item.booked_on, item.due_on, item.paid_on, item.amount,
        item.open,
    )  # fmt: skip


def _application_row(move: Applied, event_id: int) -> tuple[object, ...]:
    credit, charge = move.credit, move.charge
    return (
        move.id, credit.id, charge.id, move.amount, move.on, move.undoes.id if move.undoes else None, move.imported,
        charge.customer_id, charge.currency, charge.due_on, charge.booked_on, credit.booked_on,
        credit.paid_on, event_id,
    )  # fmt: skip


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
