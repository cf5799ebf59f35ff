"""The demo company itself: its people, its settings, and two years of its log."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.models import AuditEvent
from core.auth import passwords
from core.auth.actor import Role
from core.auth.models import User
from core.config import config
from core.customers.models import CustomerChange, CustomerPerson
from core.demo import names
from core.demo.customers import Profile
from core.demo.days import Days
from core.ledger.loading import insert_locks
from core.ledger.months import last_day, month_of, previous
from core.policies.models import ExchangeRate, Setting

SETTINGS = {
    "company.name": "Aceros y Materiales del Mirto, S.A. de C.V.",
    "company.letterhead": (
        "Aceros y Materiales del Mirto, S.A. de C.V.\nRFC AMM980417KL2\nAv. de los Herreros 1204, Parque Industrial "
        "Cerro Bermejo\n64000 Monterrey, N.L. · 81 5550 0417 · cobranza@mirto.example"
    ),
    "approval.credit_note": "50000.00",
    "writeoff.tolerance": "1.00",
}
#: The event to which the rows of a day belong.
DAILY = "import.documents"
_POSITIONS = ("Cuentas por pagar", "Tesorería", "Compras", "Dirección", "Contabilidad")
_REASONS = ("Renovación anual de la línea", "Aumento pedido por ventas", "Buen historial de pago", "Revisión de riesgo")


class Person(NamedTuple):
    """A user of the demo company."""

    name: str
    role: Role
    full_name: str
    region: str | None = None
    sales_rep: str | None = None


PEOPLE = (
    Person("admin", Role.ADMIN, "Mónica Beltrán"),
    Person("contraloria", Role.ADMIN, "Arturo Ibarra"),
    Person("gerente", Role.MANAGER, "Patricia Montes"),
    *(
        Person(f"gerente.{region.lower()}", Role.MANAGER, name, region=region)
        for region, name in (("Norte", "Carlos Aguirre"), ("Centro", "Gabriela Solís"), ("Sur", "Miguel Zamarrón"))
    ),
    Person("cajera", Role.CASHIER, "Rosa Peña"),
    Person("credito", Role.CREDIT_ANALYST, "Juan Núñez"),
    Person("comisiones", Role.COMMISSION_ANALYST, "María Ríos"),
    Person("auditora", Role.AUDITOR, "Guadalupe Lara"),
    *(Person(name, Role.COLLECTOR, full) for team in names.COLLECTORS.values() for name, full in team.items()),
    *(
        Person(f"asesor.{region.lower()}", Role.SALES_REP, team[0], sales_rep=team[0])
        for region, team in names.REPS.items()
    ),
)  # fmt: skip

#: The user behind a sales rep, where there is one.
SALES = {one.sales_rep: one.name for one in PEOPLE if one.sales_rep}


class Happened(NamedTuple):
    """An event of the log before it has its number: on which day (by place), at which hour, who did what."""

    place: int
    minutes: int
    user: str
    action: str
    entity: str
    entity_id: str
    customer_id: int | None
    facts: dict[str, Any]


def add_users(session: Session, days: Days) -> dict[str, str]:
    """Everybody who may sign in, with a password drawn now; returns the passwords by name."""
    drawn = {one.name: passwords.drawn() for one in PEOPLE}
    with ThreadPoolExecutor() as pool:  # a hash takes its time on purpose
        hashes = dict(zip(drawn, pool.map(passwords.hashed, drawn.values()), strict=True))
    at = moment(days.dates[0], 9 * 60)
    session.add_all(
        User(
            name=one.name, full_name=one.full_name, role=one.role, region=one.region, sales_rep=one.sales_rep,
            password_hash=hashes[one.name], created_at=at,
        )
        for one in PEOPLE
    )  # fmt: skip
    session.flush()
    return drawn


def add_settings(session: Session) -> None:
    """Name, letterhead and rules of the company."""
    for key, value in SETTINGS.items():
        session.merge(Setting(key=key, value=value))
    session.flush()


def add_rates(session: Session, days: Days, events: Sequence[int]) -> None:
    """What a dollar was worth on each working day."""
    rows = (
        (days.dates[place], "USD", days.rates[place], events[place])
        for place in range(days.last + 1)
        if days.works[place]
    )
    db.insert_many(session, ExchangeRate, ("rate_on", "currency", "rate", "event_id"), rows)


def usual_events(days: Days, customers: int) -> list[Happened]:
    """Users and settings at the beginning, the ERP's file of each day, the closing of each month."""
    log = [
        Happened(0, 9 * 60, "system", "user.created", "user", one.name, None, {
            "role": one.role, "region": one.region, "sales_rep": one.sales_rep, "full_name": one.full_name})
        for one in PEOPLE
    ]  # fmt: skip
    log += [
        Happened(0, 9 * 60 + 5, "admin", "setting.changed", "setting", key, None, {"before": "", "after": value})
        for key, value in SETTINGS.items()
    ]
    file = "clientes_erp.xlsx"
    log.append(Happened(0, 9 * 60 + 20, "cajera", "import.customers", "import", file, None, {
        "file": file, "read": customers, "new": customers}))  # fmt: skip
    for place in range(days.last + 1):
        file = f"movimientos_{days.dates[place]:%Y-%m-%d}.xlsx"
        log.append(Happened(place, 18 * 60 + place % 45, "cajera", DAILY, "import", file, None, {"file": file}))
    return log + [
        Happened(place, 11 * 60, "contraloria", "month.closed", "month", month, None, {})
        for place, month in closings(days)
    ]


def closings(days: Days) -> list[tuple[int, str]]:
    """Each month up to two months ago, and the day, the fifth of the next, on which it was closed."""
    month, found = previous(previous(month_of(days.dates[days.last]))), []
    while (on := last_day(month)) > days.dates[0]:
        found.append(((on + timedelta(days=5) - days.dates[0]).days, month))
        month = previous(month)
    return found[::-1]


def changes_of(one: Profile, days: Days) -> list[tuple[Happened, tuple[str | None, str | None]]]:
    """Now and then the credit area raised a customer's limit; the last one is what the customer has now."""
    rng = Random(f"changes:{one.code}")
    if not one.limit or rng.randrange(3):
        return []
    places = sorted(rng.sample(range(60, days.last), rng.randrange(1, 3)))
    limits = [one.limit * (100 - 20 * step) // 100 for step in range(len(places), -1, -1)]
    told = [f"{Decimal(limit).scaleb(-2):.2f}" for limit in limits]
    return [
        (
            Happened(place, 12 * 60 + one.place % 240, "credito", "customer.changed", "customer", one.code, one.id, {
                "reason": _REASONS[rng.randrange(len(_REASONS))], "changes": {"credit_limit": [before, after]}}),
            (before, after),
        )
        for place, before, after in zip(places, told, told[1:], strict=False)
    ]  # fmt: skip


def write_log(session: Session, days: Days, log: list[Happened]) -> list[int]:
    """Writes the events in the order of time; returns their numbers in the order in which they were given."""
    ids = {user.name: user.id for user in session.scalars(select(User))}
    first = (session.scalar(select(func.max(col(AuditEvent.id)))) or 0) + 1
    order = sorted(range(len(log)), key=lambda at: (log[at].place, log[at].minutes, at))
    rows = (
        (
            number, moment(days.dates[one.place], one.minutes), days.dates[one.place], ids.get(one.user), one.user,
            "cli" if one.user == "system" else "web", one.action, one.entity, one.entity_id, one.customer_id,
            json.dumps(one.facts),
        )
        for number, one in enumerate((log[at] for at in order), first)
    )  # fmt: skip
    columns = (
        "id", "at", "business_on", "user_id", "user_name", "origin", "action", "entity", "entity_id", "customer_id",
        "facts",
    )  # fmt: skip
    db.insert_many(session, AuditEvent, columns, rows)
    numbers = {at: first + number for number, at in enumerate(order)}
    return [numbers[at] for at in range(len(log))]


def add_locks(session: Session, days: Days) -> None:
    """The closed months themselves."""
    user = session.scalars(select(User).where(col(User.name) == "contraloria")).one()
    insert_locks(
        session,
        ((month, user.id, user.name, moment(days.dates[place], 11 * 60)) for place, month in closings(days)),
    )


def add_changes(session: Session, rows: Sequence[tuple[int, int, str | None, str | None]]) -> None:
    """The history of limits: `(customer, event, before, after)`."""
    columns = ("customer_id", "event_id", "field", "before", "after")
    told = ((customer, event, "credit_limit", before, after) for customer, event, before, after in rows)
    db.insert_many(session, CustomerChange, columns, told)


def people_at(one: Profile) -> list[tuple[object, ...]]:
    """Whom to speak with at a customer's, as their table keeps them."""
    rng = Random(f"people:{one.code}:{one.name}")
    return [
        (
            one.id, names.person(rng), _POSITIONS[(at + rng.randrange(2)) % len(_POSITIONS)],
            names.address(one.name, "pagos" if at == 0 else "contacto"), names.phone(rng, one.where.dialing),
            "Paga los " + ("lunes", "martes", "miércoles", "jueves", "viernes")[one.weekday] if at == 0 else None, True,
        )
        for at in range(1 + rng.randrange(3) // 2)
    ]  # fmt: skip


PERSON = ("customer_id", "name", "position", "email", "phone", "notes", "active")


def add_people(session: Session, rows: Sequence[Sequence[object]]) -> None:
    """Writes them."""
    db.insert_many(session, CustomerPerson, PERSON, rows)


def moment(on: date, minutes: int) -> datetime:
    """A time of a business day, in UTC."""
    clock = time(minutes // 60, minutes % 60)
    return datetime.combine(on, clock, ZoneInfo(config().tz_business)).astimezone(UTC)
