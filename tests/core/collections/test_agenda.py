"""What the agenda shows beside its list: collected this month, done today, whose agendas there are."""

from decimal import Decimal

from sqlmodel import Session

from core.auth.actor import Role, system
from core.collections.agenda import agenda
from core.collections.collected import collected
from core.collections.queries import collectors, last_contacts
from core.collections.sheet import call_sheet
from core.collections.timeline import timeline
from core.collections.worklist import View
from core.customers.people import add_person
from core.payments.reversal import reverse_payment
from core.portfolio.lines import Page
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor
from tests.core.collections.builders import a_contact, a_promise, days


def test_collected_is_this_month_and_the_same_days_of_the_month_before(session: Session) -> None:
    customer = a_customer(session, collector="ana")
    a_payment(session, customer, amount="100.00", paid_on=days(-3))
    a_payment(session, customer, amount="2.00", currency="USD", rate="18.50", paid_on=TODAY)
    a_payment(session, customer, amount="40.00", paid_on=days(-31))  # 28 February
    a_payment(session, customer, amount="7.00", paid_on=days(-60))  # January
    a_payment(session, a_customer(session, collector="luis"), amount="900.00")
    found = collected(session, an_actor(Role.COLLECTOR, name="ana"), as_of=TODAY)
    assert (found.this_month, found.month_before) == (Decimal("137.00"), Decimal("40.00"))
    assert collected(session, system(), as_of=TODAY).this_month == Decimal("1037.00")
    assert collected(session, system(), as_of=TODAY, collector="luis").this_month == Decimal("900.00")


def test_a_payment_that_was_reversed_is_taken_off_on_the_day_of_its_reversal(session: Session) -> None:
    customer = a_customer(session)
    paid = a_payment(session, customer, amount="100.00", paid_on=days(-40))
    reverse_payment(session, an_actor(name="otra"), number=paid.number, on=days(-2), reason="returned_cheque")
    found = collected(session, system(), as_of=TODAY)
    assert (found.this_month, found.month_before) == (Decimal("-100.00"), Decimal("100.00"))


def test_one_page_of_the_agenda_agrees_with_its_counts(session: Session) -> None:
    for place in range(3):
        customer = a_customer(session, collector="ana")
        a_charge(session, customer, amount=f"{100 + place}.00", overdue_days=5)
    a_contact(session, customer, on=TODAY)
    found = agenda(
        session, system(), as_of=TODAY, collector=None, view=View.TODO, page=Page(1, 1), done=Page(1, 10)
    )  # fmt: skip
    assert [row.overdue for row in found.list.rows] == [Decimal("101.00")]
    assert found.list.counts[View.TODO] == (2, Decimal("201.00"))
    assert found.list.counts[View.WAITING] == (1, Decimal("102.00"))
    assert found.done.found == 1


def test_the_collectors_are_those_of_the_customers_one_sees(session: Session) -> None:
    for collector, region in (("luis", "Sur"), ("ana", "Norte"), ("ana", "Norte"), (None, "Norte"), ("", "Sur")):
        a_customer(session, collector=collector, region=region)
    assert collectors(session, system()) == [("ana", "ana"), ("luis", "luis")]
    assert collectors(session, an_actor(Role.MANAGER, region="Sur")) == [("luis", "luis")]


def test_the_last_contact_of_a_day_is_that_of_then(session: Session) -> None:
    customer = a_customer(session)
    first = a_contact(session, customer, on=days(-9))
    second = a_contact(session, customer, on=days(-2))
    for as_of, expected in ((TODAY, second.id), (days(-3), first.id), (days(-10), None)):
        cte = last_contacts(as_of)
        assert session.execute(cte.select().with_only_columns(cte.c.contact_id)).scalar() == expected


def test_the_sheet_of_a_call_has_what_is_needed_at_hand(session: Session) -> None:
    customer = a_customer(session, "C1", currency="USD", phone="55")
    a_charge(session, customer, amount="10.00", number="F-1", overdue_days=9, currency="USD", rate="20")
    a_charge(session, customer, amount="5.00", number="F-2", overdue_days=-3)
    add_person(session, system(), customer_id=customer.id or 0, name="Rosa")
    sheet = call_sheet(session, system(), "C1", as_of=TODAY)
    assert (sheet.overdue, sheet.days, sheet.owed) == (Decimal("200.00"), 9, "$200.00 MXN")
    assert [(one.number, one.open) for one in sheet.charges] == [("F-1", Decimal("10.00")), ("F-2", Decimal("5.00"))]
    assert sheet.currencies == ["USD", "MXN"]
    assert sheet.stage is not None
    said = sheet.script(person="Rosa", collector="Ana")
    assert "Rosa. Habla Ana" in said
    assert "$200.00 MXN vencidos; lo más antiguo, F-1, lleva 9 días" in said


def test_the_timeline_tells_a_promise_once(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=5)
    told = a_promise(session, customer, made=-5, promised=1)
    a_contact(session, customer, on=days(-5), outcome="promise", promise_id=told.id)
    found = timeline(session, system(), customer.id or 0, as_of=TODAY)
    assert [one.kind for one in found] == ["contact"]
