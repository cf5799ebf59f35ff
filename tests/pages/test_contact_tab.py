"""The timeline of a customer: contacts with their notes, letters and promises together."""

import pytest

from core.auth.actor import system
from core.collections.calls import annotate_contact
from core.customers.visibility import customer_by_code
from core.db import transaction
from tests.build import TODAY, a_charge, a_customer
from tests.core.collections.builders import a_contact, a_promise, days

PATH = "pages/customers/customer.py"


@pytest.fixture
def book(database, business_day):
    business_day(TODAY)
    with transaction() as session:
        one = a_customer(session, "C1", legal_name="Aceros", collector="ana")
        a_charge(session, one, overdue_days=20)
        old = a_contact(session, one, on=days(-9), outcome="call_back", notes="Pidió *estado* de cuenta", person="Rosa")
        a_contact(session, one, on=days(-2), outcome="Habló con $eñor", next_action="visit", next_action_on=days(3))
        a_promise(session, one, amount="120.00", made=-5, promised=1)
        annotate_contact(session, system(), contact_id=old.id or 0, text="Se mandó")


def texts(at):
    assert not at.exception
    kinds = (at.markdown, at.caption)
    return " ".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def test_what_was_done_is_told_the_latest_first_with_its_notes(who, screen, book):
    shown = texts(screen(PATH, who(), cliente="C1", vista="Gestiones").run())
    for told in ("Volver a llamar", "habló con Rosa", "Pidió *estado* de cuenta", "Se mandó", "Habló con $eñor",
                 "Visitar, 03/04/2026", "$120.00 MXN para el 01/04/2026"):  # fmt: skip
        assert told in shown
    assert shown.index("Habló con $eñor") < shown.index("Volver a llamar")


def test_the_collector_is_told_by_full_name(who, user, screen, book):
    with transaction() as session:
        a_contact(session, customer_by_code(session, system(), "C1"), on=TODAY, outcome="refuses", collector="ana.t")
    user("ana.t", "collector", full_name="Ana Treviño")
    shown = texts(screen(PATH, who(), cliente="C1", vista="Gestiones").run())
    assert "· Ana Treviño" in shown
    assert "ana.t" not in shown


@pytest.mark.parametrize(("outcome", "badge"), [
    ("refuses", ":red-badge[Se niega a pagar]"), ("promise", ":green-badge[Promete pagar]"),
    ("reminded", ":blue-badge[Se le recordó]"), ("no_answer", ":gray-badge[No contestó]"),
])  # fmt: skip
def test_a_refusal_does_not_look_like_good_news(who, screen, book, outcome, badge):
    with transaction() as session:
        a_contact(session, customer_by_code(session, system(), "C1"), on=TODAY, outcome=outcome)
    assert badge in texts(screen(PATH, who(), cliente="C1", vista="Gestiones").run())


def test_who_may_records_and_annotates_from_there(user, screen, book):
    at = screen(PATH, user("ana", "collector"), cliente="C1", vista="Gestiones").run()
    keys = [one.key or "" for one in at.button]
    assert "contact_new" in keys
    assert sum(key.startswith("nota_") for key in keys) == 2


def test_who_reads_only_reads(user, screen, book):
    at = screen(PATH, user("aud", "auditor"), cliente="C1", vista="Gestiones").run()
    assert not [one.key for one in at.button if (one.key or "").startswith(("nota_", "contact_new"))]


def test_nothing_done_says_so(who, screen, database, business_day):
    business_day(TODAY)
    with transaction() as session:
        a_customer(session, "C9")
    assert "Sin gestiones" in texts(screen(PATH, who(), cliente="C9", vista="Gestiones").run())


def test_his_promises_have_their_tab(who, screen, book):
    at = screen(PATH, who(), cliente="C1", vista="Promesas").run()
    assert not at.exception
    assert any("120" in str(one.value.values) for one in at.dataframe)
