"""The hours in which a customer may be called, by the clock of where he is."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from core.auth.actor import system
from core.collections.hours import hours_of, too_often
from core.policies.settings import BadSetting, set_setting
from tests.build import TODAY, a_customer
from tests.core.collections.builders import a_contact, days


@pytest.mark.parametrize(
    ("fields", "at", "local", "inside"),
    [
        # Mexico City is UTC-6: 7 to 22
        ({}, (13, 0), "07:00", True),
        ({}, (12, 59), "06:59", False),
        ({}, (3, 59), "21:59", True),
        ({}, (4, 0), "22:00", False),
        # Tijuana is UTC-7 in March: an hour later
        ({"country": "MX", "time_zone": "America/Tijuana"}, (13, 59), "06:59", False),
        ({"country": "MX", "time_zone": "America/Tijuana"}, (14, 0), "07:00", True),
        # Puerto Rico is UTC-4 all year: 8 to 21
        ({"country": "PR"}, (11, 59), "07:59", False),
        ({"country": "PR"}, (12, 0), "08:00", True),
        ({"country": "PR"}, (1, 0), "21:00", False),
        # New York is UTC-4 in March
        ({"country": "US"}, (12, 0), "08:00", True),
        # another country: its own zone, the strictest hours
        ({"country": "ES", "time_zone": "Europe/Madrid"}, (18, 59), "20:59", True),
        ({"country": "ES", "time_zone": "Europe/Madrid"}, (19, 0), "21:00", False),
        # a zone that is none: that of the country
        ({"country": "PR", "time_zone": "America/Nada"}, (12, 0), "08:00", True),
    ],
)
def test_the_hour_is_the_customers(
    session: Session, fields: dict[str, str], at: tuple[int, int], local: str, inside: bool
) -> None:
    found = hours_of(session, a_customer(session, **fields), datetime(2026, 3, 30, *at, tzinfo=UTC))
    assert (f"{found.local:%H:%M}", found.inside) == (local, inside)


def test_a_region_may_have_its_own_clock(session: Session) -> None:
    set_setting(session, system(), key="contact.zones", value="Noroeste=America/Tijuana")
    at = datetime(2026, 3, 30, 18, tzinfo=UTC)
    assert hours_of(session, a_customer(session, region="Noroeste"), at).local.hour == 11
    assert hours_of(session, a_customer(session, region="Centro"), at).local.hour == 12


def test_summer_time_comes_and_goes_where_it_does(session: Session) -> None:
    new_york, san_juan = a_customer(session, country="US"), a_customer(session, country="PR")
    winter, summer = datetime(2026, 1, 15, 12, 30, tzinfo=UTC), datetime(2026, 7, 15, 12, 30, tzinfo=UTC)
    assert [hours_of(session, new_york, at).inside for at in (winter, summer)] == [False, True]
    assert [hours_of(session, san_juan, at).inside for at in (winter, summer)] == [True, True]


def test_hours_are_settings(session: Session) -> None:
    set_setting(session, system(), key="contact.hours.MX", value="9-18")
    at = datetime(2026, 3, 30, 14, tzinfo=UTC)
    assert not hours_of(session, a_customer(session), at).inside


@pytest.mark.parametrize("value", ["22-7", "8", "8-25", "ocho-nueve", "8-8"])
def test_hours_that_are_none_are_refused(session: Session, value: str) -> None:
    with pytest.raises(BadSetting):
        set_setting(session, system(), key="contact.hours.MX", value=value)


@pytest.mark.parametrize("value", ["Norte=Marte/Olimpo", "America/Tijuana", "=America/Tijuana"])
def test_zones_that_are_none_are_refused(session: Session, value: str) -> None:
    with pytest.raises(BadSetting):
        set_setting(session, system(), key="contact.zones", value=value)


def test_called_as_often_as_the_company_wants_is_told(session: Session) -> None:
    customer = a_customer(session)
    set_setting(session, system(), key="contact.max_in_7_days", value="3")
    for ago, channel in ((0, "call"), (3, "whatsapp"), (7, "call"), (1, "email")):
        a_contact(session, customer, on=days(-ago), channel=channel)
    assert too_often(session, customer.id or 0, TODAY) is None
    a_contact(session, customer, on=days(-6))
    assert too_often(session, customer.id or 0, TODAY) == 3


def test_zero_never_warns(session: Session, business_day: Any) -> None:
    customer = a_customer(session)
    set_setting(session, system(), key="contact.max_in_7_days", value="0")
    a_contact(session, customer)
    assert too_often(session, customer.id or 0, TODAY) is None
