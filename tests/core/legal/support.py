"""What the tests of stages share: who acts, and hand-overs in a line."""

from datetime import date, timedelta
from decimal import Decimal

from core.auth.actor import Role
from core.credit.blocks import block_in_force
from core.credit.models import BlockCode
from core.legal.following import (
    save_agency,
)
from core.legal.handing import (
    approve_hand_over,
    propose_hand_over,
)
from core.legal.models import HandOver, Stage
from core.legal.queries import (
    cases,
)
from tests.build import TODAY, an_actor

D = Decimal
CARLA = an_actor(Role.COLLECTOR, name="carla")
BOSS = an_actor(Role.MANAGER, name="jefe")
ADMIN = an_actor(Role.ADMIN, name="dora")


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def an_agency(session, name="Despacho Uno", pct="10"):
    return save_agency(session, BOSS, name=name, commission_pct=D(pct))


def proposed(session, customer, stage=Stage.PRELEGAL, *, documents=("F1",), actor=CARLA, **fields) -> HandOver:
    return propose_hand_over(
        session, actor, customer_id=customer.id, stage=stage, documents=documents, reason="no contesta", on=TODAY,
        **fields,
    )  # fmt: skip


def handed(session, customer, stage=Stage.PRELEGAL, *, on=TODAY, **fields) -> HandOver:
    made = proposed(session, customer, stage, **fields)
    return approve_hand_over(session, BOSS, hand_over_id=made.id, on=on)


def number_of(session, customer) -> str:
    return cases(session, ADMIN, as_of=TODAY, customer=customer.code)[0].number


def blocked(session, customer, days=range(10)) -> list[int]:
    return [day for day in days if block_in_force(session, customer.id, BlockCode.LEGAL, after(day))]
