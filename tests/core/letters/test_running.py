"""Who gets which letter: levels, days between, what is paid, promised, disputed, in favour or with the lawyers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.audit.models import AuditEvent
from core.auth.actor import Role, system
from core.credit.blocks import set_block
from core.credit.models import BlockCode
from core.db import transaction
from core.disputes.opening import open_dispute
from core.errors import NotAllowed
from core.letters.models import Letter, LetterLine
from core.letters.queries import letters_made, letters_of
from core.letters.running import run_letters
from core.outbox.models import Message
from core.outbox.words import NO_ADDRESS
from core.policies.models import ExchangeRate
from core.policies.settings import set_setting
from core.promises.recording import record_promise
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay

DAY = timedelta(days=1)


def run(session, on=TODAY, actor=None, **asked):
    return run_letters(session, actor or system(), as_of=on, **asked)


def told(rows):
    return [(row.customer, row.level, str(row.overdue), row.documents) for row in rows]


@pytest.fixture
def customer(session):
    return a_customer(session, "C1", email="pagos@c1.mx", language="en")


def test_the_first_level_is_due_on_its_day_and_not_before(session, customer):
    a_charge(session, customer, number="F1", amount="100.00", overdue_days=5)
    assert run(session, TODAY - DAY) == []
    [row] = run(session)
    assert (row.customer, row.level, row.language, row.overdue, row.documents) == (
        "C1", 1, "en", Decimal("100.00"), ["F1"],
    )  # fmt: skip


def test_one_level_a_run_however_old_a_document_is(session, customer):
    a_charge(session, customer, number="F1", overdue_days=200)
    assert [row.level for on in (0, 7, 14, 21) for row in run(session, TODAY + on * DAY)] == [1, 2, 3]


def test_two_runs_on_a_day_make_one_letter(session, customer):
    a_charge(session, customer, overdue_days=10)
    set_setting(session, system(), key="letters.min_days_between", value="0")
    assert len(run(session)) == 1
    assert run(session) == []
    assert run(session, TODAY - DAY) == []


def test_the_same_day_gives_nothing_new_even_when_a_higher_level_is_due(session, customer):
    set_setting(session, system(), key="letters.min_days_between", value="0")
    a_charge(session, customer, overdue_days=200)
    assert [len(run(session)) for _ in range(3)] == [1, 0, 0]
    assert len(run(session, TODAY + DAY)) == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(session, customer):
    a_charge(session, customer, overdue_days=10)
    dry = run(session, dry_run=True)
    assert session.scalars(select(Letter)).all() == []
    assert told(run(session)) == told(dry)


def test_documents_are_listed_by_due_date_and_then_number(session, customer):
    for number, days in (("B", 10), ("A", 10), ("Z", 30)):
        a_charge(session, customer, number=number, overdue_days=days, amount="1.00")
    assert run(session)[0].documents == ["Z", "A", "B"]


def test_what_is_in_favour_is_taken_off_and_a_net_creditor_gets_none(session, customer):
    a_charge(session, customer, amount="100.00", overdue_days=10)
    a_payment(session, customer, amount="60.00")
    a_credit_note(session, customer, amount="39.99")
    assert told(run(session, dry_run=True))[0][2] == "100.00"
    a_payment(session, customer, amount="0.01")
    assert run(session) == []


def test_what_is_disputed_is_not_asked_for(session, customer):
    a_charge(session, customer, number="F1", amount="100.00", overdue_days=30)
    a_charge(session, customer, number="F2", amount="50.00", overdue_days=6)
    for number, amount in (("F1", "100.00"), ("F2", "20.00")):
        open_dispute(
            session, system(), customer_id=customer.id, document=number, amount=Decimal(amount), opened_on=TODAY,
            reason="price",
        )  # fmt: skip
    assert told(run(session)) == [("C1", 1, "30.00", ["F2"])]
    line = session.scalars(select(LetterLine)).one()
    assert (line.open, line.disputed, line.amount) == (Decimal("50.00"), Decimal("20.00"), Decimal("30.00"))


def test_the_level_of_a_document_counts_from_its_oldest_instalment_not_wholly_disputed(session, customer):
    parts = [(TODAY - 30 * DAY, "40.00"), (TODAY - 4 * DAY, "60.00")]
    a_charge(session, customer, number="F1", instalments=parts)
    open_dispute(
        session, system(), customer_id=customer.id, document="F1", amount=Decimal("40.00"), opened_on=TODAY,
        reason="price",
    )  # fmt: skip
    assert run(session) == []
    assert told(run(session, TODAY + DAY)) == [("C1", 1, "60.00", ["F1"])]


def test_a_promise_for_all_that_is_owed_keeps_the_letter_back_until_it_breaks(session, customer):
    a_charge(session, customer, number="F1", amount="100.00", overdue_days=10)
    a_payment(session, customer, amount="30.00", paid_on=TODAY - 20 * DAY)
    record_promise(
        session, system(), customer_id=customer.id, amount=Decimal("70.00"), currency="MXN", made_on=TODAY,
        promised_on=TODAY + 3 * DAY, documents=["F1"],
    )  # fmt: skip
    assert [len(run(session, TODAY + days * DAY)) for days in (0, 3, 4)] == [0, 0, 1]


def test_a_promise_counts_what_it_still_lacks(session, customer):
    charge = a_charge(session, customer, number="F1", amount="100.00", overdue_days=10)
    record_promise(
        session, system(), customer_id=customer.id, amount=Decimal("100.00"), currency="MXN", made_on=TODAY,
        promised_on=TODAY + 3 * DAY, documents=["F1"],
    )  # fmt: skip
    a_charge(session, customer, number="F2", amount="50.00", overdue_days=6)
    pay(session, customer, charge, amount="50.00")
    # 50 is lacking of the promise, 100 is owed
    assert told(run(session, TODAY)) == [("C1", 1, "100.00", ["F1", "F2"])]


def test_a_promise_in_another_currency_is_worth_its_documents_rate(session, customer):
    a_charge(session, customer, number="F1", amount="100.00", currency="USD", rate="17.123457", overdue_days=10)
    a_charge(session, customer, number="F2", amount="33.33", currency="USD", rate="18.5", overdue_days=10)
    session.add(ExchangeRate(rate_on=TODAY - DAY, currency="USD", rate=Decimal(16), event_id=an_event(session)))
    record_promise(
        session, system(), customer_id=customer.id, amount=Decimal("133.33"), currency="USD", made_on=TODAY,
        promised_on=TODAY + 3 * DAY, documents=["F1", "F2"],
    )  # fmt: skip
    assert run(session) == []
    assert told(run(session, TODAY + 4 * DAY)) == [("C1", 1, "2328.96", ["F1", "F2"])]


def test_a_promise_on_account_in_another_currency_is_worth_the_last_rate(session, customer):
    a_charge(session, customer, number="F1", amount="1600.00", overdue_days=10)
    session.add(ExchangeRate(rate_on=TODAY - DAY, currency="USD", rate=Decimal(16), event_id=an_event(session)))
    record_promise(
        session, system(), customer_id=customer.id, amount=Decimal("100.00"), currency="USD", made_on=TODAY,
        promised_on=TODAY + 3 * DAY,
    )  # fmt: skip
    assert run(session) == []
    a_charge(session, customer, number="F2", amount="0.01", overdue_days=10)
    assert len(run(session)) == 1


def test_a_legal_block_stops_letters_while_it_is_in_force(session, customer):
    a_charge(session, customer, overdue_days=10)
    set_block(
        session, system(), customer_id=customer.id, code=BlockCode.LEGAL, from_on=TODAY - DAY, to_on=TODAY,
        reason="demanda",
    )  # fmt: skip
    assert run(session) == []
    assert len(run(session, TODAY + DAY)) == 1


def test_a_manual_block_does_not(session, customer):
    a_charge(session, customer, overdue_days=10)
    set_block(session, system(), customer_id=customer.id, code=BlockCode.MANUAL, from_on=TODAY, reason="revisión")
    assert len(run(session)) == 1


def test_letters_may_go_out_before_the_due_date(session, customer):
    set_setting(session, system(), key="letters.levels", value="-3,10")
    a_charge(session, customer, number="F1", due_on=TODAY, issued_on=TODAY - 20 * DAY, amount="10.00")
    a_charge(session, customer, number="F2", due_on=TODAY + 3 * DAY, issued_on=TODAY - 20 * DAY, amount="5.00")
    a_charge(session, customer, number="F3", due_on=TODAY + 4 * DAY, issued_on=TODAY - 20 * DAY, amount="3.00")
    [row] = run(session)
    assert (row.level, row.stage, row.overdue, row.documents) == (1, "reminder", Decimal("15.00"), ["F1", "F2"])


def test_foreign_documents_are_worth_their_own_rate(session, customer):
    a_charge(session, customer, amount="0.55", currency="USD", rate="17.1", overdue_days=10)
    a_charge(session, customer, amount="10.00", overdue_days=10)
    assert run(session)[0].overdue == Decimal("19.41")


def test_what_happens_later_changes_nothing_of_a_past_day(session, customer):
    charge = a_charge(session, customer, number="F1", amount="100.00", overdue_days=30)
    pay(session, customer, charge, amount="100.00", paid_on=TODAY)
    assert told(run(session, TODAY - DAY, dry_run=True)) == [("C1", 1, "100.00", ["F1"])]


def test_a_collector_writes_to_own_customers_only(session, customer):
    own = a_customer(session, "C2", collector="carla")
    for one in (customer, own):
        a_charge(session, one, overdue_days=10)
    carla = an_actor(Role.COLLECTOR, name="carla")
    assert [row.customer for row in run(session, actor=carla)] == ["C2"]
    assert [row.customer for row in run(session)] == ["C1"]
    assert [row.customer for row in letters_made(session, carla)] == ["C2"]
    assert letters_of(session, carla, customer.id) == []


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SALES_REP, Role.MANAGER, Role.AUDITOR])
def test_others_may_not_run_letters(session, customer, role):
    with pytest.raises(NotAllowed):
        run(session, actor=an_actor(role))


def test_a_run_is_one_event_that_tells_the_customers(session, customer):
    a_charge(session, customer, overdue_days=10)
    run(session)
    event = session.scalars(select(AuditEvent).where(col(AuditEvent.action) == "letters.run")).one()
    assert event.facts["customers"] == ["C1"]
    assert session.scalars(select(Letter)).one().event_id == event.id


def test_each_letter_waits_in_the_outbox_and_without_address_it_says_so(session, customer):
    other = a_customer(session, "C2")
    for one in (customer, other):
        a_charge(session, one, overdue_days=10)
    run(session)
    found = session.scalars(select(Message).order_by(col(Message.id))).all()
    assert [(one.to_address, one.status, one.last_error) for one in found] == [
        ("pagos@c1.mx", "queued", None), ("", "held", NO_ADDRESS),
    ]  # fmt: skip


def test_what_a_letter_says_is_frozen(session, customer):
    a_charge(session, customer, number="F1", amount="70.00", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 1))
    run(session)
    letter = session.scalars(select(Letter)).one()
    line = session.scalars(select(LetterLine)).one()
    assert (letter.customer_code, letter.customer_name, letter.overdue) == ("C1", "Cliente C1", Decimal("70.00"))
    assert (line.number, line.due_on, line.days, line.base) == ("F1", date(2026, 3, 1), 30, Decimal("70.00"))


def test_two_runs_at_once_write_to_each_customer_once(database):
    from concurrent.futures import ThreadPoolExecutor

    with transaction() as session:
        for at in range(8):
            a_charge(session, a_customer(session, f"C{at}"), overdue_days=10)

    def one(_):
        with transaction() as session:
            return len(run(session))

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(4)))
    assert sorted(made) == [0, 0, 0, 8]
