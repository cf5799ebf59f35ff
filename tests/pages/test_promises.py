"""Promises on the screen: calendar, kept rates, list and its views, one promise, the tab of a customer, refusals."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.auth.actor import Role, system
from core.db import reading, transaction
from core.documents.models import Document
from core.files.csv import document
from core.promises.models import Promise, PromiseDocument
from core.promises.queries import Wanted
from core.promises.recording import record_promise
from pages.ui import promise_list, promise_view
from tests.build import TODAY, a_charge, a_customer, an_actor, pay

LIST, ONE, CUSTOMER = "pages/collections/promises.py", "pages/collections/promise.py", "pages/customers/customer.py"


def days(number: int):
    return TODAY + timedelta(days=number)


@pytest.fixture
def book(database, business_day):
    """Of C1 (ana): one broken, one kept, one due today; of C2 (luis): one for next week in dollars."""
    business_day("2026-03-31")
    with transaction() as session:
        one = a_customer(session, "C1", legal_name="Aceros", collector="ana", region="Norte")
        two = a_customer(session, "C2", legal_name="Ópalo", collector="luis", region="Sur")
        bills = [
            a_charge(session, one, number=f"F{at}", amount="1000.00", issued_on=days(-40), due_on=days(-20))
            for at in (1, 2, 3)
        ]
        a_charge(session, two, number="D1", amount="50.00", currency="USD", rate="18", issued_on=days(-40))

        def promise(owner, amount, made, due, *numbers, contact="Torres"):
            record_promise(
                session, an_actor(), customer_id=owner.id or 0, amount=Decimal(amount), currency=None,
                made_on=days(made), promised_on=days(due), documents=numbers, contact=contact,
            )  # fmt: skip

        promise(one, "600.00", -15, -5, "F1")
        promise(one, "400.00", -12, -2, "F2")
        pay(session, one, bills[1], amount="400.00", paid_on=days(-3))
        promise(one, "300.00", -4, 0, "F3")
        promise(two, "50.00", -4, 7, "D1")
        pay(session, one, bills[0], amount="100.00", paid_on=days(-1))


def numbers_of(at):
    assert not at.exception
    tables = [one.value for one in at.dataframe if "documents" in one.value]
    return list(tables[0]["documents"]) if tables else []


def texts(at):
    return " ".join(str(one.value) for kind in (at.title, at.markdown, at.caption) for one in kind)


def test_all_promises_that_due_today_first_then_what_failed(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente")).run()
    assert numbers_of(at) == ["F3", "F1", "D1", "F2"]
    assert "4 promesas" in texts(at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"vista": "Vencen hoy"}, ["F3"]), ({"vista": "Pendientes"}, ["F3", "D1"]), ({"vista": "Rotas"}, ["F1"]),
        ({"vista": "Cumplidas"}, ["F2"]), ({"gestor": "luis"}, ["D1"]), ({"dia": "2026-03-26"}, ["F1"]),
        ({"dia": "2026-03-26", "vista": "Cumplidas"}, []), ({"dia": "nunca"}, ["F3", "F1", "D1", "F2"]),
        ({"periodo": "Desde el principio"}, ["F3", "F1", "D1", "F2"]),
    ],
)  # fmt: skip
def test_views_and_filters_come_from_the_address(who, screen, book, query, expected):
    at = screen(LIST, who(Role.MANAGER, "gerente"), **query).run()
    assert numbers_of(at) == expected


def test_the_calendar_shows_three_weeks_with_sums_states_and_holidays(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente"), semana="2026-03-16").run()
    cells = {one.key: one.label for one in at.button if one.key.startswith("calendar_on")}
    assert len(cells) == 15 + 1  # a weekend only where something is promised for it
    assert "600\\.00" in cells["calendar_on_day_20260326"]
    assert "✕ 1" in cells["calendar_on_day_20260326"]
    assert "✓ 1" in cells["calendar_on_day_20260329_wide"]
    assert "hoy, mar 31" in cells["calendar_on_now_20260331"]
    assert "lun 16, festivo" in cells["calendar_on_day_20260316"]
    assert "Benito Juárez" in texts(at)


def test_a_tap_on_a_day_lists_it_and_a_second_one_all_again(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente")).run()
    at.button(key="calendar_on_day_20260326").click().run()
    assert numbers_of(at) == ["F1"]
    at.button(key="calendar_on_chosen_20260326").click().run()
    assert len(numbers_of(at)) == 4


def test_the_calendar_goes_on_and_back_by_three_weeks(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente")).run()
    at.button(key="calendar_to_chevron_right").click().run()
    assert "calendar_on_day_20260413" in {one.key for one in at.button}
    at.button(key="calendar_to_chevron_left").click().run()
    assert "calendar_on_now_20260331" in {one.key for one in at.button}


@pytest.mark.parametrize("week", ["9999-12-31", "0001-01-01", "2026-02-30", "semana"])
def test_a_week_that_cannot_be_shown_is_this_one(who, screen, book, week):
    at = screen(LIST, who(Role.MANAGER, "gerente"), semana=week).run()
    assert not at.exception
    assert "calendar_on_now_20260331" in {one.key for one in at.button}


def test_kept_rates_by_number_and_amount_of_one_currency(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente")).run()
    rates = next(one.value for one in at.dataframe if "count_pct" in one.value)
    assert [(row["name"], row["judged"], str(row["count_pct"]), str(row["amount_pct"])) for _, row in
            rates.iterrows()] == [("ana", 2, "50.00", "40.00"), ("Todas", 2, "50.00", "40.00")]  # fmt: skip
    dollars = screen(LIST, "gerente", moneda="USD").run()
    assert "Ninguna promesa ha terminado su plazo" in texts(dollars)


def test_kept_rates_by_customer(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gerente"), cumplimiento="Por cliente").run()
    rates = next(one.value for one in at.dataframe if "count_pct" in one.value)
    assert list(rates["name"]) == ["Aceros", "Todas"]


def test_a_collector_sees_the_promises_of_his_own_customers_and_no_choice_of_collectors(who, screen, book):
    at = screen(LIST, who(Role.COLLECTOR, "luis")).run()
    assert numbers_of(at) == ["D1"]
    assert "Gestor" not in {one.label for one in at.selectbox}


def test_without_promises_it_says_where_they_come_from(who, screen, database):
    at = screen(LIST, who(Role.MANAGER)).run()
    assert "Ninguna promesa con estos filtros" in texts(at)


@pytest.mark.parametrize("path", [LIST, ONE])
def test_who_may_not_see_it_is_refused(who, screen, book, path):
    role = Role.COMMISSION_ANALYST
    at = screen(LIST, who(role, "coms")).run()
    assert not at.dataframe
    nobody = screen(path).run()
    assert not nobody.dataframe


def test_in_english_it_speaks_english(who, screen, book):
    at = screen(LIST, who(Role.MANAGER, "gina", language="en")).run()
    assert not at.exception
    assert "Calendar of what is promised" in texts(at)
    assert "4 promises" in texts(at)


# ------------------------------------------------------------------ one promise
def number_of(document_number: str) -> str:
    with reading() as session:
        return session.execute(
            select(col(Promise.number))
            .join(PromiseDocument, col(PromiseDocument.promise_id) == col(Promise.id))
            .join(Document, col(Document.id) == col(PromiseDocument.document_id))
            .where(col(Document.number) == document_number)
        ).scalar_one()


def test_one_promise_shows_what_counted_and_what_came_late(who, screen, book):
    at = screen(ONE, who(Role.MANAGER, "gerente"), promesa=number_of("F1")).run()
    assert not at.exception
    assert [one.value for one in at.metric] == ["$600.00", "$0.00", "$100.00", "$600.00"]
    assert list(at.dataframe[0].value["counts"]) == ["Fuera de plazo"]
    assert "✕ Rota" in texts(at)


@pytest.mark.parametrize(
    ("role", "name", "buttons"),
    [(Role.COLLECTOR, "ana", True), (Role.MANAGER, "gerente", False), (Role.ADMIN, "jefa", True)],
)
def test_only_who_records_promises_can_change_a_pending_one(who, screen, book, role, name, buttons):
    at = screen(ONE, who(role, name), promesa=number_of("F3")).run()
    found = {one.key for one in at.button}
    assert ({"promise_reschedule", "promise_withdraw"} <= found) is buttons


def test_what_is_no_longer_pending_cannot_be_changed(who, screen, book):
    at = screen(ONE, who(Role.ADMIN), promesa=number_of("F2")).run()
    assert not {"promise_reschedule", "promise_withdraw"} & {one.key for one in at.button}


def test_a_promise_of_somebody_elses_customer_is_not_found(who, screen, book):
    at = screen(ONE, who(Role.COLLECTOR, "luis"), promesa=number_of("F1")).run()
    assert not at.metric
    assert not at.exception


def test_without_a_number_it_leads_to_the_list(who, screen, database):
    assert "Elija una promesa" in texts(screen(ONE, who()).run())


# ------------------------------------------------------------------ the tab of a customer
def test_a_customers_promises_with_how_many_were_kept(who, screen, book):
    at = screen(CUSTOMER, who(Role.COLLECTOR, "ana"), cliente="C1", vista="Promesas").run()
    assert numbers_of(at) == ["F3", "F1", "F2"]
    assert "**50.0" in texts(at)


# ------------------------------------------------------------------ files
def test_the_file_of_the_list_has_every_row_and_totals_by_currency(who, book):
    actor = system()
    wanted = Wanted()
    text = document(promise_list.sheet(actor, wanted, "todas"), heading=True, totals=True).decode("utf-8-sig")
    assert text.count("PR-0") == 4
    assert "Promesas de pago" in text


def test_the_file_of_one_promise_has_its_money(who, book):
    text = document(promise_view.sheet(system(), number_of("F1"))).decode("utf-8-sig")
    assert "100.00" in text


# ------------------------------------------------------------------ the fields of a promise, as dialogs draw them
@pytest.fixture
def fields(tmp_path, screen, book):
    """The fields alone, for C1 in pesos."""
    path = tmp_path / "fields.py"
    path.write_text(
        "from core.customers.visibility import customer_by_code\n"
        "from pages.ui import guard, promise_form\n"
        "import streamlit as st\n"
        "actor = guard.require()\n"
        "with guard.reading() as session:\n"
        "    one = customer_by_code(session, actor, 'C1')\n"
        "typed = promise_form.promise_fields(actor, customer_id=one.id, currency='MXN', form='x')\n"
        "st.text(f'{typed.amount_text}|{typed.promised_on}|{typed.documents}')\n",
        encoding="utf-8",
    )
    return lambda user: screen(str(path), user)


def test_the_suggested_date_is_a_working_day_a_week_on_and_nothing_chosen_is_on_account(who, fields):
    at = fields(who(Role.COLLECTOR, "ana")).run()
    assert not at.exception
    assert at.text[0].value == "|2026-04-07|()"
    assert "Sin documentos cuenta todo pago" in texts(at)


def test_the_documents_that_are_chosen_are_added_up_and_what_is_in_the_way_is_told(who, fields):
    at = fields(who(Role.COLLECTOR, "ana")).run()
    assert [option.split(" · ")[0] for option in at.multiselect[0].options] == ["F1", "F2", "F3"]
    at.multiselect[0].select("F1").run()
    assert at.text[0].value == "900.00|2026-04-07|('F1',)"
    assert "1 documento: $900.00 MXN" in texts(at).replace("\\", "")
    assert "Nivel 2" in texts(at)
    at.multiselect[0].select("F3").run()
    assert "Ya hay una promesa pendiente sobre esto" in texts(at)


def test_more_than_is_owed_is_told(who, fields):
    at = fields(who(Role.COLLECTOR, "ana")).run()
    at.text_input[0].input("9,999.00").run()
    assert "Es más de lo que debe" in texts(at)
