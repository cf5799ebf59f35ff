"""What the two databases say differently."""

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import col

from core import db
from core.customers.models import Customer
from core.tables import among
from tests.build import a_customer

CODES = ["C1", "0'1", 'x"y', "ñ%", "[]"]


@pytest.mark.parametrize(
    "asked", [[], ["C1"], CODES, [*CODES, "nobody"], ["c1", " C1"], [f"Z{one}" for one in range(40_000)]]
)
def test_among_finds_exactly_the_texts_of_a_list_of_any_length(session, asked):
    for code in CODES:
        a_customer(session, code)
    found = session.scalars(select(col(Customer.code)).where(among(col(Customer.code), asked))).all()
    assert sorted(found) == sorted(set(asked) & set(CODES))


def test_among_finds_numbers_and_takes_them_by_name(session):
    ids = [a_customer(session, code).id for code in CODES]
    by_id = select(col(Customer.code)).where(among(col(Customer.id), "ids"), col(Customer.code) != bindparam("code"))
    found = db.rows(session, by_id, ids=[*ids[1:], 2**40], code="ñ%")
    assert sorted(row[0] for row in found) == sorted({*CODES[1:]} - {"ñ%"})


@pytest.mark.backend("sqlite")
def test_among_is_answered_by_an_index(session):
    statement = select(Customer).where(among(col(Customer.id), "ids"), among(col(Customer.code), "codes"))
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.compile(db.engine())}", ("[]", "[]"))
    assert plan.fetchone()[3].startswith("SEARCH customer USING")
