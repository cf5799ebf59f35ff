"""Review meetings: called, with an agenda from the data, agreements that are tasks, kept when they are closed."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.auth.actor import Role, system
from core.auth.users import create_user
from core.credit.blocks import set_block
from core.credit.models import BlockCode
from core.disputes.opening import open_dispute
from core.errors import NotAllowed
from core.portfolio.statement_files import Letterhead
from core.promises.recording import record_promise
from core.supervision.agenda import Section
from core.supervision.meeting_minute import as_pdf, told
from core.supervision.meeting_queries import MeetingState, meeting_card, meetings
from core.supervision.meetings import (
    AgreementInThePast,
    AgreementNeedsText,
    AttendeeNotFound,
    MeetingInThePast,
    MeetingNeedsTitle,
    MeetingNotFound,
    MeetingNotYet,
    MeetingOver,
    NobodyInvited,
    RegionNotYours,
    TimeNotRead,
    TooManyMeetings,
    agree_in_meeting,
    call_meetings,
    cancel_meeting,
    close_meeting,
    keep_attendance,
    move_meeting,
)
from core.tasks.doing import finish_task
from core.tasks.queries import tasks, unread
from tests.build import TODAY, a_charge, a_customer, an_actor
from tests.support.server import PASSWORD

BOSS = an_actor(Role.MANAGER, name="jefa")
NORTH = an_actor(Role.MANAGER, name="norte", region="Norte")
ANA = an_actor(Role.COLLECTOR, name="ana")
WEEK = timedelta(days=7)


@pytest.fixture
def team(session):
    for name, role in (("ana", "collector"), ("jefa", "manager")):
        create_user(session, system(), name=name, role=role, password=PASSWORD, full_name=name.title())
    return session


def called(session, actor=BOSS, **asked):
    values = {"title": "Construcción", "held_on": TODAY, "today": TODAY, "attendees": ["ana", "jefa"]}
    return call_meetings(session, actor, **(values | asked))


def agreed(session, meeting, text="Visitar la obra", **asked):
    values = {"owner": "ana", "due_on": TODAY + WEEK, "today": TODAY}
    return agree_in_meeting(session, BOSS, meeting_id=meeting.id, text=text, **(values | asked))


def of(card, section):
    return [one for one in card.topics if one.section is section]


def test_a_series_is_called_at_once_and_each_is_told_once(team):
    made = called(team, every_days=7, times=3, starts_at="09:30")
    assert [one.held_on for one in made] == [TODAY, TODAY + WEEK, TODAY + 2 * WEEK]
    assert [one.text for one in unread(team, ANA)] == ["Reunión «Construcción» el 31/03/2026"]
    listed = meetings(team, BOSS, first=TODAY, last=TODAY + WEEK)
    assert [(one.held_on, one.invited, one.state) for one in listed] == [
        (TODAY, 2, MeetingState.PLANNED), (TODAY + WEEK, 2, MeetingState.PLANNED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"title": " "}, MeetingNeedsTitle), ({"held_on": TODAY - WEEK}, MeetingInThePast),
     ({"starts_at": "9h"}, TimeNotRead), ({"times": 2}, TooManyMeetings),
     ({"times": 99, "every_days": 7}, TooManyMeetings),
     ({"attendees": []}, NobodyInvited), ({"attendees": ["nadie"]}, AttendeeNotFound),
     ({"actor": NORTH}, RegionNotYours), ({"actor": ANA}, NotAllowed)],
)  # fmt: skip
def test_what_cannot_be_called_is_refused(team, asked, refusal):
    with pytest.raises(refusal):
        called(team, **asked)


def test_the_agenda_is_made_from_the_data_of_its_part_of_the_portfolio(team):
    one = a_customer(team, "C1", segment="Obra", collector="ana", legal_name="Aceros")
    other = a_customer(team, "C2", segment="Otro")
    for customer, number in ((one, "F-1"), (other, "F-2")):
        a_charge(team, customer, amount="900.00", overdue_days=60, number=number)
    a_charge(team, one, amount="80.00", overdue_days=5, number="F-3")
    for number, made, promised, amount in (("F-1", 10, 5, "300.00"), ("F-3", 1, -3, "80.00")):
        record_promise(
            team, ANA, customer_id=one.id, amount=Decimal(amount), currency="MXN", documents=[number],
            made_on=TODAY - timedelta(days=made), promised_on=TODAY - timedelta(days=promised),
        )  # fmt: skip
    set_block(team, system(), customer_id=one.id, code=BlockCode.LEGAL, from_on=TODAY, reason="Demanda")
    open_dispute(
        team, system(), customer_id=one.id, document="F-1", amount=Decimal("10.00"), reason="price",
        opened_on=TODAY - timedelta(days=20), deadline_on=TODAY - timedelta(days=2),
    )  # fmt: skip
    [meeting] = called(team, segment="Obra")
    card = meeting_card(team, BOSS, meeting.id, as_of=TODAY)
    assert [(t.customer_code, t.amount) for t in of(card, Section.OVERDUE)] == [("C1", Decimal("980.00"))]
    assert [(t.amount, t.about) for t in of(card, Section.BROKEN)] == [(Decimal("300.00"), "broken")]
    assert [t.amount for t in of(card, Section.DUE)] == [Decimal("80.00")]
    assert [told(t) for t in of(card, Section.BLOCKED)] == ["en legal · Demanda · 31/03/2026"]
    assert len(of(card, Section.DISPUTES)) == 1


def test_an_agreement_is_a_task_and_its_fulfilment_is_counted(team):
    [meeting] = called(team)
    agreed(team, meeting)
    agreed(team, meeting, "Llamar al banco", owner="jefa")
    [task] = tasks(team, ANA, as_of=TODAY)
    assert task.title == "Reunión: Visitar la obra"
    finish_task(team, ANA, task_id=task.id, on=TODAY, result="Hecho")
    [row] = meetings(team, BOSS, first=TODAY, last=TODAY)
    assert (row.agreed, row.done, row.done_pct) == (2, 1, Decimal("50.0"))


def test_what_the_last_meeting_agreed_and_nobody_did_comes_first_in_the_next(team):
    first, second = called(team, every_days=7, times=2)
    [other] = called(team, segment="Otro")
    agreed(team, first)
    agreed(team, other, "De otro segmento")
    card = meeting_card(team, BOSS, second.id, as_of=TODAY + WEEK)
    assert [(t.about, t.who) for t in of(card, Section.PENDING)] == [("Visitar la obra", "Ana")]


def test_closing_keeps_the_agenda_and_ends_all_changes(team):
    customer = a_customer(team, "C1")
    a_charge(team, customer, amount="100.00", overdue_days=3)
    [meeting] = called(team)
    close_meeting(team, BOSS, meeting_id=meeting.id, today=TODAY)
    before = meeting_card(team, BOSS, meeting.id, as_of=TODAY).topics
    a_charge(team, customer, amount="900.00", overdue_days=3)
    assert meeting_card(team, BOSS, meeting.id, as_of=TODAY).topics == before
    for change in (
        lambda: agreed(team, meeting), lambda: close_meeting(team, BOSS, meeting_id=meeting.id, today=TODAY),
        lambda: cancel_meeting(team, BOSS, meeting_id=meeting.id, today=TODAY),
        lambda: keep_attendance(team, BOSS, meeting_id=meeting.id, attended={}),
    ):  # fmt: skip
        with pytest.raises(MeetingOver):
            change()


def test_a_meeting_is_moved_cancelled_and_not_closed_before_its_day(team):
    one, two = called(team, every_days=7, times=2)
    with pytest.raises(MeetingNotYet):
        close_meeting(team, BOSS, meeting_id=two.id, today=TODAY)
    move_meeting(team, BOSS, meeting_id=two.id, held_on=TODAY, today=TODAY, starts_at="10:00")
    cancel_meeting(team, BOSS, meeting_id=one.id, today=TODAY)
    states = {row.id: (row.state, row.starts_at) for row in meetings(team, BOSS, first=TODAY, last=TODAY)}
    assert states == {one.id: (MeetingState.CANCELLED, None), two.id: (MeetingState.PLANNED, "10:00")}


def test_a_regional_manager_has_his_region_only(team):
    [mine] = called(team, actor=NORTH, region="Norte")
    [other] = called(team)
    assert [row.id for row in meetings(team, NORTH, first=TODAY, last=TODAY)] == [mine.id]
    with pytest.raises(MeetingNotFound):
        meeting_card(team, NORTH, other.id, as_of=TODAY)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [({"text": " "}, AgreementNeedsText), ({"owner": "nadie"}, AttendeeNotFound),
     ({"due_on": TODAY - WEEK}, AgreementInThePast)],
)  # fmt: skip
def test_an_agreement_needs_text_owner_and_a_day_to_come(team, asked, refusal):
    [meeting] = called(team)
    with pytest.raises(refusal):
        agreed(team, meeting, **asked)


def test_the_minute_tells_who_came_what_was_seen_and_what_was_agreed(team):
    customer = a_customer(team, "C1", legal_name="Aceros del Norte", collector="ana")
    a_charge(team, customer, amount="1234.50", overdue_days=3)
    [meeting] = called(team)
    keep_attendance(
        team, BOSS, meeting_id=meeting.id, attended={"ana": True, "jefa": False}, notes="Subir la meta de abril"
    )
    agreed(team, meeting)
    close_meeting(team, BOSS, meeting_id=meeting.id, today=TODAY)
    paper = as_pdf(meeting_card(team, BOSS, meeting.id, as_of=TODAY), Letterhead("Cementos SA", ()))
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    for wanted in (
        "Minuta de reunión", "Construcción", "Ana", "Faltaron", "Jefa", "Mayores vencidos", "Aceros del Norte",
        "$1,234.50 MXN", "Subir la meta de abril", "Visitar la obra", "Cumplidos: 0 de 1 (0.0 %).", "Cementos SA",
    ):  # fmt: skip
        assert wanted in said, wanted
