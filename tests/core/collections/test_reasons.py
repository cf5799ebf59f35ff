"""Each reason to contact a customer, with its words and its points."""

from datetime import timedelta

from sqlmodel import Session

from core.collections.rules import Points
from core.credit.models import BlockCode
from core.payments.reversal import reverse_payment
from tests.build import TODAY, a_charge, a_customer, a_payment, an_actor, pay
from tests.core.collections.builders import a_block, a_contact, a_promise, days, listed, why

POINTS = Points()


def test_who_owes_something_overdue_is_listed_with_amount_and_days(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, amount="1500.00", overdue_days=40)
    a_charge(session, customer, amount="70.00", overdue_days=2)
    a_charge(session, customer, amount="999.00", overdue_days=-5)
    told = why(session, customer)
    assert told["overdue_amount"].detail == "Debe $1,570.00 vencido"
    assert told["days_overdue"].detail == "40 días de atraso"
    assert (told["overdue_amount"].points, told["days_overdue"].points) == (6, 14)


def test_who_owes_nothing_overdue_is_not_listed(session: Session) -> None:
    a_charge(session, a_customer(session), overdue_days=0)
    assert listed(session) == []


def test_what_is_overdue_is_told_in_company_currency_at_the_rate_of_each_document(session: Session) -> None:
    customer = a_customer(session, currency="USD")
    a_charge(session, customer, amount="100.00", overdue_days=5, currency="USD", rate="17.5")
    a_charge(session, customer, amount="10.00", overdue_days=5)
    assert why(session, customer)["overdue_amount"].detail == "Debe $1,760.00 vencido"


def test_points_grow_with_the_amount_and_with_the_days(session: Session) -> None:
    for amount, late in (("20000.00", 1), ("20000.00", 35), ("2000000.00", 200)):
        a_charge(session, a_customer(session), amount=amount, overdue_days=late)
    scores = [row.score for row in listed(session)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_a_promise_due_today_says_what_it_lacks(session: Session) -> None:
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="900.00", overdue_days=10)
    a_promise(session, customer, amount="500.00", documents=(charge.number,))
    pay(session, customer, charge, amount="120.00", paid_on=days(-1))
    told = why(session, customer)["promise_due_today"]
    assert told.detail == "Promete pagar hoy $380.00"
    assert told.points == POINTS.promise_due_today


def test_a_promise_due_today_counts_even_when_nothing_is_overdue(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, amount="900.00", overdue_days=-20)
    a_promise(session, customer, amount="900.00")
    assert set(why(session, customer)) == {"promise_due_today"}


def test_a_promise_in_another_currency_is_told_at_the_last_rate(session: Session) -> None:
    customer = a_customer(session, currency="USD")
    a_charge(session, customer, amount="100.00", overdue_days=5, currency="USD", rate="18")
    a_promise(session, customer, amount="50.00", currency="USD")
    [row] = listed(session)
    assert str(row.due_today) == "900.00"


def test_a_promise_kept_today_is_no_reason_any_more(session: Session) -> None:
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="900.00", overdue_days=10)
    a_promise(session, customer, amount="500.00", documents=(charge.number,))
    pay(session, customer, charge, amount="500.00")
    assert "promise_due_today" not in why(session, customer)


def test_a_broken_promise_says_how_much_and_since_when(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, amount="900.00", overdue_days=10)
    a_promise(session, customer, amount="500.00", promised=-2)
    told = why(session, customer)["promise_broken"]
    assert told.detail == "Promesa de $500.00 rota ayer"
    assert told.points == POINTS.promise_broken


def test_a_promise_that_was_paid_late_is_no_reason(session: Session) -> None:
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="900.00", overdue_days=20)
    a_promise(session, customer, amount="500.00", promised=-5, documents=(charge.number,))
    pay(session, customer, charge, amount="500.00", paid_on=days(-1))
    assert "promise_broken" not in why(session, customer)


def test_a_promise_broken_long_ago_is_history(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, amount="900.00", overdue_days=90)
    a_promise(session, customer, amount="500.00", made=-80, promised=-60)
    assert "promise_broken" not in why(session, customer)


def test_a_promise_kept_in_part_says_what_is_missing(session: Session) -> None:
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="900.00", overdue_days=20)
    a_promise(session, customer, amount="500.00", promised=-2, documents=(charge.number,))
    pay(session, customer, charge, amount="200.00", paid_on=days(-4))
    told = why(session, customer)["promise_partly_kept"]
    assert told.detail == "Promesa cumplida a medias: faltan $300.00"
    assert told.points == POINTS.promise_partly_kept


def test_payments_that_come_later_and_later_are_a_reason(session: Session) -> None:
    customer = a_customer(session)
    for ago, late in ((150, 1), (120, 3), (60, 20), (20, 30)):
        charge = a_charge(session, customer, amount="100.00", due_on=days(-ago - late))
        pay(session, customer, charge, amount="100.00", paid_on=days(-ago))
    a_charge(session, customer, amount="900.00", overdue_days=10)
    assert why(session, customer)["growing_delay"].detail == "Paga cada vez más tarde"


def test_payments_at_the_same_pace_are_none(session: Session) -> None:
    customer = a_customer(session)
    for ago in (150, 120, 60, 20):
        charge = a_charge(session, customer, amount="100.00", due_on=days(-ago - 9))
        pay(session, customer, charge, amount="100.00", paid_on=days(-ago))
    a_charge(session, customer, amount="900.00", overdue_days=10)
    assert "growing_delay" not in why(session, customer)


def test_a_block_set_by_hand_says_why(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=10)
    a_block(session, customer, BlockCode.MANUAL, "Documentos incompletos")
    told = why(session, customer)["credit_blocked"]
    assert told.detail == "Crédito bloqueado: Documentos incompletos"
    assert told.points == POINTS.credit_blocked


def test_silence_counts_from_the_last_contact(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=40)
    a_contact(session, customer, on=days(-90))
    a_contact(session, customer, on=days(-16))
    told = why(session, customer)["no_contact"]
    assert (told.detail, told.points) == ("Sin contacto desde hace 16 días", 12)


def test_who_was_never_contacted_counts_from_when_he_began_to_owe(session: Session) -> None:
    fresh, old = a_customer(session), a_customer(session)
    a_charge(session, fresh, overdue_days=3)
    a_charge(session, old, overdue_days=30)
    assert "no_contact" not in why(session, fresh)
    assert why(session, old)["no_contact"].detail == "Sin ninguna gestión todavía"


def test_a_cheque_that_came_back_lately_is_a_risk(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=3)
    paid = a_payment(session, customer, paid_on=days(-20), method="cheque")
    reverse_payment(session, an_actor(name="otra"), number=paid.number, on=days(-12), reason="returned_cheque")
    told = why(session, customer)["risk"]
    assert (told.detail, told.points) == ("Cheque devuelto hace 12 días", POINTS.returned_cheque)
    assert "risk" not in why(session, customer, as_of=days(80))


def test_the_first_delay_of_a_year_is_a_risk(session: Session) -> None:
    customer = a_customer(session)
    paid = a_charge(session, customer, amount="100.00", due_on=days(-100))
    pay(session, customer, paid, amount="100.00", paid_on=days(-101))
    a_charge(session, customer, overdue_days=3)
    assert why(session, customer)["risk"].detail == "Primer atraso en 12 meses"


def test_who_was_late_this_year_already_is_no_news(session: Session) -> None:
    customer = a_customer(session)
    for late in (-1, 6):
        paid = a_charge(session, customer, amount="100.00", due_on=days(-100))
        pay(session, customer, paid, amount="100.00", paid_on=days(-100 + late))
    a_charge(session, customer, overdue_days=3)
    assert "risk" not in why(session, customer)


def test_a_next_step_for_today_is_a_reason_and_says_which(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=10)
    a_contact(session, customer, on=days(-1), next_action="confirm_payment", next_action_on=TODAY)
    told = why(session, customer)["next_action_due"]
    assert (told.detail, told.points) == ("Para hoy: Confirmar el pago", POINTS.next_action_due)


def test_a_next_step_left_undone_stays_until_somebody_is_there(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, overdue_days=30)
    a_contact(session, customer, on=days(-9), next_action="visit", next_action_on=days(-6))
    assert why(session, customer)["next_action_due"].detail == "Pendiente desde el mié 25: Visitar"
    a_contact(session, customer, on=days(-5))
    assert "next_action_due" not in why(session, customer)


def test_points_of_the_reasons_add_up_to_the_score(session: Session) -> None:
    customer = a_customer(session)
    a_charge(session, customer, amount="250000.00", overdue_days=100)
    a_block(session, customer, BlockCode.MANUAL)
    a_promise(session, customer, promised=-3)
    [row] = listed(session)
    assert row.score == sum(row.points.values()) == sum(one.points for one in why(session, customer).values())
    assert len(row.points) == 5


def test_the_list_of_a_past_day_is_that_of_then(session: Session) -> None:
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="900.00", overdue_days=30)
    a_contact(session, customer, on=days(-2))
    pay(session, customer, charge, amount="900.00", paid_on=days(-1))
    assert listed(session) == []
    [row] = listed(session, as_of=TODAY - timedelta(days=10))
    assert (str(row.overdue), row.days_overdue(TODAY - timedelta(days=10)), row.last_on) == ("900.00", 20, None)
