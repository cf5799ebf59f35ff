"""What payments and credit notes of a file name in `applies_to`, against the documents of the book and of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.documents.bulk import Batch, Item, apply_named
from core.errors import DomainError
from core.i18n import N_
from core.importers.base import Look
from core.importers.fields import Named
from core.importers.notices import NOTHING_OPEN
from core.importers.parsing import BadCell
from core.ledger.models import Side, Source
from core.money import from_cents


def written(named: Named | None) -> str | None:
    """The one way in which it is kept: `F-1;F-2`, `F-1:500.00;F-2:250.00`."""
    if not named:
        return None
    return ";".join(name if cents is None else f"{name}:{from_cents(cents):.2f}" for name, cents in named)


class Applying:
    """The documents that rows name, with their balances as the rows before leave them."""

    def __init__(self, look: Look, batch: Batch, bearers: Mapping[str, tuple[str, int]], names: Iterable[str]) -> None:
        """`bearers`: who bears each number in the book; `names`: what new rows are applied to."""
        self.look = look
        self.batch = batch
        self._wanted = set(names)
        ids = {bearers[name][1] for name in self._wanted if bearers.get(name, ("",))[0] == Source.DOCUMENT}
        self._items: dict[str, list[Item]] = {items[0].number: items
                                              for items in batch.load_of(Source.DOCUMENT, ids).values()}  # fmt: skip

    def offer(self, number: str, items: list[Item]) -> None:
        """A document of this file, to which later rows may be applied."""
        if number in self._wanted:
            self._items[number] = items

    def charges(self, credit: Item, number: str, column: str) -> list[Item]:
        """The instalments of a document of the credit's customer and currency, or BadCell."""
        items = self._items.get(number)
        if not items or items[0].customer_id != credit.customer_id:
            raise BadCell(column, N_("«{number}» no es un documento de este cliente"), number=number)
        if items[0].side != Side.CHARGE:
            raise BadCell(column, N_("«{number}» no es una factura ni una nota de cargo"), number=number)
        if items[0].currency != credit.currency:
            raise BadCell(column, N_("«{number}» está en {theirs} y aquí se aplica {ours}"),
                          number=number, theirs=items[0].currency, ours=credit.currency)  # fmt: skip
        return items

    def apply(self, row: int, credit: Item, named: Named, column: str = "applies_to") -> None:
        """Applies a new credit to what its row names. When it cannot be, BadCell; what was posted is the caller's to
        take back."""
        charges = [self.charges(credit, name, column) for name, _ in named]
        asked = sum(cents or 0 for _, cents in named)
        if asked > credit.amount:
            raise BadCell(column, N_("los importes suman {asked} y solo hay {amount}"),
                          asked=from_cents(asked), amount=from_cents(credit.amount))  # fmt: skip
        try:
            spent = apply_named(self.batch, credit, named, charges)
        except DomainError as error:
            raise BadCell(column, error) from error
        if not spent:
            self.look.notices.add(NOTHING_OPEN, row)
