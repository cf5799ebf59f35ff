"""Books for the tests of agreements."""

import pytest

from core.auth.actor import system
from core.policies.settings import set_setting
from tests.build import a_charge, a_customer
from tests.core.agreements.support import after


@pytest.fixture
def books(session):
    """C1, carla's, owes F1 (900.00, 60 days overdue) and F2 (300.00, not yet due)."""
    set_setting(session, system(), key="agreements.manager_waiver_pct", value="100")
    customer = a_customer(session, "C1", collector="carla", region="Norte")
    first = a_charge(session, customer, amount="900.00", overdue_days=60, number="F1")
    second = a_charge(session, customer, amount="300.00", due_on=after(15), number="F2")
    return customer, first, second
