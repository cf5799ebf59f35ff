"""What letters are about at a date: overdue instalments less what is disputed, and to whom a letter is due."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlmodel import Session, col

from core.credit.blocks import in_force
from core.credit.models import Block, BlockCode
from core.customers.models import Customer
from core.disputes.queries import any_disputes, disputed_items
from core.ledger.models import Entry, Source
from core.ledger.queries import open_items
from core.letters.models import Letter, LetterLine
from core.money import Money, Rate, in_base, total, zero
from core.policies.models import ExchangeRate
from core.policies.settings import company_currency
from core.promises.models import PromiseDocument, PromiseStatus
from core.promises.standing import standing
from core.tables import among, plain_order

Query = Select[*tuple[Any, ...]]


class Owed:
    """The pieces of one question, as CTEs that its queries share.

    `line`: an overdue instalment that is not wholly disputed (`entry_id, customer_id, document_id, number, instalment,
    currency, exchange_rate, due_on, open, disputed, amount, base`). `document`: `document_id, customer_id, oldest_on,
    letters` (how many have listed it). `customer`: `customer_id, overdue, unapplied, level` (the highest due).
    """

    def __init__(self, session: Session, as_of: date, days: Sequence[int], customers: Query | None) -> None:
        self.as_of, self.days = as_of, days
        # overdue from the day after the due date; from the lowest level on when letters go out before that
        self.last_due = as_of - timedelta(days=min(days[0], 1))
        item = open_items(session, as_of, customers).c
        self.line = self._line(session, item, customers)
        self.document = self._document()
        self.customer = self._customer(item)

    def _line(self, session: Session, item: Any, customers: Query | None) -> CTE:
        disputed: Any = zero()
        wanted = select(
            item.entry_id, item.customer_id, col(Entry.source_id).label("document_id"), col(Entry.number),
            col(Entry.instalment), item.currency, col(Entry.exchange_rate), col(Entry.booked_on).label("issued_on"),
            item.due_on, item.balance.label("open"),
        )  # fmt: skip
        joined = wanted.join(Entry, and_(col(Entry.id) == item.entry_id, col(Entry.source) == Source.DOCUMENT))
        if any_disputes(session, self.as_of):
            claim = disputed_items(self.as_of, customers).c
            disputed = func.coalesce(claim.disputed, zero(), type_=Money())
            joined = joined.outerjoin(claim.entry_id.table, claim.entry_id == item.entry_id)
        asked = cast(item.balance - disputed, Money())  # PostgreSQL may have summed it as NUMERIC
        joined = joined.add_columns(
            type_coerce(disputed, Money()).label("disputed"), asked.label("amount"),
            in_base(asked, Entry.exchange_rate).label("base"),
        )  # fmt: skip
        return joined.where(item.due_on <= self.last_due, asked > zero()).cte("line")

    def _document(self) -> CTE:
        c = self.line.c
        oldest = (
            select(c.document_id, c.customer_id, func.min(c.due_on, type_=Date()).label("oldest_on"))
            .group_by(c.document_id, c.customer_id)
            .subquery("oldest")
        )
        listed = (
            select(col(LetterLine.document_id), func.count(col(LetterLine.letter_id).distinct()).label("letters"))
            .where(col(LetterLine.document_id).in_(select(oldest.c.document_id)))
            .group_by(col(LetterLine.document_id))
            .subquery("listed")
        )
        return (
            select(*oldest.c, func.coalesce(listed.c.letters, 0).label("letters"))
            .outerjoin(listed, listed.c.document_id == oldest.c.document_id)
            .cte("paper")
        )

    def _customer(self, item: Any) -> CTE:
        """Levels per customer, beside what is overdue and what is in favour."""
        c, paper = self.line.c, self.document.c
        due = or_(*(
            and_(paper.letters == already, paper.oldest_on <= self.as_of - timedelta(days=days))
            for already, days in enumerate(self.days)
        ))  # fmt: skip
        level = (
            select(paper.customer_id, func.max(case((due, paper.letters + 1), else_=0)).label("level"))
            .group_by(paper.customer_id)
            .subquery("level")
        )
        overdue = (
            select(c.customer_id, total(c.base).label("overdue")).group_by(c.customer_id).subquery("overdue")
        )  # fmt: skip
        spare = (
            select(item.customer_id, total(item.base).label("unapplied"))
            .where(item.due_on.is_(None))
            .group_by(item.customer_id)
            .subquery("spare")
        )
        unapplied = func.coalesce(spare.c.unapplied, zero(), type_=Money())
        return (
            select(overdue.c.customer_id, overdue.c.overdue, unapplied.label("unapplied"), level.c.level)
            .join(level, level.c.customer_id == overdue.c.customer_id)
            .outerjoin(spare, spare.c.customer_id == overdue.c.customer_id)
            .where(level.c.level > 0, overdue.c.overdue > unapplied)
            .cte("debtor")
        )


def due(session: Session, owed: Owed, *, min_days: int, customers: Query | None) -> CTE:
    """Who gets a letter: `customer_id, overdue, unapplied, level`."""
    c = owed.customer.c
    found = select(c.customer_id, c.overdue, c.unapplied, c.level)
    # a day before the last letter never gets one, nor the same day twice
    soon = owed.as_of - timedelta(days=max(min_days, 1) - 1)
    recent = select(col(Letter.id)).where(col(Letter.customer_id) == c.customer_id, col(Letter.run_on) >= soon)
    legal = select(col(Block.id)).where(
        col(Block.customer_id) == c.customer_id, col(Block.code) == BlockCode.LEGAL, in_force(owed.as_of)
    )
    found = found.where(~recent.exists(), ~legal.exists())
    promised = _promised(session, owed, customers)
    if promised is not None:
        lacking = func.coalesce(promised.c.lacking, zero(), type_=Money())
        found = found.outerjoin(promised, promised.c.customer_id == c.customer_id).where(
            lacking < type_coerce(c.overdue - c.unapplied, Money())
        )
    return found.cte("due")


def _promised(session: Session, owed: Owed, customers: Query | None) -> CTE | None:
    """What pending promises still lack, in company currency: at the rates of the documents that they name, else of all
    that is asked of the customer in their currency, else at the last rate by the day."""
    judged = standing(owed.as_of, customers=customers, since=owed.as_of).c
    c = owed.line.c
    named = (
        _weighed(owed, col(PromiseDocument.promise_id))
        .join(c.document_id.table, c.document_id == col(PromiseDocument.document_id))
        .group_by(col(PromiseDocument.promise_id))
        .cte("named")
    ).c  # fmt: skip
    account = _weighed(owed, c.customer_id, c.currency).group_by(c.customer_id, c.currency).cte("account").c
    lack = cast(judged.amount - judged.paid, Money())
    last_rate: Any = in_base(lack, type_coerce(_rates(session, owed.as_of)(judged.currency), Rate()))
    worth = case(
        (named.promise_id.is_not(None), _worth(lack, named)),
        (account.customer_id.is_not(None), _worth(lack, account)),
        else_=last_rate,
    )
    pending = judged.status == PromiseStatus.PENDING.value
    its_account = and_(account.customer_id == judged.customer_id, account.currency == judged.currency)
    return (
        select(judged.customer_id, total(type_coerce(worth, Money())).label("lacking"))
        .outerjoin(named.promise_id.table, named.promise_id == judged.promise_id)
        .outerjoin(account.customer_id.table, its_account)
        .where(pending, lack > zero())
        .group_by(judged.customer_id)
        .cte("promised")
    )


def _worth(lack: Any, asked: Any) -> ColumnElement[Decimal]:
    """What is lacking, in company currency: to the centavo what is asked when it is as much, else at its rate."""
    beyond = cast(lack - asked.amount, Money())
    return case(
        (lack > asked.amount, type_coerce(asked.base + in_base(beyond, asked.rate), Money())),
        (lack == asked.amount, asked.base),
        else_=in_base(lack, asked.rate),
    )


def _weighed(owed: Owed, *key: Any) -> Query:
    """What is asked for by key, in its own and company currency, and its rate: the documents', weighed by amount."""
    c = owed.line.c
    cents, base_cents = cast(func.sum(c.amount), BigInteger), cast(func.sum(c.base), BigInteger)
    # whole units first, so that no step overflows 64 bits
    whole, rest = base_cents // cents, base_cents % cents
    rate = whole * 1_000_000 + (rest * 1_000_000 + cents // 2) // cents
    return select(
        *key, cast(total(c.amount), Money()).label("amount"), cast(total(c.base), Money()).label("base"),
        type_coerce(rate, Rate()).label("rate"),
    )  # fmt: skip


def _rates(session: Session, as_of: date) -> Any:
    """The last rate of each currency on or before a day, as a CASE; 1 for the company's own."""
    newest = (
        select(col(ExchangeRate.currency), func.max(col(ExchangeRate.rate_on)).label("on"))
        .where(col(ExchangeRate.rate_on) <= as_of)
        .group_by(col(ExchangeRate.currency))
        .subquery()
    )
    known = session.execute(
        select(col(ExchangeRate.currency), col(ExchangeRate.rate)).join(
            newest,
            and_(newest.c.currency == col(ExchangeRate.currency), newest.c.on == col(ExchangeRate.rate_on)),
        )
    ).all()
    own = company_currency(session)

    def rate(currency: ColumnElement[str]) -> ColumnElement[Decimal]:
        one = literal(Decimal(1), Rate())
        return case((currency == own, one), *((currency == name, literal(value, Rate())) for name, value in known),
                    else_=one)  # fmt: skip

    return rate


def lines_of(owed: Owed, due_: CTE) -> Query:
    """What the letters list, each line with the `overdue, unapplied, level` of its customer: by customer, then by the
    first overdue day of the document and its number."""
    c, paper = owed.line.c, owed.document.c
    return (
        select(
            *due_.c,
            c.entry_id,
            c.document_id,
            c.number,
            c.issued_on,
            c.due_on,
            c.open,
            c.disputed,
            c.amount,
            c.currency,
            c.exchange_rate,
            c.base,
        )
        .join(c.document_id.table, c.customer_id == due_.c.customer_id)
        .join(paper.document_id.table, paper.document_id == c.document_id)
        .order_by(due_.c.customer_id, paper.oldest_on, plain_order(c.number), c.instalment)
    )


def customers_of(ids: Sequence[int]) -> Query:
    """What a letter must know of its customer, by code: `id, code, legal_name, tax_id, email, language, collector`."""
    one = Customer
    wanted = select(
        col(one.id), col(one.code), col(one.legal_name), col(one.tax_id), col(one.email), col(one.language),
        col(one.collector),
    )  # fmt: skip
    return wanted.where(among(col(one.id), ids)).order_by(plain_order(one.code))
