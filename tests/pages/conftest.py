"""Fixtures of the screens' tests."""

from collections.abc import Callable

import pytest

from core import i18n
from core.auth import users
from core.auth.actor import Role, system
from core.auth.queries import user_named
from core.db import transaction
from tests.support.server import PASSWORD


@pytest.fixture(autouse=True)
def _spanish():
    yield
    i18n.use("es")


@pytest.fixture
def who(database) -> Callable[..., str]:
    """`who(Role.CASHIER)` makes a user of that role, once, and returns the name for `screen(path, name)`."""

    def make(role: Role | str = Role.ADMIN, name: str = "ana", **fields) -> str:
        with transaction() as session:
            if user_named(session, name) is None:
                users.create_user(session, system(), name=name, role=role, password=PASSWORD, **fields)
        return name

    return make
