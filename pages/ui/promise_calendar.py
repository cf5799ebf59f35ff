"""Three weeks of what is promised: each day with its sum and how its promises stand; a tap lists them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st
from babel.dates import format_date

from core.auth.actor import Actor
from core.clock import today
from core.i18n import _, language, money
from core.importers.dates import FIRST_YEAR, LAST_YEAR
from core.money import ZERO
from core.promises.days import country, holiday
from core.promises.figures import DaySum, by_day
from core.promises.words import PromiseStatus, status_sign, status_word
from pages.ui import frame, guard, kept
from pages.ui.promise_list import COLOURS, Asked
from pages.ui.text import plain

WEEKS = 3
_DAY = timedelta(days=1)
_STATES = (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT, PromiseStatus.BROKEN, PromiseStatus.PENDING)


def chosen_day() -> date | None:
    """The day of the calendar whose promises are listed, from the address."""
    return _read("dia")


def back() -> None:
    """While one day is listed: the way back to all of the view."""
    if chosen_day() is not None:
        st.button(_("Ver todos los días"), key="calendar_to_all", type="tertiary", on_click=_forget)


def _forget() -> None:
    st.query_params.pop("dia", None)


def show(actor: Actor, asked: Asked, currency: str) -> None:
    """The calendar of one currency: last week, this one and the next, or those that ‹ and › led to."""
    first = _monday(_read("semana") or today() - 7 * _DAY)
    last = first + (7 * WEEKS - 1) * _DAY
    wanted = asked.base(currency)._replace(start=first, end=last)
    days = kept.read(by_day, actor, as_of=today(), wanted=wanted)
    with frame.card("calendar"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"### {_('Calendario de lo prometido')}")
            st.space("stretch")
            with st.container(horizontal=True, vertical_alignment="center", width="content", wrap=False):
                _step(first, -1)
                st.markdown(_span(first, last - 2 * _DAY), width="content")
                _step(first, 1)
        _weeks(first, days)
        legend = " · ".join(f"{status_sign(one)} {status_word(one).lower()}" for one in _STATES)
        st.caption(f"{legend}. {_('Toque un día para ver sus promesas.')}")
        _holidays(first, last)


def _weeks(first: date, days: Sequence[DaySum]) -> None:
    """Five days a row; a weekend only where something is promised for it, or it is today."""
    by_date: dict[date, list[DaySum]] = {}
    for part in days:
        by_date.setdefault(part.day, []).append(part)
    for monday in (first + 7 * n * _DAY for n in range(WEEKS)):
        with st.grid(5, min_column_width=104, gap="xsmall"):
            for one in (monday + n * _DAY for n in range(5)):
                _cell(one, by_date.get(one, []))
        weekend = [one for one in (monday + 5 * _DAY, monday + 6 * _DAY) if one in by_date or one == today()]
        if weekend:
            with st.grid(2, min_column_width=104, gap="xsmall"):
                for one in weekend:
                    _cell(one, by_date.get(one, []), flat=True)


def _cell(on: date, parts: Sequence[DaySum], *, flat: bool = False) -> None:
    """A day as a button, `flat` in one line; today and the chosen one are framed by their keys."""
    between = " " if flat else "  \n"
    mark = "now" if on == today() else "chosen" if on == chosen_day() else "day"
    if not parts:
        label = f"{_heading(on)}{between}{_('sin promesas')}"
    else:
        chips = " ".join(
            f":{COLOURS[part.status]}-badge[{status_sign(part.status)} {part.promises}]"
            for status in _STATES for part in parts if part.status == status
        )  # fmt: skip
        label = f"{_heading(on)}{between}**{plain(money(_sum(parts)))}**{between}{chips}"
    st.button(
        label, key=f"calendar_on_{mark}_{on:%Y%m%d}{'_wide' if flat else ''}", on_click=_choose, args=(on,),
        width="stretch", wrap=True, help=_holiday(on),
    )  # fmt: skip


def _sum(parts: Sequence[DaySum]) -> Decimal:
    return sum((part.amount for part in parts), ZERO)


def _heading(on: date) -> str:
    name = f"{format_date(on, 'EEE', locale=_locale()).rstrip('.')} {on.day}"
    if on == today():
        return f"**{_('hoy, {day}').format(day=name)}**"
    return _("{day}, festivo").format(day=name) if _holiday(on) else name


def _holiday(on: date) -> str | None:
    with guard.reading() as session:
        return holiday(on, country(session))


def _holidays(first: date, last: date) -> None:
    """The public holidays of these weeks by name."""
    days = (first + n * _DAY for n in range((last - first).days + 1))
    named = [f"{_short(on)}: {plain(name)}" for on in days if on.weekday() < 5 and (name := _holiday(on))]
    if named:
        st.caption(" · ".join(named))


def _step(first: date, weeks: int) -> None:
    icon, told = ("chevron_left", _("Semanas anteriores")) if weeks < 0 else ("chevron_right", _("Semanas siguientes"))
    st.button(
        "", icon=f":material/{icon}:", key=f"calendar_to_{icon}", help=told, on_click=_go,
        args=(first + 7 * WEEKS * weeks * _DAY,),
    )  # fmt: skip


def _go(first: date) -> None:
    st.query_params["semana"] = first.isoformat()


def _choose(on: date) -> None:
    """Lists the promises of a day; tapped again, those of the view."""
    if chosen_day() == on:
        _forget()
    else:
        st.query_params["dia"] = on.isoformat()


def _read(key: str) -> date | None:
    """A day of the address; none where no promise can be, for the weeks around it may not exist."""
    try:
        on = date.fromisoformat(str(st.query_params.get(key, "")))
    except ValueError:
        return None
    return on if FIRST_YEAR <= on.year <= LAST_YEAR else None


def _monday(on: date) -> date:
    return on - on.weekday() * _DAY


def _span(first: date, last: date) -> str:
    one = f"{first.day}" if first.month == last.month else _short(first)
    return f"{one} – {_short(last)}"


def _short(on: date) -> str:
    return format_date(on, "d MMM", locale=_locale()).rstrip(".")


def _locale() -> str:
    return "en" if language() == "en" else "es_MX"
