"""Undoing what was posted: a whole paper, or what one paper had applied to one document. Nothing is erased.

Used by the areas that own the papers (documents, payments), like `posting`, whose batch does the writing. An exchange
and a small difference written off are legs of an application: whichever end of it goes, they go.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Adjustment, AdjustmentKind, Kind, Reversal, Side, Source
from core.ledger.posting import Applied, Batch, Item


class AlreadyReversed(DomainError):
    message = N_("«{number}» ya se reversó el {on}.")


class ReversedTooEarly(DomainError):
    message = N_(
        "«{number}» no se puede reversar el {on}: tiene movimientos del {earliest}. Use esa fecha o una posterior."
    )


class NothingApplied(DomainError):
    message = N_("«{number}» no tiene nada aplicado a «{document}» que deshacer.")


def reverse_whole(
    batch: Batch, items: list[Item], *, source: Source, source_id: int, number: str, on: date, reason: str,
    imported: bool = False, since: date | None = None,
) -> Reversal:  # fmt: skip
    """Takes a paper off the account from `on`: its applications are undone (what is dated later, on its own date) and
    its entries closed by one of the opposite side.

    `items`: its entries, none for an unidentified payment; `since`: its own date, before which nothing is reversed.
    """
    if found := whole_reversal(batch.session, source, source_id):
        raise AlreadyReversed(number=number, on=found.reversed_on)
    batch.check_open(on)
    undone = [move.on for item in items for move in item.moves if move.undoes is not None]
    earliest = max([since or date.min, *undone, *(item.booked_on for item in items)])
    if on < earliest:
        raise ReversedTooEarly(number=number, on=on, earliest=earliest)
    reversal = _record(batch, source, source_id, None, on, reason, imported)
    for item in items:
        _undo(batch, item.live(), on)
    if items and source != Source.ADJUSTMENT:
        for leg in _legs(batch.session, items[0].customer_id, _either_end(source, source_id)):
            _reverse_leg(batch, leg, on, reason)
    take_off(batch, items, reversal)
    return reversal


def reverse_applied(
    batch: Batch, credit: Item, document_id: int, document_number: str, *, on: date, reason: str, imported: bool = False
) -> Reversal:
    """Undoes what is live of a payment or credit note on one document: up to `on` on that day, later on its own."""
    direct = [
        move for move in credit.live()
        if move.charge.source == Source.DOCUMENT and move.charge.source_id == document_id
    ]  # fmt: skip
    between = (
        col(Adjustment.source) == credit.source, col(Adjustment.source_id) == credit.source_id,
        col(Adjustment.document_id) == document_id,
    )  # fmt: skip
    legs = _legs(batch.session, credit.customer_id, *between)
    if not direct and not legs:
        raise NothingApplied(number=credit.number, document=document_number)
    first = min([move.on for move in direct] + [leg.booked_on for leg in legs])
    if on < first:
        raise ReversedTooEarly(number=credit.number, on=on, earliest=first)
    batch.check_open(on)
    reversal = _record(batch, Source(credit.source), credit.source_id, document_id, on, reason, imported)
    _undo(batch, direct, on)
    for leg in legs:
        _reverse_leg(batch, leg, on, reason)
    return reversal


def whole_reversal(session: Session, source: Source, source_id: int) -> Reversal | None:
    """The reversal of a whole paper, if there is one."""
    return session.scalar(
        select(Reversal).where(
            col(Reversal.source) == source, col(Reversal.source_id) == source_id, col(Reversal.document_id).is_(None)
        )
    )


def take_off(batch: Batch, items: list[Item], reversal: Reversal) -> None:
    """Closes the entries of a reversed paper, nothing applied any more, by one entry of the opposite side each."""
    for side in (Side.CHARGE, Side.CREDIT):
        same = [item for item in items if item.side == side and item.amount > 0]
        if same:
            _counter(batch, same, reversal)


def _counter(batch: Batch, items: list[Item], reversal: Reversal) -> None:
    first, amount, on = items[0], sum(item.amount for item in items), reversal.reversed_on
    # exchange, write-off and refund come back under their own name, papers as `reversal`
    kind = Kind(first.kind) if first.source == Source.ADJUSTMENT else Kind.REVERSAL
    source_id = reversal.id or 0
    if first.side == Side.CHARGE:
        credit = batch.credit(
            customer_id=first.customer_id, kind=kind, source=Source.REVERSAL, source_id=source_id, number=first.number,
            currency=first.currency, rate=first.rate, booked_on=on, amount=amount,
        )  # fmt: skip
        for item in items:
            batch.apply(credit, item, item.amount, on)
        return
    [charge] = batch.charges(
        customer_id=first.customer_id, kind=kind, source=Source.REVERSAL, source_id=source_id, number=first.number,
        currency=first.currency, rate=first.rate, booked_on=on, instalments=[(on, amount)],
    )  # fmt: skip
    for item in items:
        batch.apply(item, charge, item.amount, on)


def _undo(batch: Batch, moves: Iterable[Applied], on: date) -> None:
    for move in moves:
        batch.undo(move, on)


def _either_end(source: Source, source_id: int) -> ColumnElement[bool]:
    """The adjustments that a paper gave or, a document, received."""
    given = (col(Adjustment.source) == source) & (col(Adjustment.source_id) == source_id)
    return given | (col(Adjustment.document_id) == source_id) if source == Source.DOCUMENT else given


def _legs(session: Session, customer_id: int, *which: ColumnElement[bool]) -> list[Adjustment]:
    """The legs of these that nobody has reversed. A refund is none: money that was given back stays given."""
    reversed_ = select(col(Reversal.source_id)).where(
        col(Reversal.source) == Source.ADJUSTMENT, col(Reversal.source_id) == col(Adjustment.id)
    )
    kept = (col(Adjustment.customer_id) == customer_id, col(Adjustment.kind) != AdjustmentKind.REFUND)
    return list(session.scalars(select(Adjustment).where(*kept, *which, ~reversed_.exists())))


def _reverse_leg(batch: Batch, leg: Adjustment, on: date, reason: str) -> None:
    leg_id = leg.id or 0
    items = batch.load_of(Source.ADJUSTMENT, [leg_id])[leg_id]
    reverse_whole(
        batch, items, source=Source.ADJUSTMENT, source_id=leg_id, number=items[0].number,
        on=max(on, leg.booked_on), reason=reason,
    )  # fmt: skip


def _record(
    batch: Batch, source: Source, source_id: int, document_id: int | None, on: date, reason: str, imported: bool
) -> Reversal:
    reversal = Reversal(
        source=source, source_id=source_id, document_id=document_id, reversed_on=on, reason=reason, imported=imported,
        event_id=batch.event_id,
    )  # fmt: skip
    batch.session.add(reversal)
    batch.session.flush()
    return reversal
