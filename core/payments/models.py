"""Money received, as it was received. Whose account it is on is its ledger entry: none yet, nobody's yet."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from core.money import Money, Rate
from core.tables import Table, append_only, one_of


class PaymentMethod(StrEnum):
    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    CARD = "card"
    OTHER = "other"


class Payment(Table, table=True):
    """One payment. Its ledger entry (source `payment`) has the customer and the day from which it is on the account;
    a payment without entry is unidentified. Found by number in `ledger_number`."""

    __tablename__ = "payment"
    __table_args__ = (
        one_of("method", PaymentMethod),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_payment_paid_on", "paid_on", "currency", "amount"),
        Index("ix_payment_amount", "amount", "paid_on"),  # payments that look alike
        Index("ix_payment_bank_reference", "bank_reference"),
        # what is nobody's is looked for among these few, not in the whole history
        Index(
            "ix_payment_came_unidentified", "paid_on",
            sqlite_where=text("came_unidentified = 1"), postgresql_where=text("came_unidentified"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=60)
    paid_on: date
    amount: Decimal = Field(sa_type=Money)
    currency: str = Field(max_length=3)
    exchange_rate: Decimal = Field(sa_type=Rate)
    method: str | None = Field(default=None, max_length=10)
    bank_reference: str | None = Field(default=None, max_length=120)
    account: str | None = Field(default=None, max_length=80)
    applies_to: str | None = None
    notes: str | None = Field(default=None, max_length=1000)
    came_unidentified: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  # no customer
    submission: str | None = Field(default=None, max_length=40, unique=True)  # a form's token: a double click is one
    event_id: int = Field(foreign_key="audit_event.id")


append_only("payment")
