"""The agenda on the screen: four counts, the views, one card a customer with its reasons and the next step."""

from decimal import Decimal
from enum import StrEnum

import streamlit as st

from core.auth.actor import Actor, Permission
from core.clock import today
from core.collections.agenda import Agenda
from core.collections.collected import Collected
from core.collections.queries import collectors
from core.collections.reasons import last_talk, reasons, waits, when
from core.collections.rules import REASON_LABELS, Aside, Reason
from core.collections.worklist import Candidate, View
from core.i18n import N_, _, money, plural
from core.supervision.goals import goals
from pages.ui import contact_form, figures, frame, kept, menu
from pages.ui.text import plain


class Shown(StrEnum):
    """A part of the agenda, by its name in the address."""

    TODO = "por-contactar"
    DUE_TODAY = "vencen-hoy"
    BROKEN = "rotas"
    WAITING = "en-espera"
    DONE = "hechas"

    @property
    def view(self) -> View:
        """What of the work list it shows; what was done today shows none of it."""
        return View[self.name] if self is not Shown.DONE else View.TODO


_LABELS = {
    Shown.TODO: N_("Por contactar"), Shown.DUE_TODAY: N_("Vencen hoy"), Shown.BROKEN: N_("Rotas"),
    Shown.WAITING: N_("En espera"), Shown.DONE: N_("Hechas"),
}  # fmt: skip

#: The signs of what must be seen at once.
_CHIPS = {
    Reason.PROMISE_BROKEN: ("red", "heart_broken", N_("Promesa rota")),
    Reason.PROMISE_DUE_TODAY: ("orange", "event", N_("Promesa vence hoy")),
    Reason.PROMISE_PARTLY_KEPT: ("yellow", "contrast", N_("Promesa a medias")),
    Reason.CREDIT_BLOCKED: ("violet", "block", N_("Crédito bloqueado")),
    Reason.NEXT_ACTION_DUE: ("blue", "flag", N_("Siguiente paso")),
}
_WAITS = {
    Aside.LEGAL: ("violet", "gavel", N_("Legal o despacho")),
    Aside.DISPUTE: ("violet", "forum", N_("En aclaración")),
    Aside.PROMISE: ("blue", "event_available", N_("Promesa vigente")),
    Aside.NEXT_ACTION: ("blue", "flag", N_("Siguiente paso")),
    Aside.QUIET: ("gray", "bedtime", N_("Contactado")),
}


def whose(actor: Actor) -> str | None:
    """The collector whose agenda is shown; asked of whoever sees the customers of several."""
    names = dict(kept.read(collectors, actor))
    if actor.may(Permission.RECORD_CONTACT) and actor.name in names and len(names) == 1:
        return None
    if len(names) < 2:
        return None
    chosen: str | None = st.selectbox(
        _("Gestor"), list(names), index=None, format_func=lambda one: names[one], key="gestor", width=210,
        placeholder=_("Todos los gestores"), label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    return chosen


def part() -> Shown:
    """The part of the agenda that the address names; one that is unknown is the first."""
    named = st.query_params.get("vista", "")
    return Shown(named) if named in set(Shown) else Shown.TODO


def counts(found: Agenda, goal: Decimal | None) -> None:
    """How many to contact, promises due today and broken, what came in this month beside its `goal`."""
    by_view = found.list.counts
    month = figures.month_name(f"{found.list.as_of:%Y-%m}").split(" ")[0]
    todo, due, broken = by_view[View.TODO], by_view[View.DUE_TODAY], by_view[View.BROKEN]
    cards = (
        (_("Por contactar"), f"{todo.customers:,}", _("vencido {amount}").format(amount=money(todo.amount))),
        (_("Promesas que vencen hoy"), f"{due.customers:,}", _("por {amount}").format(amount=money(due.amount))),
        (_("Promesas rotas"), f"{broken.customers:,}", _("por {amount}").format(amount=money(broken.amount))),
        (_("Cobrado en {month}").format(month=month), figures.compact(found.collected.this_month),
         _collected(found.collected, goal)),
    )  # fmt: skip
    with st.grid(4, min_column_width=158):
        for place, (label, value, about) in enumerate(cards):
            with frame.card(f"agenda-{place}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(about))


def goal_of(actor: Actor, collector: str | None) -> Decimal | None:
    """What the collector of the agenda should bring in this month; None where there is no goal."""
    found = kept.read(goals, actor, month=f"{today():%Y-%m}").get(collector or actor.name)
    return found.recovered if found else None


def _collected(found: Collected, goal: Decimal | None) -> str:
    told = money(found.this_month)
    if goal:
        share = figures.percent(found.this_month * 100 / goal)
        return _("{share} de la meta").format(share=share) + f" · {told}"
    if found.month_before > 0:
        share = figures.percent(found.this_month * 100 / found.month_before)
        told += " · " + _("{share} del mes pasado al mismo día").format(share=share)
    return told


def page_number() -> int:
    """Which page of the list; what the address says at first, when it is a number."""
    asked = str(st.session_state.get("pagina") or st.query_params.get("pagina", "1"))
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def views(found: Agenda, shown: Shown) -> None:
    """The parts with how many each has; the choice goes into the address by its name, not by its count."""
    how_many = {one: found.list.counts[one.view].customers for one in Shown} | {Shown.DONE: found.done.found}
    st.session_state.setdefault("agenda_parte", shown)
    st.segmented_control(
        _("Parte de la agenda"), list(Shown), format_func=lambda one: f"{_(_LABELS[one])} ({how_many[one]:,})",
        required=True, key="agenda_parte", label_visibility="collapsed", on_change=_change,
    )  # fmt: skip


def _change() -> None:
    st.query_params["vista"] = st.session_state["agenda_parte"]
    st.session_state["pagina"] = 1


def card(place: int, row: Candidate, found: Agenda, actor: Actor) -> None:
    """One customer: why, how much, when contacted last; to call and to record."""
    as_of, known = found.list.as_of, found.known
    with (
        frame.card(f"cliente-{row.code}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"fila-{row.code}"),
    ):
        with st.container(key=f"motivos-{row.code}", gap="xxsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                name = f"**{place}. {plain(row.name)}**" if row.aside is None else f"**{plain(row.name)}**"
                if st.button(name, key=f"abrir_{row.code}", type="tertiary"):
                    menu.go("customer", cliente=row.code)
                st.markdown(_chips(row), width="content")
            st.markdown(_why(row, found))
        with st.container(key=f"debe-{row.code}", gap="xxsmall", width=150):
            st.markdown(f"**{plain(money(row.overdue))}**  \n:gray[{plain(_late(row, found))}]")
        with st.container(key=f"ultimo-{row.code}", gap="xxsmall", width=160):
            points = plural("{n} punto", "{n} puntos", row.score)
            st.markdown(f"**{plain(points)}**  \n:gray[{plain(last_talk(row, as_of, known))}]")
        _buttons(place, row, actor)


def _chips(row: Candidate) -> str:
    if row.aside is not None:
        colour, icon, word = _WAITS[row.aside]
        return f":{colour}-badge[:material/{icon}: {_(word)}]"
    told = [_CHIPS[reason] for reason in _CHIPS if reason in row.points]
    return " ".join(f":{colour}-badge[:material/{icon}: {_(word)}]" for colour, icon, word in told[:2])


def _why(row: Candidate, found: Agenda) -> str:
    as_of, known = found.list.as_of, found.known
    if row.aside is not None:
        return plain(waits(row, as_of, known))
    told = reasons(row, as_of, known)
    return " · ".join(f"{plain(one.detail)} :gray[+{one.points}]" for one in told)


def _late(row: Candidate, found: Agenda) -> str:
    days = row.days_overdue(found.list.as_of)
    if row.overdue <= 0:
        return _("vence el {day}").format(day=when(row.next_due_on, found.list.as_of)) if row.next_due_on else ""
    return plural("vencido, {n} día", "vencido, {n} días", days or 0)


def _buttons(place: int, row: Candidate, actor: Actor) -> None:
    with st.container(horizontal=True, width="content", gap="xsmall", key=f"botones-{row.code}"):
        if number := contact_form.dialled(row.phone):
            st.link_button(_("Llamar"), f"tel:{number}", icon=":material/call:", key=f"llamar_{row.code}")
        if actor.may(Permission.RECORD_CONTACT) and st.button(
            _("Registrar"), key=f"registrar_{row.code}", icon=":material/edit_note:",
            type="primary" if place == 1 and row.aside is None else "secondary",
        ):  # fmt: skip
            contact_form.open_for(row.code)


def how_it_is_ordered(found: Agenda, actor: Actor) -> None:
    """The points of each reason, as the strategy of most customers has them."""
    with st.popover(_("¿Cómo se ordena?"), icon=":material/help:", type="tertiary"):
        points = found.list.strategies.of(None).points
        st.markdown(_("Cada motivo da puntos; va primero quien suma más, y entre iguales quien más debe."))
        most = {
            Reason.PROMISE_BROKEN: points.promise_broken, Reason.PROMISE_DUE_TODAY: points.promise_due_today,
            Reason.PROMISE_PARTLY_KEPT: points.promise_partly_kept, Reason.NEXT_ACTION_DUE: points.next_action_due,
            Reason.OVERDUE_AMOUNT: points.amount[-1][1] if points.amount else 0,
            Reason.DAYS_OVERDUE: points.days[-1][1] if points.days else 0,
            Reason.CREDIT_BLOCKED: points.credit_blocked, Reason.GROWING_DELAY: points.growing_delay,
            Reason.RISK: points.of_risk, Reason.NO_CONTACT: points.silence[-1][1] if points.silence else 0,
        }  # fmt: skip
        told = sorted(most.items(), key=lambda one: -one[1])
        st.markdown("  \n".join(f"{_(REASON_LABELS[reason])} :gray[{_('hasta')} +{given}]" for reason, given in told))
        st.markdown(
            _("Descansa quien tiene una aclaración, una promesa vigente o una gestión reciente, y quien está en legal.")
        )
        if menu.can_open(actor, "strategies"):
            menu.link("strategies", _("Cambiar la estrategia"))


def label(shown: Shown) -> str:
    """The name of a part."""
    return _(_LABELS[shown])


def nobody(shown: Shown) -> tuple[str, str]:
    """Title and text where a part of the agenda is empty."""
    return {
        Shown.TODO: (_("Nadie por contactar"), _("Lo vencido está pagado, prometido o en espera. Vuelva mañana.")),
        Shown.DUE_TODAY: (_("Ninguna promesa vence hoy"), _("Las de otros días están en Promesas.")),
        Shown.BROKEN: (_("Ninguna promesa rota"), _("Lo prometido se cumplió, o ya volvió a prometerse.")),
        Shown.WAITING: (_("Nadie en espera"), _("Aquí espera quien tiene aclaración, promesa o gestión.")),
    }.get(shown, (_("Nada aquí"), ""))  # fmt: skip
