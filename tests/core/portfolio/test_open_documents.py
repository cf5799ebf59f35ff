"""The aging document by document, and the applications that explain a row of it."""

from datetime import timedelta
from decimal import Decimal

from core.auth.actor import Role, system
from core.ledger.models import Source
from core.ledger.posting import Batch
from core.portfolio.aging import Basis
from core.portfolio.explaining import applications_of
from core.portfolio.lines import Page
from core.portfolio.open_documents import each_open_document, open_documents
from core.portfolio.scope import Scope
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, an_event, pay

LIMITS = [30, 60, 90, 120]


def papers(session, *, as_of=TODAY, **asked):
    return open_documents(session, system(), as_of=as_of, limits=LIMITS, **asked).rows


def test_an_instalment_says_what_it_was_what_was_applied_and_what_is_open(session):
    customer = a_customer(session, "C1", sales_rep="Hoy")
    parts = [(TODAY - timedelta(days=3), "30.00"), (TODAY + timedelta(days=27), "50.00")]
    charge = a_charge(session, customer, number="F1", issued_on=TODAY - timedelta(days=33), instalments=parts,
                      sales_rep="Entonces")  # fmt: skip
    pay(session, customer, charge, amount="40.00")
    [row] = papers(session)
    assert row.figures[:3] == ("F1", "F1", "MXN")
    assert (row.customer, row.kind, row.instalment, row.sales_rep) == ("C1", "invoice", 2, "Entonces")
    assert (row.issue_date, row.due_date, row.days) == (charge.issued_on, TODAY + timedelta(days=27), -27)
    assert (row.original, row.applied, row.open) == (Decimal("50.00"), Decimal("10.00"), Decimal("40.00"))


def test_days_count_from_the_basis(session):
    a_charge(session, a_customer(session), issued_on=TODAY - timedelta(days=33), due_on=TODAY - timedelta(days=3))
    assert [papers(session, basis=basis)[0].days for basis in Basis] == [3, 33, 33]


def test_a_credit_is_negative_and_has_no_instalment_due_date_or_days(session):
    customer = a_customer(session, sales_rep="Hoy")
    charge = a_charge(session, customer, amount="60.00")
    note = a_credit_note(session, customer, amount="100.00", number="N1")
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.DOCUMENT, [note.id])[note.id]
    batch.spread(credit, batch.load_of(Source.DOCUMENT, [charge.id])[charge.id], TODAY)
    batch.flush()
    [row] = papers(session)
    assert (row.kind, row.instalment, row.due_date, row.days) == ("credit_note", None, None, None)
    assert (row.original, row.applied, row.open) == (Decimal("-100.00"), Decimal("-60.00"), Decimal("-40.00"))
    assert (row.figures.unapplied, row.figures.total, sum(row.figures.buckets)) == (row.open, row.open, 0)


def test_an_identified_payment_bears_its_own_date(session):
    customer, received = a_customer(session), a_payment(session, None, amount="5.00", number="P1")
    batch = Batch(session, event_id=an_event(session))
    batch.credit(
        customer_id=customer.id, kind="payment", source=Source.PAYMENT, source_id=received.id, number="P1",
        currency="MXN", rate=1_000_000, booked_on=TODAY + timedelta(days=4), amount=500, paid_on=TODAY,
    )  # fmt: skip
    batch.flush()
    assert papers(session, as_of=TODAY + timedelta(days=3)) == []
    assert papers(session, as_of=TODAY + timedelta(days=4))[0].issue_date == TODAY


def test_rows_come_by_customer_oldest_first_and_credits_last(session):
    for code in ("C2", "C1"):
        customer = a_customer(session, code)
        a_payment(session, customer, number=f"{code}-P")
        a_charge(session, customer, number=f"{code}-young")
        a_charge(session, customer, number=f"{code}-old", overdue_days=9)
    assert [row.figures.key for row in papers(session)] == [
        "C1-old", "C1-young", "C1-P", "C2-old", "C2-young", "C2-P"
    ]  # fmt: skip
    assert [row.figures.key for row in papers(session, page=Page(3, 2))] == ["C2-young", "C2-P"]


def test_documents_are_filtered_like_everything_else(session):
    customer = a_customer(session, "C1", sales_rep="Hoy")
    a_charge(session, customer, number="F1", sales_rep="Entonces")
    a_charge(session, customer, number="F2", currency="USD", rate="20")
    a_charge(session, a_customer(session, "C2"), number="F3")
    assert [row.figures.key for row in papers(session, scope=Scope(customer="C1", currency="USD"))] == ["F2"]
    assert [row.figures.key for row in papers(session, scope=Scope(sales_rep="Entonces"))] == ["F1"]


def test_applications_explain_what_is_open_at_the_date(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="100.00")
    first = pay(session, customer, charge, amount="30.00", paid_on=TODAY, number="P1")
    pay(session, customer, charge, amount="50.00", paid_on=TODAY + timedelta(days=5), number="P2")
    batch = Batch(session, event_id=an_event(session))
    [credit] = batch.load_of(Source.PAYMENT, [first.id])[first.id]
    batch.undo(credit.live()[0], TODAY + timedelta(days=2))
    batch.flush()

    def explained(days):
        as_of = TODAY + timedelta(days=days)
        [row] = [row for row in papers(session, as_of=as_of) if row.kind == "invoice"]
        found = applications_of(session, system(), entry_id=row.entry_id, as_of=as_of)
        assert found[-1].left == row.open
        return [(one.number, one.amount, one.undone_on) for one in found]

    undone = TODAY + timedelta(days=2)
    assert explained(1) == [("P1", Decimal("30.00"), None)]
    assert explained(2) == [("P1", Decimal("30.00"), undone), ("P1", Decimal("-30.00"), None)]
    assert explained(5)[-1] == ("P2", Decimal("50.00"), None)


def test_a_payment_is_explained_by_what_it_closed(session):
    customer = a_customer(session)
    charge = a_charge(session, customer, amount="60.00", number="F1")
    pay(session, customer, charge, amount="100.00")
    [row] = papers(session)
    [used] = applications_of(session, system(), entry_id=row.entry_id, as_of=TODAY)
    assert (used.number, used.instalment, used.amount, used.left) == ("F1", 1, Decimal("60.00"), Decimal("40.00"))


def test_who_does_not_see_the_customer_learns_nothing_of_its_applications(session):
    customer = a_customer(session, region="Sur")
    pay(session, customer, a_charge(session, customer, amount="60.00"), amount="10.00")
    [row] = papers(session)
    stranger = an_actor(Role.MANAGER, region="Norte")
    assert applications_of(session, stranger, entry_id=row.entry_id, as_of=TODAY) == []


def test_a_file_has_the_same_rows_in_the_same_order_read_a_few_customers_at_a_time(session, monkeypatch):
    monkeypatch.setattr("core.portfolio.open_documents._AT_A_TIME", 2)
    for code, currency in (("C3", "MXN"), ("c1", "USD"), ("C2", "MXN"), ("Á4", "MXN"), ("C1", "MXN")):
        customer = a_customer(session, code, region=code)
        for overdue in (40, 0, 5):
            charge = a_charge(session, customer, overdue_days=overdue, currency=currency, rate="1")
        pay(session, customer, charge, amount="1000.00")
        a_payment(session, customer, amount="7.00", currency=currency)
    for as_of in (TODAY, TODAY - timedelta(days=3)):
        for scope in (Scope(), Scope(currency="MXN"), Scope(region="C2"), Scope(customer="nobody")):
            each = each_open_document(session, system(), as_of=as_of, limits=LIMITS, scope=scope)
            assert list(each) == papers(session, as_of=as_of, scope=scope)
