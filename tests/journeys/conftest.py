"""A small book that several stories of one module share: each story has its own customer, so none disturbs another."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.auth.actor import Role, system
from core.auth.users import create_user
from core.customers.models import Customer
from core.db import transaction
from core.policies.settings import set_setting
from tests.build import TODAY, a_charge, a_customer
from tests.support.databases import Database
from tests.support.server import PASSWORD, Server

MIRTO, PALMAS, RUEDA, ALBA, VIDRIOS = "C100", "C200", "C300", "C400", "C500"


@pytest.fixture(scope="module")
def book(backend: Database) -> Database:
    """Five customers with something open, and one user of each kind that the stories are about."""
    backend.empty()
    with transaction() as session:
        _users(session)
        set_setting(session, system(), key="company.name", value="Distribuidora del Mirto")
        mirto = _customer(session, MIRTO, "Aceros del Mirto", region="Norte", rep="Héctor Villarreal", collector="beto")
        for number, amount, days in (("F-101", "1000.00", 40), ("F-102", "2500.00", 10), ("F-103", "900.50", -20)):
            a_charge(session, mirto, number=number, amount=amount, due_on=TODAY - timedelta(days=days))
        for code, name, number, amount in (
            (PALMAS, "Ferretería Las Palmas", "F-201", "700.00"), (RUEDA, "Tornillos Rueda", "F-301", "1500.00"),
            (ALBA, "Pinturas Alba", "F-401", "1160.00"), (VIDRIOS, "Vidrios Claros", "F-501", "2000.00"),
        ):  # fmt: skip
            other = _customer(session, code, name, region="Sur", rep="Sofía Garza", collector="celia")
            a_charge(session, other, number=number, amount=amount, due_on=TODAY - timedelta(days=15))
            a_charge(session, other, number=f"{number}-B", amount="800.00", due_on=TODAY + timedelta(days=15))
    return backend


@pytest.fixture(scope="module")
def book_server(book: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One web server for all stories of a module; it names it `server`, so that `page` opens there."""
    started = Server(book.url, tmp_path_factory.mktemp("journeys") / "server.log")
    yield started
    started.stop()


def _users(session: Session) -> None:
    for name, role, facts in (
        ("rosa", Role.CASHIER, {"full_name": "Rosa Peña"}),
        ("marta", Role.MANAGER, {"full_name": "Marta Luna"}),
        ("beto", Role.COLLECTOR, {"full_name": "Beto Ruiz"}),
        ("celia", Role.COLLECTOR, {"full_name": "Celia Cano"}),
        ("hector", Role.SALES_REP, {"sales_rep": "Héctor Villarreal"}),
        ("ivan", Role.ADMIN, {"full_name": "Iván Mora"}),
        ("john", Role.MANAGER, {"full_name": "John Reed", "language": "en"}),
    ):
        create_user(session, system(), name=name, role=role, password=PASSWORD, **facts)


def _customer(session: Session, code: str, name: str, *, region: str, rep: str, collector: str) -> Customer:
    search = f"{code} {name}".lower().replace("é", "e").replace("í", "i")
    return a_customer(
        session, code, legal_name=name, region=region, sales_rep=rep, collector=collector, search=search,
        credit_limit=None,
    )  # fmt: skip
