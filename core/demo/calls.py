"""The calls of these days in the demo company, made with the collectors' own form: promises that fall due today, or
that tonight's run will find broken, what was done this morning, the visits of today."""

from collections.abc import Iterator

from sqlmodel import col, select

from core.collections.calls import ContactForm, Promised, record_contact
from core.collections.models import Channel
from core.collections.visits import plan_visit
from core.customers.models import Customer, CustomerPerson
from core.demo import names
from core.demo.desk import Debtor, Desk, Story, When
from core.money import rounded

_STREETS = ("Calle del Yunque 48", "Av. de los Herreros 310", "Camino a la Cantera km 3", "Calz. del Molino 1215")
_MORNING = (
    ("reminded", "Recibió el estado de cuenta; lo mete a revisión hoy.", "call"),
    ("no_answer", "Timbró y no contestaron.", "call"),
)


def calls(desk: Desk) -> Iterator[Story]:
    """Some of each collector's customers; the larger part of the list is left for who tries the company."""
    for place, name in enumerate(one for team in names.COLLECTORS.values() for one in team):
        for at, one in enumerate(desk.debtors(2, days=4, since=4, collector=name, smallest=True)):
            yield _promised(desk, one, due=at, minute=4 * place + at)
        for at, one in enumerate(desk.debtors(2, days=3, since=0, collector=name, smallest=True)):
            yield _called(desk, one, at, minute=6 * at + place)
        yield _route(desk, name, desk.debtors(3, days=15, since=0, collector=name, shared=True))


def _promised(desk: Desk, one: Debtor, *, due: int, minute: int) -> Story:
    """A promise of three days ago for today, or for yesterday and not kept: tonight's run will find it."""
    yield When(3, 11, minute)
    half = rounded(one.overdue / 2)
    _record(
        desk, one, Channel.CALL, "promise", "Confirma con tesorería; sale en su corrida.", "confirm_payment", due,
        Promised(amount=half, currency="MXN", promised_on=desk.day(due)),
    )  # fmt: skip


def _called(desk: Desk, one: Debtor, place: int, *, minute: int) -> Story:
    """What was done this morning."""
    yield When(0, 9, minute)
    outcome, note, action = _MORNING[place]
    _record(desk, one, Channel.CALL if place else Channel.WHATSAPP, outcome, note, action, -1 - place)


def _route(desk: Desk, collector: str, stops: list[Debtor]) -> Story:
    """The visits of today; the plan was made yesterday evening."""
    yield When(1, 18, 15)
    for place, one in enumerate(stops):
        plan_visit(
            desk.session, desk.user(collector), customer_id=one.id, planned_on=desk.day(0), collector=collector,
            address=f"{_STREETS[(one.id + place) % len(_STREETS)]}, {_where(desk, one)}",
            purpose=("Recoger cheque", "Traer el contrarrecibo", "Hablar con el dueño")[place],
        )  # fmt: skip


def _where(desk: Desk, one: Debtor) -> str:
    return desk.session.get_one(Customer, one.id).district or ""


def _record(
    desk: Desk, one: Debtor, channel: Channel, outcome: str, notes: str, action: str, due: int,
    promised: Promised | None = None,
) -> None:  # fmt: skip
    person = desk.session.scalars(
        select(CustomerPerson.name).where(col(CustomerPerson.customer_id) == one.id).order_by(col(CustomerPerson.id))
    ).first()
    form = ContactForm(
        customer_id=one.id, channel=channel, outcome=outcome, person=person, notes=notes, next_action=action,
        next_action_on=desk.day(due), promise=promised,
    )  # fmt: skip
    record_contact(desk.session, desk.user(one.collector), contact=form)
