"""What a credit is applied to: instalments by hand, or documents by number. Payments use it as credit notes do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.documents.checks import amount as checked_amount
from core.documents.models import Document, DocumentKind
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Side, Source
from core.ledger.posting import Batch, Item, OverApplied
from core.money import cents, from_cents


class Line(NamedTuple):
    """What to close of one instalment, in its own currency; `close`: the small difference left is written off."""

    entry_id: int
    amount: Decimal
    close: bool = False


class Target(NamedTuple):
    """A document that a credit note names; without amount, as much as is open of it."""

    number: str
    amount: Decimal | None = None

    def __str__(self) -> str:
        return self.number if self.amount is None else f"{self.number}:{self.amount:.2f}"


class NoSuchInstalment(DomainError):
    message = N_("Uno de los documentos elegidos ya no está en la cuenta del cliente. Actualice la lista y repita.")


class TwiceInTheList(DomainError):
    message = N_("«{number}» está dos veces en la lista. Deje un solo renglón con la suma.")


class NotACharge(DomainError):
    message = N_("«{number}» no es una factura ni una nota de cargo: no se le puede aplicar nada.")


class OfAnotherCustomer(DomainError):
    message = N_("«{number}» es de otro cliente. Elija un documento de {customer}.")


def load_lines(batch: Batch, customer_id: int, lines: Sequence[Line], after: date) -> dict[int, Item]:
    """The instalments that the lines name, locked, by entry id; each must be a charge of this customer. `after`: the
    day before which nothing of this is dated."""
    if not lines:
        return {}
    items = {item.id or 0: item for item in batch.load_charges((line.entry_id for line in lines), after)}
    seen: set[int] = set()
    for line in lines:
        checked_amount(line.amount)
        item = items.get(line.entry_id)
        if item is None or item.side != Side.CHARGE or item.customer_id != customer_id:
            raise NoSuchInstalment
        if line.entry_id in seen:
            raise TwiceInTheList(number=item.number)
        seen.add(line.entry_id)
    return items


def told(lines: Iterable[Line], items: Mapping[int, Item]) -> list[dict[str, Any]]:
    """The lines as the audit log keeps them."""
    return [
        {"document": items[line.entry_id].number, "instalment": items[line.entry_id].instalment,
         "amount": line.amount, "currency": items[line.entry_id].currency}
        for line in lines
    ]  # fmt: skip


def day_of(credit: Item, charge: Item, on: date | None) -> date:
    """The day of an application: the one that is asked for, else the later of the two papers' own."""
    return on or max(credit.booked_on, charge.booked_on)


def apply_lines(batch: Batch, credit: Item, items: Mapping[int, Item], lines: Iterable[Line], on: date | None) -> None:
    """Applies exactly what the lines say."""
    for line in lines:
        charge = items[line.entry_id]
        batch.apply(credit, charge, cents(line.amount), day_of(credit, charge, on))


def load_targets(batch: Batch, documents: Sequence[Document]) -> list[list[Item]]:
    """The instalments of each document, by due date; refuses what is no charge."""
    for document in documents:
        if not DocumentKind(document.kind).is_charge:
            raise NotACharge(number=document.number)
    found = batch.load_of(Source.DOCUMENT, [document.id or 0 for document in documents])
    return [found.get(document.id or 0, []) for document in documents]


def apply_targets(
    batch: Batch, credit: Item, targets: Sequence[Target], items: Sequence[list[Item]], *, at_most: bool,
    on: date | None = None,
) -> Decimal:  # fmt: skip
    """Applies a credit note to the documents that it names; returns how much.

    With amounts exactly those (`at_most`: as far as so much is open), over the instalments by due date; without, as
    much as is open over the instalments of all of them by due date, then as written.
    """
    spent = 0
    for target, instalments in zip(targets, items, strict=True):
        if target.amount is None:
            continue
        limit = cents(checked_amount(target.amount))
        day = max([day_of(credit, item, on) for item in instalments], default=credit.booked_on)
        done = batch.spread(credit, instalments, day, limit)
        if done < limit and not at_most:
            raise OverApplied(number=target.number, left=from_cents(done), on=day, asked=target.amount)
        spent += done
    whole = [item for target, some in zip(targets, items, strict=True) if target.amount is None for item in some]
    for item in sorted(whole, key=lambda one: one.due_on or date.min):
        spent += batch.spread(credit, [item], day_of(credit, item, on))
    return from_cents(spent)
