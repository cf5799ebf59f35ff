"""Customers by the thousand, for imports: made and changed in sets, each change of a field kept as a row."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core import db
from core.customers.editing import as_text
from core.customers.models import Customer, CustomerChange, CustomerStatus
from core.customers.search import search_text
from core.customers.visibility import code_key
from core.money import from_cents


@dataclass(slots=True)
class Card:
    """A customer as it is kept, the limit in whole centavos. `id` is 0 until it is made."""

    code: str
    legal_name: str
    tax_id: str | None = None
    region: str | None = None
    district: str | None = None
    sales_rep: str | None = None
    collector: str | None = None
    segment: str | None = None
    currency: str | None = None
    terms_days: int = 0
    credit_limit: int | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    status: str = CustomerStatus.ACTIVE
    country: str | None = None
    time_zone: str | None = None
    parent_id: int | None = None
    id: int = 0


NAMES = tuple(part.name for part in fields(Card))
_KEPT = NAMES[:-1]  # all but the id
_CHANGED = [name for name in _KEPT if name != "code"]


def cards(session: Session, keys: Sequence[str]) -> list[Card]:
    """The customers whose codes, leading zeros aside, are these; as many as one statement may name."""
    columns = [
        type_coerce(getattr(Customer, name), BigInteger) if name == "credit_limit" else getattr(Customer, name)
        for name in NAMES
    ]
    return [Card(*row) for row in session.execute(select(*columns).where(col(Customer.code_key).in_(keys)))]


def create(session: Session, cards_: Sequence[Card], *, event_id: int) -> None:
    """Makes these customers and gives them their ids. Parents are set apart: see `set_parents`."""
    for card, id_ in zip(cards_, db.reserve_ids(session, Customer, len(cards_)), strict=True):
        card.id = id_
    names = [*_KEPT, "id", "code_key", "search", "event_id"]
    own = [name for name in _KEPT if name != "parent_id"]
    rows = (
        (*(getattr(card, name) for name in own), None, card.id, code_key(card.code),
         search_text(card.code, card.legal_name, card.tax_id), event_id)
        for card in cards_
    )  # fmt: skip
    db.insert_many(session, Customer, [*own, "parent_id", *names[len(_KEPT) :]], rows)


def set_parents(session: Session, pairs: Sequence[tuple[int, int]]) -> None:
    """Gives customers their parents: (parent's id, customer's id)."""
    if pairs:
        db.update_many(session, "UPDATE customer SET parent_id = {0} WHERE id = {1}", pairs)


def change(session: Session, changed: Iterable[tuple[Card, Card]], *, event_id: int) -> None:
    """Writes customers (before, after), with a row of history for each field that differs."""
    pairs = list(changed)
    if not pairs:
        return
    assigned = ", ".join(f"{name} = {{{place}}}" for place, name in enumerate([*_CHANGED, "search"]))
    values = [
        (
            *(getattr(after, name) for name in _CHANGED),
            search_text(after.code, after.legal_name, after.tax_id),
            after.id,
        )
        for _, after in pairs
    ]
    db.update_many(session, f"UPDATE customer SET {assigned} WHERE id = {{{len(_CHANGED) + 1}}}", values)
    parents = _codes(session, {card.parent_id for pair in pairs for card in pair if card.parent_id})
    rows = [
        (after.id, event_id, name, old, new)
        for before, after in pairs
        for (name, old), new in zip(_told(before, parents).items(), _told(after, parents).values(), strict=True)
        if old != new
    ]
    db.insert_many(session, CustomerChange, ("customer_id", "event_id", "field", "before", "after"), rows)


def _told(card: Card, parents: dict[int, str]) -> dict[str, str | None]:
    """The fields as the history keeps them."""
    said = asdict(card)
    said["credit_limit"] = None if card.credit_limit is None else from_cents(card.credit_limit)
    told = {name: as_text(said[name]) for name in _CHANGED if name != "parent_id"}
    return told | {"parent": parents.get(card.parent_id or 0)}


def _codes(session: Session, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    asked = sorted(ids)
    for start in range(0, len(asked), 5_000):
        statement = select(col(Customer.id), col(Customer.code)).where(
            col(Customer.id).in_(asked[start : start + 5_000])
        )
        found |= {id_ or 0: code for id_, code in session.execute(statement)}
    return found
