"""Undoing what was posted: a whole paper, or what one paper had applied to one document. Nothing is erased.

Used by the areas that own the papers (documents, payments), like `posting`, whose batch does the writing. An exchange
and a small difference written off are legs of an application: whichever end of it goes, they go.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Adjustment, AdjustmentKind, Kind, Reversal, Side, Source
from core.ledger.posting import CHUNK, Applied, Batch, Item


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
    if found := reversal_of(batch, source, source_id):
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
        for leg in _legs(batch, items[0].customer_id):
            if not _touches(leg, source, source_id):
                continue
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
    legs = [
        leg for leg in _legs(batch, credit.customer_id)
        if (leg.source, leg.source_id, leg.document_id) == (credit.source, credit.source_id, document_id)
    ]  # fmt: skip
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
    return session.scalar(_WHOLE.where(col(Reversal.source) == source, col(Reversal.source_id) == source_id))


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


def _touches(leg: Adjustment, source: Source, source_id: int) -> bool:
    """Whether a paper gave this adjustment or, a document, received it."""
    given = leg.source == source and leg.source_id == source_id
    return given or (source == Source.DOCUMENT and leg.document_id == source_id)


def prepare(batch: Batch, papers: Mapping[Source, Iterable[int]], customer_ids: Iterable[int]) -> None:
    """Looks up at once, for many reversals, what each would ask for: whole reversals of papers, legs of customers."""
    for source, source_ids in papers.items():
        asked = sorted(set(source_ids))
        batch.whole_reversals |= {(source, id_): None for id_ in asked}
        for start in range(0, len(asked), CHUNK):
            ids = asked[start : start + CHUNK]
            for found in batch.session.scalars(_WHOLE.where(col(Reversal.source) == source,
                                                            col(Reversal.source_id).in_(ids))):  # fmt: skip
                batch.whole_reversals[found.source, found.source_id] = found
    customers = sorted(set(customer_ids))
    batch.legs |= {id_: [] for id_ in customers}
    for start in range(0, len(customers), CHUNK):
        for leg in batch.session.scalars(
            _LEGS.where(col(Adjustment.customer_id).in_(customers[start : start + CHUNK]))
        ):
            batch.legs[leg.customer_id].append(leg)


def reversal_of(batch: Batch, source: Source, source_id: int) -> Reversal | None:
    """The whole reversal of a paper: as looked up, as made in this batch, else as stored."""
    if (source, source_id) in batch.whole_reversals:
        return batch.whole_reversals[source, source_id]
    return whole_reversal(batch.session, source, source_id)


_WHOLE = select(Reversal).where(col(Reversal.document_id).is_(None))
#: Legs that nobody has reversed. A refund is none: money that was given back stays given.
_LEGS = select(Adjustment).where(
    col(Adjustment.kind) != AdjustmentKind.REFUND,
    ~select(col(Reversal.source_id))
    .where(col(Reversal.source) == Source.ADJUSTMENT, col(Reversal.source_id) == col(Adjustment.id))
    .exists(),
)


def _legs(batch: Batch, customer_id: int) -> list[Adjustment]:
    """The live legs of a customer."""
    if customer_id not in batch.legs:
        batch.legs[customer_id] = list(batch.session.scalars(_LEGS.where(col(Adjustment.customer_id) == customer_id)))
    return [leg for leg in batch.legs[customer_id] if not batch.whole_reversals.get((Source.ADJUSTMENT, leg.id or 0))]


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
    batch.reverse(reversal)
    if document_id is None:
        batch.whole_reversals[source, source_id] = reversal
    return reversal
