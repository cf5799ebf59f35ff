"""Working days: the date that a promise is suggested for, and the holidays that the calendar names."""

from datetime import date

import pytest
from sqlmodel import Session

from core import i18n
from core.auth.actor import system
from core.policies.settings import set_setting
from core.promises.days import country, holiday, is_working, suggested, working_day


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 10), date(2026, 11, 17)), (date(2026, 11, 9), date(2026, 11, 17)),  # the 16th is a holiday
        (date(2026, 11, 14), date(2026, 11, 23)), (date(2026, 12, 25), date(2027, 1, 4)),
    ],
)  # fmt: skip
def test_the_suggested_date_is_a_working_day(session: Session, today: date, expected: date):
    assert suggested(session, today) == expected


def test_the_suggested_date_follows_the_setting(session: Session):
    set_setting(session, system(), key="promises.default_days", value="1")
    assert suggested(session, date(2026, 11, 10)) == date(2026, 11, 11)


def test_holidays_are_those_of_the_companys_country_in_the_language_of_the_reader(session: Session):
    assert country(session) == "MX"
    assert holiday(date(2026, 11, 16), "MX") == "Día de la Revolución"
    set_setting(session, system(), key="company.currency", value="USD")
    assert country(session) == "PR"
    i18n.use("en")
    assert holiday(date(2026, 7, 4), "PR") is not None
    assert holiday(date(2026, 11, 16), "PR") is None
    i18n.use("es")


def test_weekends_and_holidays_are_no_working_days():
    assert [is_working(date(2026, 11, day), "MX") for day in (13, 14, 15, 16, 17)] == [True, False, False, False, True]
    assert working_day(date(2026, 11, 14), "MX") == date(2026, 11, 17)
