"""Books for the tests of stages."""

import pytest

from tests.build import a_charge, a_customer
from tests.core.legal.support import after


@pytest.fixture
def books(session):
    """C1, carla's, owes F1 (60,000.00, 200 days overdue) and F2 (1,000.00, not yet due)."""
    customer = a_customer(session, "C1", collector="carla", region="Norte")
    first = a_charge(session, customer, amount="60000.00", overdue_days=200, number="F1")
    second = a_charge(session, customer, amount="1000.00", due_on=after(15), number="F2")
    return customer, first, second
