"""What the tests of agreements share: who acts, and agreements in a line."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from core.agreements.deciding import (
    approve_agreement,
)
from core.agreements.drafting import (
    Terms,
)
from core.agreements.models import Agreement
from core.agreements.proposing import (
    propose_agreement,
)
from core.agreements.queries import agreement_card
from core.agreements.standing import State
from core.auth.actor import Role
from core.promises.models import Promise
from tests.build import TODAY, an_actor

D = Decimal
CARLA = an_actor(Role.COLLECTOR, name="carla")
BOSS = an_actor(Role.MANAGER, name="jefe")
ADMIN = an_actor(Role.ADMIN, name="dora")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def terms(customer, *documents, **fields) -> Terms:
    values = {"first_on": after(30), "times": 3, **fields}
    return Terms(customer.id, values.pop("currency", "MXN"), tuple(one.number for one in documents), **values)


def proposed(session, customer, *documents, actor=CARLA, **fields) -> Agreement:
    return propose_agreement(session, actor, terms=terms(customer, *documents, **fields), on=TODAY)


def approved(session, customer, *documents, **fields) -> Agreement:
    made = proposed(session, customer, *documents, **fields)
    return approve_agreement(session, BOSS, number=made.number, on=TODAY)


def promises_of(session, agreement) -> list[Promise]:
    wanted = select(Promise).where(col(Promise.agreement_id) == agreement.id).order_by(col(Promise.promised_on))
    return list(session.scalars(wanted))


def state_of(session, agreement, as_of=TODAY) -> State:
    return agreement_card(session, ADMIN, number=agreement.number, as_of=as_of).row.state
