"""The only writer of the ledger: post, apply, undo; each in the transaction of the command that asks.

A `Batch` holds the entries that one write touches, with their running balances in whole centavos, refuses what the
rules do not allow, and writes everything at the end. One payment at the counter and a file of a million documents
go through the same rules. Balances are locked when they are loaded (PostgreSQL: rows, in the order of their ids;
SQLite: the transaction is the only writer), and CHECK (open BETWEEN 0 AND amount) holds whatever the code does.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Any, cast

from sqlmodel import Session, SQLModel

from core import db
from core.errors import DomainError
from core.i18n import N_
from core.ledger.items import Applied, Item
from core.ledger.models import Adjustment, Application, Entry, Kind, Reversal, Side, Source
from core.ledger.months import check_open, closed_through
from core.ledger.rows import (
    APPLICATION_COLUMNS,
    APPLICATIONS,
    CHARGES,
    CLAIM,
    ENTRIES,
    ENTRY_COLUMNS,
    LOCKED_CHARGES,
    LOCKED_ENTRIES,
    OF_PAPERS,
    OPEN,
    OPEN_FEW,
    REVERSAL_COLUMNS,
    application_row,
    entry_row,
)
from core.money import from_cents

__all__ = [
    "CHUNK", "Applied", "AppliedTooEarly", "BalanceChanged", "Batch", "Item", "NumberTaken", "OtherAccount",
    "OverApplied",
]  # fmt: skip
CHUNK = 5_000
#: An application as it is stored: id, credit, charge, centavos, day, the one it undoes, imported.
_Row = tuple[int, int, int, int, date, int | None, bool]


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
        self._spare: dict[type[SQLModel], list[int]] = {Entry: [], Application: []}  # ids reserved beforehand
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
        for one in wanted:
            if one in self._items:
                self._items[one].later.clear()
        self._whole.update(wanted)
        return [self._items[one] for one in asked if one in self._items]

    def load_charges(self, entry_ids: Iterable[int], after: date) -> list[Item]:
        """As `load`, but only with what closed these charges after `after`: all that applying from then on needs.

        For who has locked the account (`lock_account`): entries and applications are read at once.
        """
        asked = sorted(set(entry_ids))
        self.load(one for one in asked if one in self._items and one not in self._whole)  # met as another's other side
        for ids in _chunks(one for one in asked if one not in self._items):
            statement = CHARGES if self.alone else LOCKED_CHARGES
            for *values, day, amount in db.rows(self.session, statement, ids=ids, after=after):
                item = self._items.get(values[-1]) or self._read(values)
                if day is not None:
                    item.later.append((day, amount))
                    item.latest = max(item.latest, day)
        return [self._items[one] for one in asked if one in self._items]

    def load_of(self, source: Source, source_ids: Iterable[int]) -> dict[int, list[Item]]:
        """The entries of papers, by the paper's id, instalments by due date; papers without entry are absent."""
        ids: list[int] = []
        for chunk in _chunks(sorted(set(source_ids))):
            ids += [row[0] for row in db.rows(self.session, OF_PAPERS, source=str(source), ids=chunk)]
        found: dict[int, list[Item]] = {}
        for item in self.load(ids):
            found.setdefault(item.source_id, []).append(item)
        for items in found.values():
            items.sort(key=lambda item: item.instalment)
        return found

    def _read_entries(self, entry_ids: Iterable[int]) -> None:
        for ids in _chunks(entry_ids):
            for row in db.rows(self.session, ENTRIES if self.alone else LOCKED_ENTRIES, ids=ids):
                self._read(row)

    def _read(self, values: Sequence[Any]) -> Item:
        item = self._items[values[-1]] = Item(*values)
        item.stored_open = item.open
        return item

    def _application_rows(self, entry_ids: Sequence[int]) -> list[_Row]:
        seen: dict[int, _Row] = {}
        for side, statement in APPLICATIONS.items():
            for ids in _chunks(one for one in entry_ids if self._items[one].side == side):
                for row in db.rows(self.session, statement, ids=ids):
                    seen[row[0]] = cast(_Row, tuple(row))
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
        if not db.update_many(self.session, CLAIM, [(number, str(source), source_id)]):
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
        if not self._made and not self._applied:
            return
        entry_ids, application_ids = self._new_ids((Entry, len(self._made)), (Application, len(self._applied)))
        for item, id_ in zip(self._made, entry_ids, strict=True):
            item.id, item.stored_open = id_, item.open
            self._items[id_] = item
            self._whole.add(id_)
        for move, id_ in zip(self._applied, application_ids, strict=True):
            move.id = id_
            self._by_id[id_] = move
        touched = {id(item): item for move in self._applied for item in (move.credit, move.charge)}.values()
        changed = [item for item in touched if item.open != item.stored_open]
        with db.at_once(self.session, max(len(self._made), len(self._applied), len(changed))):
            db.insert_many(self.session, Entry, ENTRY_COLUMNS, map(entry_row, self._made))
            rows = (application_row(move, self.event_id) for move in self._applied)
            db.insert_many(self.session, Application, APPLICATION_COLUMNS, rows)
            written = self._write_balances(changed)
        if written() != len(changed):
            raise BalanceChanged(number=changed[0].number)  # cannot be while locks hold; the last guard but the CHECK
        for item in changed:
            item.stored_open = item.open
        self._made, self._applied = [], []

    def _write_balances(self, changed: Sequence[Item]) -> Callable[[], int]:
        """Writes what is left of these entries, each if it is still what was read; returns what tells how many were."""
        values = [(item.open, item.id, item.stored_open) for item in changed]
        if 0 < len(changed) <= db.FEW:
            return db.update_from(self.session, OPEN_FEW, values)
        count = db.update_many(self.session, OPEN, values) if changed else 0
        return lambda: count

    def reserve(
        self, *papers: tuple[type[SQLModel], int], entries: int, applications: int
    ) -> list[list[int]]:  # fmt: skip
        """New ids for the caller's papers, and in the same trip for what the batch is expected to write."""
        *found, self._spare[Entry], self._spare[Application] = db.reserve(
            self.session, *papers, (Entry, entries), (Application, applications)
        )
        return found

    def _new_ids(self, *wanted: tuple[type[SQLModel], int]) -> list[list[int]]:
        if any(count > len(self._spare[model]) for model, count in wanted):
            return db.reserve(self.session, *wanted)
        spare, self._spare = self._spare, {Entry: [], Application: []}
        return [spare[model][:count] for model, count in wanted]

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
            self.session, Reversal, REVERSAL_COLUMNS,
            ((one.id, str(one.source), one.source_id, one.document_id, one.reversed_on, one.reason, one.imported,
              self.event_id) for one in self._reversals),
        )  # fmt: skip
        self._reversals = []


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
