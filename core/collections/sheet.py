"""What somebody needs before and during a call: whom to ask for, what is owed, what to say, whether it is the hour."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.collections.hours import Hours, hours_of, too_often
from core.collections.stages import StageRules, filled, stage_of
from core.collections.strategies import strategies
from core.customers.models import Customer
from core.customers.people import PersonRow, people_of
from core.customers.visibility import customer_by_code
from core.i18n import money
from core.ledger.models import Entry
from core.ledger.queries import open_items
from core.money import total, zero
from core.policies.settings import company_currency, setting


class OpenCharge(NamedTuple):
    """A document with something open."""

    number: str
    currency: str
    due_on: date
    open: Decimal


class CallSheet(NamedTuple):
    """A customer to be called: `overdue` in company currency, `days` of the oldest (negative: not due yet; None:
    nothing is open), `often`: how often he was called in 7 days, when that is enough."""

    customer_id: int
    code: str
    name: str
    currency: str
    phone: str | None
    people: list[PersonRow]
    overdue: Decimal
    days: int | None
    charges: list[OpenCharge]
    stage: StageRules | None
    hours: Hours
    often: int | None
    company: str
    company_currency: str

    @property
    def currencies(self) -> list[str]:
        """Those in which something is open, the customer's own first."""
        return list(dict.fromkeys([self.currency, *(one.currency for one in self.charges)]))

    @property
    def owed(self) -> str:
        """What is overdue, with its currency where that is not the customer's."""
        return money(self.overdue, "" if self.currencies == [self.company_currency] else self.company_currency)

    def script(self, *, person: str, collector: str) -> str:
        """What the stage says, with the facts of this call."""
        if self.stage is None:
            return ""
        facts = {
            "customer": self.name, "person": person, "company": self.company, "collector": collector,
            "overdue": self.owed, "days": str(abs(self.days or 0)),
            "oldest": self.charges[0].number if self.charges else "",
        }  # fmt: skip
        return filled(self.stage.script, facts)


def call_sheet(session: Session, actor: Actor, code: str, *, as_of: date) -> CallSheet:
    """The sheet of one customer, with what is open of him oldest first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    one = customer_by_code(session, actor, code)
    customer_id, home = one.id or 0, company_currency(session)
    charges, overdue = _open(session, customer_id, as_of)
    days = (as_of - charges[0].due_on).days if charges else None
    return CallSheet(
        customer_id, one.code, one.legal_name, one.currency or home, one.phone,
        [person for person in people_of(session, actor, customer_id) if person.active], overdue, days, charges,
        stage_of(strategies(session).of(one.segment).stages, days), hours_of(session, one),
        too_often(session, customer_id, as_of), setting(session, "company.name"), home,
    )  # fmt: skip


def _open(session: Session, customer_id: int, as_of: date) -> tuple[list[OpenCharge], Decimal]:
    """A customer's documents with something open, by their oldest instalment; and what is overdue of all."""
    item = open_items(session, as_of, select(col(Customer.id)).where(col(Customer.id) == customer_id)).c
    charges = session.execute(
        select(col(Entry.number), item.currency, func.min(item.due_on), total(item.balance))
        .join(Entry, col(Entry.id) == item.entry_id)
        .where(item.due_on.is_not(None))
        .group_by(col(Entry.number), item.currency)
        .order_by(func.min(item.due_on), col(Entry.number))
    )
    overdue = session.scalar(select(total(case((item.due_on < as_of, item.base), else_=zero()))))
    return [OpenCharge(*row) for row in charges], overdue or Decimal("0.00")
