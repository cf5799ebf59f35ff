"""Creating and editing customers: history, doubts about RFCs, two editors at once."""

from dataclasses import replace
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlmodel import col

from core import db
from core.audit.models import AuditEvent
from core.auth.actor import Role
from core.customers.editing import (
    CodeAlike,
    CodeTaken,
    CreditTermsNotYours,
    EditedMeanwhile,
    NeedsAnotherLook,
    ParentInCircle,
    ParentNotFound,
    ReasonMissing,
    create_customer,
    edit_customer,
    fields_of,
)
from core.customers.fields import CustomerFields
from core.customers.models import CustomerChange
from core.customers.queries import customer_card, history
from core.errors import DomainError, NotAllowed, SeveralRefusals
from tests.build import a_customer, an_actor

REAL = "GODE561231GR8"


def made(session, code="C1", *, actor=None, confirmed=False, **fields):
    fields.setdefault("legal_name", "Aceros del Norte")
    return create_customer(
        session, actor or an_actor(), code=code, fields=CustomerFields(**fields), confirmed=confirmed
    )


def edited(session, customer, *, actor=None, seen=None, reason="Lo pidió el cliente", confirmed=False, **changes):
    fields, version = fields_of(session, an_actor(), customer.id or 0)
    return edit_customer(
        session, actor or an_actor(), customer_id=customer.id or 0, fields=replace(fields, **changes),
        seen=version if seen is None else seen, reason=reason, confirmed=confirmed,
    )  # fmt: skip


def changes_of(session, customer):
    rows = session.scalars(select(CustomerChange).where(col(CustomerChange.customer_id) == customer.id))
    return [(row.field, row.before, row.after) for row in rows]


# ------------------------------------------------------------------ creating
def test_a_new_customer_has_its_event_and_can_be_found(session):
    customer = made(session, " 0012 ", legal_name=" Peñón, S.A. ", tax_id="gode-561231-gr8", terms_days=30)
    event = session.get_one(AuditEvent, customer.event_id)
    assert (event.action, event.entity_id, event.customer_id) == ("customer.created", "0012", customer.id)
    assert event.facts["fields"]["tax_id"] == REAL
    card = customer_card(session, an_actor(), "12")
    assert (card.code, card.legal_name, card.tax_id, card.terms_days) == ("0012", "Peñón, S.A.", REAL, 30)
    assert customer.search == "0012 penon, s.a. gode561231gr8"


def test_a_code_is_used_once_leading_zeros_aside(session):
    made(session, "0012")
    with pytest.raises(CodeTaken):
        made(session, "0012")
    with pytest.raises(CodeAlike, match="0012"):
        made(session, "12")


def test_who_may_not_grant_credit_makes_a_customer_without_any(session):
    customer = made(session, actor=an_actor(Role.CASHIER), terms_days=90, credit_limit=Decimal("5000.00"))
    assert (customer.terms_days, customer.credit_limit) == (0, Decimal("0.00"))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COLLECTOR, Role.SALES_REP, Role.AUDITOR, Role.COMMISSION_ANALYST])
def test_other_roles_may_not_create_or_edit(session, role):
    customer = made(session, region="Norte", collector="ana", sales_rep="ana")
    with pytest.raises(NotAllowed):
        made(session, "C2", actor=an_actor(role))
    with pytest.raises(NotAllowed):
        edited(session, customer, actor=an_actor(role), phone="1")


@pytest.mark.parametrize(
    "bad",
    [
        {"legal_name": " "}, {"legal_name": "x" * 251}, {"legal_name": "A\x00B"}, {"currency": "MXP"},
        {"language": "fr"}, {"country": "XX"}, {"time_zone": "America/Nowhere"}, {"status": "gone"},
        {"email": "sin arroba"}, {"terms_days": -1}, {"terms_days": 99_999}, {"credit_limit": Decimal("-0.01")},
        {"credit_limit": Decimal("0.001")}, {"credit_limit": Decimal("NaN")}, {"credit_limit": Decimal("1E+20")},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(session, bad):
    with pytest.raises(SeveralRefusals) as refusal:
        made(session, **bad)
    assert len(refusal.value.lines()) == 1
    assert session.scalar(select(AuditEvent)) is None


def test_all_reasons_are_told_at_once(session):
    with pytest.raises(SeveralRefusals) as refusal:
        made(session, legal_name="", email="x", currency="XXX")
    assert len(refusal.value.lines()) == 3


def test_several_addresses_are_fine(session):
    assert made(session, email="a@b.mx; c@d.com.mx").email == "a@b.mx; c@d.com.mx"


# ------------------------------------------------------------------ tax ids
def test_a_wrong_check_digit_warns_and_may_be_confirmed(session):
    with pytest.raises(NeedsAnotherLook, match="dígito verificador"):
        made(session, tax_id="VACE460910SX6")
    assert made(session, tax_id="VACE460910SX6", confirmed=True).tax_id == "VACE460910SX6"


def test_an_rfc_that_another_customer_has_warns_and_says_which(session):
    a_customer(session, "C9", legal_name="La Otra", tax_id="GODE-561231-GR8")
    with pytest.raises(NeedsAnotherLook, match="C9 La Otra"):
        made(session, tax_id=REAL)


def test_generic_rfcs_identify_nobody(session):
    made(session, "C1", tax_id="XAXX010101000")
    made(session, "C2", tax_id="XAXX010101000")
    made(session, "C3", tax_id="XEXX010101000", country="US")


def test_the_tax_id_of_a_foreigner_is_not_an_rfc(session):
    assert made(session, tax_id="12-3456789", country="us").tax_id == "12-3456789"


def test_an_edit_that_leaves_the_rfc_alone_asks_nothing_about_it(session):
    customer = made(session, tax_id="VACE460910SX6", confirmed=True)
    assert edited(session, customer, phone="81 1234 5678").phone == "81 1234 5678"


# ------------------------------------------------------------------ editing
def test_each_field_that_changes_is_kept_with_before_after_and_reason(session):
    customer = made(session, phone="1", credit_limit=Decimal("100.00"))
    edited(session, customer, phone=None, credit_limit=Decimal("2500.5"), legal_name="Áceros", reason="Renovación")
    assert changes_of(session, customer) == [
        ("legal_name", "Aceros del Norte", "Áceros"), ("credit_limit", "100.00", "2500.50"), ("phone", "1", None),
    ]  # fmt: skip
    assert customer.search == "c1 aceros"
    row, *_rest, born = history(session, an_actor(), customer.id or 0)
    assert (row.user, row.field, row.reason) == ("ana", "Teléfono", "Renovación")
    assert (born.field, born.after) == ("Alta", "C1")


def test_nothing_different_writes_nothing(session):
    customer = made(session)
    edited(session, customer, reason="")
    assert changes_of(session, customer) == []


def test_a_change_needs_its_reason(session):
    customer = made(session)
    with pytest.raises(ReasonMissing):
        edited(session, customer, phone="2", reason="  ")


@pytest.mark.parametrize("change", [{"terms_days": 60}, {"credit_limit": Decimal("1.00")}, {"credit_limit": None}])
def test_limit_and_terms_change_only_with_the_permission_of_credit(session, change):
    customer = made(session, terms_days=30, credit_limit=Decimal("500.00"))
    with pytest.raises(CreditTermsNotYours):
        edited(session, customer, actor=an_actor(Role.CASHIER), **change)
    edited(session, customer, actor=an_actor(Role.CASHIER), phone="3")
    edited(session, customer, actor=an_actor(Role.CREDIT_ANALYST), **change)


def test_a_parent_is_another_customer_without_a_circle(session):
    top, middle = made(session, "A"), made(session, "B", parent="A")
    low = made(session, "C", parent="B")
    for parent in ("A", "B", "C"):
        with pytest.raises(ParentInCircle):
            edited(session, top, parent=parent)
    with pytest.raises(ParentNotFound):
        edited(session, low, parent="Z")
    edited(session, low, parent="A")
    assert changes_of(session, low) == [("parent", "B", "A")]
    assert customer_card(session, an_actor(), "A").children == 2
    assert middle.parent_id == top.id


def test_the_second_of_two_editors_is_told_what_the_first_changed(session):
    customer = made(session, phone="1")
    edited(session, customer, actor=an_actor(name="luis"), seen=0, phone="2")
    with pytest.raises(EditedMeanwhile) as refusal:
        edited(session, customer, seen=0, phone="3")
    assert "luis cambió Teléfono de «1» a «2»" in refusal.value.lines()[0]
    assert "No se guardó nada" in refusal.value.lines()[-1]
    assert customer.phone == "2"


def test_what_an_import_left_untidy_may_stay_while_other_fields_change(session):
    customer = a_customer(session, "C1", email="sin arroba", time_zone="Centro")
    assert edited(session, customer, phone="4").phone == "4"


def test_two_editors_at_the_same_instant_end_as_one_after_the_other(database):
    with db.transaction() as session:
        customer = made(session)
    told: list[str] = []
    start = Barrier(2)

    def edit(phone: str) -> None:
        start.wait()
        try:
            with db.transaction() as session:
                edited(session, customer, seen=0, phone=phone)
            told.append("saved")
        except DomainError as refusal:
            told.append(type(refusal).__name__)

    threads = [Thread(target=edit, args=(phone,)) for phone in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["EditedMeanwhile", "saved"]
