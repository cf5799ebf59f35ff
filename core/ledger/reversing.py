"""Undoing what was posted: a whole paper, or what one paper had applied to one document. Nothing is erased.

Used by the areas that own the papers (documents, payments), like `posting`, whose batch does the writing.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
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


#: Helpers of one application: they go when it goes.
_LEGS = (Kind.EXCHANGE, Kind.WRITE_OFF)


def reverse_whole(
    batch: Batch, items: list[Item], *, source: Source, source_id: int, number: str, on: date, reason: str,
    imported: bool = False,
) -> Reversal:  # fmt: skip
    """Takes a paper off the account from `on`: its applications are undone (what is dated later, on its own date) and
    its entries closed by one of the opposite side. `items`: its entries, none for an unidentified payment."""
    session = batch.session
    if found := whole_reversal(session, source, source_id):
        raise AlreadyReversed(number=number, on=found.reversed_on)
    batch.check_open(on)
    for item in items:
        earliest = max([item.booked_on, *(move.on for move in item.moves if move.undoes is not None)])
        if on < earliest:
            raise ReversedTooEarly(number=number, on=on, earliest=earliest)
    reversal = Reversal(
        source=source, source_id=source_id, reversed_on=on, reason=reason, imported=imported, event_id=batch.event_id
    )
    session.add(reversal)
    session.flush()
    for item in items:
        _undo_all(batch, item.live(), on)
    _close(batch, items, reversal, number, on)
    return reversal


def reverse_applied(
    batch: Batch, credit: Item, document_id: int, document_number: str, *, on: date, reason: str, imported: bool = False
) -> Reversal:
    """Undoes what is live of a payment or credit note on one document: up to `on` on that day, later on its own date."""
    live = [move for move in credit.live() if _is_on(batch, move, document_id)]
    if not live:
        raise NothingApplied(number=credit.number, document=document_number)
    first = min(move.on for move in live)
    if on < first:
        raise ReversedTooEarly(number=credit.number, on=on, earliest=first)
    batch.check_open(on)
    reversal = Reversal(
        source=credit.source, source_id=credit.source_id, document_id=document_id, reversed_on=on, reason=reason,
        imported=imported, event_id=batch.event_id,
    )  # fmt: skip
    batch.session.add(reversal)
    batch.session.flush()
    _undo_all(batch, live, on)
    for adjustment in _legs_of(batch.session, Source(credit.source), credit.source_id, document_id):
        _reverse_leg(batch, adjustment, on)
    return reversal


def whole_reversal(session: Session, source: Source, source_id: int) -> Reversal | None:
    """The reversal of a whole paper, if there is one."""
    return session.scalar(
        select(Reversal).where(
            col(Reversal.source) == source, col(Reversal.source_id) == source_id, col(Reversal.document_id).is_(None)
        )
    )


def _undo_all(batch: Batch, moves: Iterable[Applied], on: date) -> None:
    for move in moves:
        other = move.charge if move.charge.kind in _LEGS else move.credit
        if move in move.credit.live():
            batch.undo(move, on)
        if other.kind in _LEGS and other.source == Source.ADJUSTMENT:
            _reverse_leg(batch, batch.session.get_one(Adjustment, other.source_id), max(on, move.on))


def _legs_of(session: Session, source: Source, source_id: int, document_id: int) -> list[Adjustment]:
    return list(
        session.scalars(
            select(Adjustment).where(
                col(Adjustment.source) == source, col(Adjustment.source_id) == source_id,
                col(Adjustment.document_id) == document_id, col(Adjustment.kind) != AdjustmentKind.REFUND,
            )
        )
    )  # fmt: skip


def _reverse_leg(batch: Batch, adjustment: Adjustment, on: date) -> None:
    """An exchange or a small difference goes with the application that it served; once."""
    if whole_reversal(batch.session, Source.ADJUSTMENT, adjustment.id or 0):
        return
    items = batch.load_of(Source.ADJUSTMENT, [adjustment.id or 0]).get(adjustment.id or 0, [])
    number = items[0].number if items else ""
    reverse_whole(
        batch, items, source=Source.ADJUSTMENT, source_id=adjustment.id or 0, number=number,
        on=max([on, *(item.booked_on for item in items)]), reason="with its application",
    )  # fmt: skip


def _is_on(batch: Batch, move: Applied, document_id: int) -> bool:
    """Whether an application is on that document, directly or through its exchange."""
    charge = move.charge
    if charge.source == Source.DOCUMENT:
        return charge.source_id == document_id
    if charge.source == Source.ADJUSTMENT and charge.kind == Kind.EXCHANGE:
        return batch.session.get_one(Adjustment, charge.source_id).document_id == document_id
    return False


def _close(batch: Batch, items: list[Item], reversal: Reversal, number: str, on: date) -> None:
    """One entry of the opposite side for what the entries of a side are, closed at once against them."""
    for side in (Side.CHARGE, Side.CREDIT):
        same = [item for item in items if item.side == side and item.amount > 0]
        if not same:
            continue
        first, amount = same[0], sum(item.amount for item in same)
        # exchange, write-off and refund come back under their own name; papers as `reversal`
        kind = Kind(first.kind) if first.source == Source.ADJUSTMENT else Kind.REVERSAL
        common = dict(
            customer_id=first.customer_id, kind=kind, source=Source.REVERSAL, source_id=reversal.id or 0,
            number=number, currency=first.currency, rate=first.rate, booked_on=on,
        )  # fmt: skip
        if side == Side.CHARGE:
            credit = batch.credit(amount=amount, **common)  # type: ignore[arg-type]  # the same named arguments
            for item in same:
                batch.apply(credit, item, item.amount, on)
        else:
            [charge] = batch.charges(instalments=[(on, amount)], **common)  # type: ignore[arg-type]  # as above
            for item in same:
                batch.apply(item, charge, item.amount, on)
