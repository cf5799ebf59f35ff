"""Supervision: productivity with its rows, portfolios given to others, meetings; for supervisors of their region."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlmodel import select

from core.auth.actor import Role
from core.auth.queries import actor_named
from core.collections.models import Contact
from core.customers.models import Customer
from core.db import reading, transaction
from core.supervision.goals import set_goal
from core.supervision.meeting_queries import MeetingState, meetings
from core.supervision.meetings import agree_in_meeting, call_meetings
from tests.build import TODAY, a_charge, a_customer, an_event, pay

PRODUCTIVITY, PORTFOLIOS = "pages/supervision/productivity.py", "pages/supervision/portfolios.py"
MEETINGS = "pages/supervision/meetings.py"


@pytest.fixture
def book(database, business_day, who):
    business_day(TODAY)
    for name, role, region in (
        ("ana", Role.COLLECTOR, None), ("eva", Role.COLLECTOR, None), ("jefa", Role.MANAGER, None),
        ("norte", Role.MANAGER, "Norte"),
    ):  # fmt: skip
        who(role, name, full_name=name.title(), region=region)
    with transaction() as session:
        for code, region, collector in (("C1", "Norte", "ana"), ("C2", "Sur", "ana"), ("C3", "Norte", "eva")):
            customer = a_customer(session, code, legal_name=f"Cliente {code}", region=region, collector=collector)
            charge = a_charge(session, customer, amount="1000.00", overdue_days=20)
            if code == "C1":
                pay(session, customer, charge, amount="400.00", paid_on=TODAY)
            session.add(
                Contact(
                    customer_id=customer.id or 0, at=datetime(2026, 3, 20, 16, tzinfo=UTC),
                    contacted_on=TODAY.replace(day=20), channel="call", outcome="promise", collector=collector,
                    event_id=an_event(session),
                )
            )  # fmt: skip


def texts(at):
    assert not at.exception, at.exception
    kinds = (at.title, at.markdown, at.caption, at.error, at.metric)
    return " ".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


@pytest.mark.parametrize("path", [PRODUCTIVITY, PORTFOLIOS, MEETINGS])
def test_who_does_not_supervise_is_refused(book, screen, path):
    assert "no es de su función" in texts(screen(path, "ana").run())
    assert "Su sesión terminó" in texts(screen(path).run())


def test_productivity_by_collector_with_goal_and_rows(book, screen):
    with transaction() as session:
        boss = actor_named(session, "jefa", origin="web")
        set_goal(session, boss, collector="ana", month="2026-03", recovered=Decimal("800.00"))
    at = screen(PRODUCTIVITY, "jefa").run()
    said = texts(at)
    table = at.dataframe[0].value
    assert list(table["name"]) == ["Ana", "Eva"]
    assert list(table["contacts"]) == [2, 1]
    assert list(table["recovered"]) == [Decimal("400.00"), Decimal("0.00")]
    assert next(iter(table["goal_pct"])) == Decimal("50.0")
    assert "50.0" in said
    assert len(at.dataframe[1].value) == 3
    assert list(at.dataframe[1].value["outcome"]) == ["Promete pagar"] * 3


@pytest.mark.parametrize(
    ("part", "rows"), [("Recuperado", 1), ("Por contactar", 3), ("Promesas hechas", 0), ("Promesas del periodo", 0)]
)
def test_every_figure_opens_its_rows(book, screen, part, rows):
    at = screen(PRODUCTIVITY, "jefa", detalle=part).run()
    said = texts(at)
    assert (len(at.dataframe) == 2 and len(at.dataframe[1].value) == rows) or "No hay renglones" in said


def test_a_regional_manager_sees_the_figures_of_his_region(book, screen):
    at = screen(PRODUCTIVITY, "norte").run()
    texts(at)
    assert list(at.dataframe[0].value["contacts"]) == [1, 1]
    assert set(at.dataframe[1].value["customer_code"]) == {"C1", "C3"}


def test_a_period_without_anything_says_so(book, screen):
    assert "No hay actividad" in texts(screen(PRODUCTIVITY, "jefa", desde="2020-01-01", hasta="2020-01-31").run())


def test_each_load_and_the_customers_to_choose_from(book, screen):
    at = screen(PORTFOLIOS, "jefa").run()
    texts(at)
    loads, customers = at.dataframe[0].value, at.dataframe[1].value
    assert dict(zip(loads["name"], loads["overdue"], strict=True)) == {
        "Ana": Decimal("1600.00"), "Eva": Decimal("1000.00"),
    }  # fmt: skip
    assert list(customers["code"]) == ["C2", "C3", "C1"]
    assert list(screen(PORTFOLIOS, "norte").run().dataframe[1].value["code"]) == ["C3", "C1"]


def test_chosen_customers_are_previewed_and_given_away(book, screen):
    at = screen(PORTFOLIOS, "jefa", region="Sur").run()
    at.toggle[0].set_value(True).run()
    next(one for one in at.multiselect if one.label == "Para quién").set_value(["eva"]).run()
    assert not at.exception
    assert dict(zip(at.dataframe[0].value["name"], at.dataframe[0].value["customers_then"], strict=True)) == {
        "Ana": 1, "Eva": 2,
    }  # fmt: skip
    next(one for one in at.text_input if one.label == "Motivo").set_value("Vacaciones").run()
    next(one for one in at.button if one.label.startswith("Reasignar 1 cliente")).click().run()
    texts(at)
    with reading() as session:
        assert {one.code: one.collector for one in session.scalars(select(Customer))}["C2"] == "eva"


def called(**more):
    with transaction() as session:
        boss = actor_named(session, "jefa", origin="web")
        asked = {"title": "Construcción", "held_on": TODAY, "today": TODAY, "attendees": ["ana"]} | more
        [one] = call_meetings(session, boss, **asked)
        agree_in_meeting(
            session, boss, meeting_id=one.id, text="Visitar la obra", owner="ana", due_on=TODAY, today=TODAY
        )
        return one.id


def test_the_calendar_says_so_when_it_is_empty_and_lists_meetings(book, screen):
    assert "No hay reuniones en este mes" in texts(screen(MEETINGS, "jefa").run())
    called()
    said = texts(screen(MEETINGS, "jefa").run())
    assert "Construcción" in said
    assert "0 de 1 acuerdos cumplidos" in said


def test_a_meeting_shows_agenda_agreements_and_is_closed(book, screen):
    meeting = called()
    at = screen(MEETINGS, "jefa", reunion=str(meeting)).run()
    said = texts(at)
    for wanted in ("Mayores vencidos", "Cliente C2", "$1,000.00 MXN", "Visitar la obra", "Ana"):
        assert wanted in said, wanted
    at.checkbox(key=f"came_{meeting}_ana").check().run()
    at.button(key="meeting_attendance").click().run()
    at.button(key="meeting_close").click().run()
    texts(at)
    with reading() as session:
        [row] = meetings(session, actor_named(session, "jefa", origin="web"), first=TODAY, last=TODAY)
    assert (row.state, row.came) == (MeetingState.CLOSED, 1)


def test_a_meeting_of_another_region_is_not_shown(book, screen):
    meeting = called()
    at = screen(MEETINGS, "norte", reunion=str(meeting)).run()
    assert "Visitar la obra" not in texts(at)
