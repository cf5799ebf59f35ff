"""Reconciliations with the customer: compared with the books, kept, agreed, signed and then never changed."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from core.attachments.keeping import AttachmentNotUsable, content_of, listed
from core.auth.actor import Role, system
from core.auth.users import create_user
from core.customers.visibility import CustomerNotFound
from core.errors import NotAllowed
from core.promises.models import Promise
from core.promises.recording import AlreadyPromised, record_promise
from core.reconciliations.comparing import CutInTheFuture, ListIsEmpty, compare, summary
from core.reconciliations.kinds import Cause, Party
from core.reconciliations.matching import Theirs
from core.reconciliations.minute import sheets
from core.reconciliations.models import Reconciliation, ReconciliationLine
from core.reconciliations.queries import State, card, reconciliations
from core.reconciliations.recording import (
    CauseDoesNotFit,
    DiscardedAlready,
    DueBeforeCut,
    OwnerNotFound,
    ReconciliationNotFound,
    SignedAlready,
    TextMissing,
    agree,
    discard,
    judge_line,
    save,
    withdraw_agreement,
)
from core.reconciliations.signing import SignatureMissing, SignatureNotUsable, SignerMissing, sign
from core.tasks.models import Task
from core.tasks.queries import tasks
from tests.build import TODAY, a_charge, a_credit_note, a_customer, a_payment, an_actor, pay
from tests.support.server import PASSWORD

CUT = TODAY
SOON = TODAY + timedelta(days=7)
ANA = an_actor(Role.COLLECTOR, name="ana")
EVA = an_actor(Role.COLLECTOR, name="eva")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c"
    b"IDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
FILE = ("lista.csv", b"folio,saldo\nF-1,100.00\n")


@pytest.fixture
def customer(session):
    create_user(session, system(), name="ana", role="collector", password=PASSWORD, full_name="Ana Treviño")
    return a_customer(session, "C1", legal_name="Aceros del Norte", collector="ana")


def rows(*pairs):
    return [Theirs(at, number, None, Decimal(amount)) for at, (number, amount) in enumerate(pairs, 2)]


def compared(session, customer, *pairs, actor=ANA, **asked):
    values = {"customer_id": customer.id, "currency": "MXN", "cut_on": CUT, "today": TODAY, "theirs": rows(*pairs)}
    return compare(session, actor, **(values | asked))


def saved(session, customer, *pairs, actor=ANA, **asked):
    return save(
        session, actor, customer_id=customer.id, currency="MXN", cut_on=CUT, today=TODAY, theirs=rows(*pairs),
        file=FILE, **asked,
    )  # fmt: skip


def signed(session, one, **asked):
    values = {"their_signer": "Luis Paz", "our_signer": "Ana Treviño", "signature": ("firma.png", PNG)}
    return sign(session, ANA, reconciliation_id=one.id, today=TODAY, **(values | asked))


def test_our_balance_is_the_agings_total_and_every_difference_is_explained(session, customer):
    kept = a_charge(session, customer, number="F-1", amount="1000.00")
    pay(session, customer, kept, amount="400.00", number="P-1")
    a_charge(session, customer, number="F-2", amount="250.00")
    a_credit_note(session, customer, number="N-1", amount="50.00")
    a_charge(session, customer, number="F-9", amount="9.00", currency="USD", rate="17")
    found = compared(session, customer, ("F-1", "1000.00"), ("F-3", "77.00"))
    assert (found.our_balance, found.their_balance, found.gap) == (
        Decimal("800.00"),
        Decimal("1077.00"),
        Decimal("-277.00"),
    )
    assert found.explained == found.gap
    assert {one.cause: one.difference for one in summary(found.lines)} == {
        Cause.PAID_IN_OURS: Decimal("-400.00"), Cause.NOT_IN_THEIRS: Decimal("250.00"),
        Cause.NOT_IN_OURS: Decimal("-77.00"), Cause.CREDIT_NOTE: Decimal("-50.00"),
    }  # fmt: skip


def test_instalments_are_compared_as_one_paper(session, customer):
    a_charge(session, customer, number="F-1", instalments=[(TODAY, "60.00"), (SOON, "40.00")])
    [line] = compared(session, customer, ("F-1", "100.00")).lines
    assert line.cause is Cause.AGREES


def test_a_payment_of_the_next_days_explains_what_they_no_longer_list(session, customer):
    charge = a_charge(session, customer, number="F-1", amount="100.00", due_on=TODAY - timedelta(days=20))
    pay(session, customer, charge, amount="100.00", paid_on=TODAY)
    found = compared(session, customer, ("F-5", "1.00"), cut_on=TODAY - timedelta(days=1))
    assert {one.cause for one in found.lines} == {Cause.PAID_AFTER_CUT, Cause.NOT_IN_OURS}


def test_what_was_closed_by_the_cut_is_known_as_ours(session, customer):
    charge = a_charge(session, customer, number="F-1", amount="100.00")
    pay(session, customer, charge, amount="100.00")
    [line] = compared(session, customer, ("F-1", "100.00")).lines
    assert line.cause is Cause.PAID_IN_OURS


def test_an_unapplied_payment_that_fits_is_found(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    a_payment(session, customer, number="P-1", amount="100.00")
    found = compared(session, customer, ("F-2", "1.00"))
    assert [one.evidence for one in found.lines if one.cause is Cause.PAID_NOT_APPLIED] == ["P-1", "F-1"]


@pytest.mark.parametrize(("asked", "refusal"), [({"theirs": []}, ListIsEmpty), ({"cut_on": SOON}, CutInTheFuture)])
def test_what_cannot_be_compared_is_refused(session, customer, asked, refusal):
    with pytest.raises(refusal):
        compared(session, customer, **asked)


def test_unidentified_money_is_named_to_who_may_see_it_only(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    a_payment(session, None, number="D-1", amount="100.00")
    found = {
        actor.role: {one.evidence for one in compared(session, customer, ("X", "1.00"), actor=actor).lines}
        for actor in (ANA, an_actor(Role.CASHIER))
    }
    assert found == {Role.COLLECTOR: {None}, Role.CASHIER: {None, "D-1"}}


def test_only_who_may_reconcile_and_sees_the_customer(session, customer):
    with pytest.raises(CustomerNotFound):
        compared(session, customer, ("F-1", "1.00"), actor=EVA)
    with pytest.raises(NotAllowed):
        compared(session, customer, ("F-1", "1.00"), actor=an_actor(Role.AUDITOR))
    one = saved(session, customer, ("F-1", "1.00"))
    with pytest.raises(ReconciliationNotFound):
        card(session, EVA, one.id)
    assert reconciliations(session, EVA) == []


def test_it_is_kept_as_it_was_compared_whatever_the_books_do_afterwards(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    one = saved(session, customer, ("F-1", "90.00"), submission="s1")
    assert saved(session, customer, ("F-1", "90.00"), submission="s1").id == one.id
    a_charge(session, customer, number="F-2", amount="5.00")
    found = card(session, ANA, one.id)
    assert (found.number, found.gap, found.explained, found.state) == (
        "CON-00001" if one.id == 1 else one.number, Decimal("10.00"), Decimal("10.00"), State.DRAFT,
    )  # fmt: skip
    assert [(row.our_number, row.cause) for row in found.lines] == [("F-1", "amount")]
    assert [row.name for row in listed(session, ANA, "reconciliation", one.id)] == ["lista.csv"]


def test_a_cause_may_be_judged_anew_but_never_to_hide_a_difference(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    one = saved(session, customer, ("F-1", "90.00"))
    [line] = card(session, ANA, one.id).lines
    judge_line(session, ANA, reconciliation_id=one.id, line_id=line.id, cause=Cause.CREDIT_NOTE, remark="Falta la NC 8")
    [line] = card(session, ANA, one.id).lines
    assert (line.found_cause, line.cause, line.remark) == ("amount", "credit_note", "Falta la NC 8")
    with pytest.raises(CauseDoesNotFit):
        judge_line(session, ANA, reconciliation_id=one.id, line_id=line.id, cause=Cause.AGREES)


def test_signing_raises_a_task_for_us_a_promise_for_them_and_a_follow_up(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    one = saved(session, customer, ("F-1", "90.00"))
    of = {"reconciliation_id": one.id, "today": TODAY, "due_on": SOON}
    agree(session, ANA, **of, party=Party.US, owner="ana", text="Emitir nota de crédito")
    agree(session, ANA, **of, party=Party.THEM, owner="Luis Paz", text="Pagar", amount=Decimal("90.00"), document="F-1")
    agree(session, ANA, **of, party=Party.THEM, owner="Luis Paz", text="Mandar contrarecibo")
    dropped = agree(session, ANA, **of, party=Party.US, owner="ana", text="No va")
    withdraw_agreement(session, ANA, reconciliation_id=one.id, agreement_id=dropped.id)
    assert session.scalar(select(func.count()).select_from(Task)) == 0
    signed(session, one)
    waiting = tasks(session, ANA, as_of=TODAY)
    assert [task.title for task in waiting] == [
        f"Conciliación {one.number}: Emitir nota de crédito",
        f"Conciliación {one.number}: Luis Paz: Mandar contrarecibo",
    ]
    promise = session.scalars(select(Promise)).one()
    assert (promise.amount, promise.promised_on, promise.contact) == (Decimal("90.00"), SOON, "Luis Paz")
    assert [row.promise for row in card(session, ANA, one.id).agreements] == [None, promise.number, None]
    [listed_] = reconciliations(session, ANA)
    assert (listed_.state, listed_.agreed, listed_.fulfilled) == (State.SIGNED, 2, 0)


def test_a_promise_that_cannot_be_made_leaves_the_minute_unsigned(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    one = saved(session, customer, ("F-1", "90.00"))
    agree(
        session, ANA, reconciliation_id=one.id, today=TODAY, due_on=SOON, party=Party.THEM, owner="Luis",
        text="Pagar", amount=Decimal("90.00"), document="F-1",
    )  # fmt: skip
    record_promise(
        session, ANA, customer_id=customer.id, amount=Decimal("1.00"), currency="MXN", made_on=TODAY,
        promised_on=SOON, documents=["F-1"],
    )  # fmt: skip
    with pytest.raises(AlreadyPromised), session.begin_nested():
        signed(session, one)
    session.expire_all()
    assert card(session, ANA, one.id).state is State.DRAFT


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"signature": None}, SignatureMissing), ({"signature": ("a.txt", b"x")}, SignatureNotUsable),
     ({"signature": ("a.png", b"x")}, AttachmentNotUsable), ({"their_signer": " "}, SignerMissing)],
)  # fmt: skip
def test_a_minute_is_signed_by_both_with_a_signature(session, customer, asked, refusal):
    one = saved(session, customer, ("F-1", "90.00"))
    with pytest.raises(refusal):
        signed(session, one, **asked)


def test_after_signing_nothing_changes_any_more(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    one = saved(session, customer, ("F-1", "90.00"))
    [line] = card(session, ANA, one.id).lines
    signed(session, one)
    of = {"reconciliation_id": one.id}
    for change in (
        lambda: judge_line(session, ANA, **of, line_id=line.id, cause=Cause.CREDIT_NOTE),
        lambda: agree(session, ANA, **of, party=Party.US, owner="ana", text="x", today=TODAY, due_on=SOON),
        lambda: discard(session, ANA, **of, today=TODAY),
        lambda: signed(session, one),
    ):
        with pytest.raises(SignedAlready):
            change()


def test_the_database_itself_keeps_what_was_compared(session, customer):
    one = saved(session, customer, ("F-1", "90.00"))
    for statement in (
        update(Reconciliation).values(our_balance=Decimal("1.00")),
        update(ReconciliationLine).values(their_amount=Decimal("1.00")),
        delete(ReconciliationLine),
    ):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(statement)
    assert one.number.startswith("CON-")


def test_a_discarded_one_stays_in_the_history(session, customer):
    one = saved(session, customer, ("F-1", "90.00"))
    discard(session, ANA, reconciliation_id=one.id, today=TODAY)
    with pytest.raises(DiscardedAlready):
        signed(session, one)
    assert [row.state for row in reconciliations(session, ANA, state=State.DISCARDED)] == [State.DISCARDED]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"text": " "}, TextMissing), ({"owner": "nadie"}, OwnerNotFound),
     ({"due_on": TODAY - timedelta(days=1)}, DueBeforeCut)],
)  # fmt: skip
def test_an_agreement_needs_a_text_a_day_and_somebody_who_is_there(session, customer, asked, refusal):
    one = saved(session, customer, ("F-1", "90.00"))
    values = {"party": Party.US, "owner": "ana", "text": "Revisar", "due_on": SOON, "today": TODAY}
    with pytest.raises(refusal):
        agree(session, ANA, reconciliation_id=one.id, **(values | asked))


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", ("Minuta de conciliación", "Según el cliente", "Importe distinto", "Los renglones explican toda")),
     ("en", ("Reconciliation minute", "According to the customer", "Different amount", "explain the whole"))],
)  # fmt: skip
def test_the_minute_tells_parties_balances_differences_and_agreements(session, customer, language, words):
    a_charge(session, customer, number="F-1", amount="100.00")
    a_charge(session, customer, number="F-2", amount="5.00")
    one = saved(session, customer, ("F-1", "90.00"), ("F-2", "5.00"))
    agree(
        session, ANA, reconciliation_id=one.id, today=TODAY, due_on=SOON, party=Party.US, owner="ana", text="Emitir NC"
    )
    signed(session, one, language=language, their_position="Cuentas por pagar")
    paper = next(row for row in listed(session, ANA, "reconciliation", one.id) if row.name.startswith("minut"))
    reader = PdfReader(io.BytesIO(content_of(session, ANA, paper.id).content))
    said = " ".join(page.extract_text() for page in reader.pages)
    plain = " ".join(said.split())
    for wanted in (
        *words, one.number, "Aceros del Norte", "$105.00", "$95.00", "$10.00", "F-1", "10.00", "Emitir NC",
        "Ana Treviño", "Luis Paz", "Cuentas por pagar", "31/03/2026",
    ):  # fmt: skip
        assert wanted in plain, wanted
    assert sum(len(page.images) for page in reader.pages) == 1


def test_the_workbook_has_every_line_and_its_sums(session, customer):
    a_charge(session, customer, number="F-1", amount="100.00")
    a_charge(session, customer, number="F-2", amount="5.00")
    one = saved(session, customer, ("F-2", "5.00"), ("F-1", "90.00"))
    [sheet] = sheets(card(session, ANA, one.id))
    assert [(row[0], row[7], row[8]) for row in sheet.rows] == [
        ("F-1", Decimal("10.00"), "Importe distinto"), ("F-2", Decimal("0.00"), "Coincide"),
    ]  # fmt: skip
