"""The parts of the productivity screen: period, cards against the period before, charts, the table and its file."""

from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import values_of
from core.db import reading
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, amount, day, money, plural
from core.policies.rates import known_currencies
from core.supervision.goals import Goal, goals
from core.supervision.productivity import Asked, By, Productivity, productivity, whole
from core.supervision.rules import period_before, rate
from pages.ui import address, charts, columns, figures, frame, guard, kept, style

_BY = {By.COLLECTOR: N_("Por gestor"), By.REGION: N_("Por región")}
_MOST_BARS = 12
_ROW, _HEAD = 34, 30


def filters(actor: Actor) -> tuple[Asked, By]:
    """Period, currency, region and what a row is about; in the address."""
    with guard.reading() as session:
        currencies, regions = known_currencies(session), values_of(session, actor, "region")
    address.understood("por", _BY, lambda one: _(_BY[one]))
    by = st.segmented_control(
        _("Renglones"), list(_BY), default=By.COLLECTOR, format_func=lambda one: _(_BY[one]), required=True,
        key="por", bind="query-params",
    )  # fmt: skip
    start = st.date_input(
        _("Desde"), today().replace(day=1), max_value=today(), format="DD/MM/YYYY", key="desde", bind="query-params",
        width=140,
    )  # fmt: skip
    end = st.date_input(
        _("Hasta"), today(), min_value=start, format="DD/MM/YYYY", key="hasta", bind="query-params", width=140
    )
    region = st.selectbox(
        _("Región"), regions, index=None, placeholder=_("Todas"), key="region", bind="query-params", width=150
    )
    currency = st.selectbox(_("Moneda"), currencies, key="moneda", bind="query-params", width=90)
    return Asked(start, max(start, end), currency or currencies[0], today(), region), by


def read(actor: Actor, asked: Asked, by: By) -> tuple[list[Productivity], Productivity, Productivity]:
    """The rows, everything in one row, and the same of the period before."""
    start, end = period_before(asked.start, asked.end)
    rows = kept.read(productivity, actor, asked=asked, by=by)
    return rows, kept.read(whole, actor, asked=asked), kept.read(
        whole, actor, asked=asked._replace(start=start, end=end)
    )  # fmt: skip


def of_month(actor: Actor, asked: Asked) -> dict[str, Goal]:
    """The goals in force in the month of the period's end."""
    with guard.reading() as session:
        return goals(session, actor, month=f"{asked.end:%Y-%m}")


def whole_goal(rows: list[Productivity], goal: dict[str, Goal]) -> Decimal | None:
    """What those of the rows should recover together; None: nobody has a goal."""
    wanted = [found.recovered for one in rows if (found := goal.get(one.key)) and found.recovered is not None]
    return sum(wanted, Decimal("0.00")) if wanted else None


def cards(now: Productivity, before: Productivity, goal: Decimal | None, asked: Asked) -> None:
    """Five figures, each with the period before and its formula."""
    shown: list[tuple[str, str, str, str]] = [
        (_("Contactos"), f"{now.contacts:,}", _was(f"{before.contacts:,}"),
         _("Intentos; {n} al día").format(n=_or_none(now.contacts_a_day))),
        (_("Con quien decide"), figures.percent(now.right_party_pct), _was(figures.percent(before.right_party_pct)),
         _("Contactos con quien decide o sabe ÷ intentos")),
        (_("Promesas cumplidas"), figures.percent(now.kept_pct), _was(figures.percent(before.kept_pct)),
         _("Cumplidas ÷ juzgadas, por número; por importe {pct}").format(pct=figures.percent(now.kept_amount_pct))),
        (_("Recuperado"), figures.compact(now.recovered), _goal(now, before, goal),
         _("Dinero aplicado a lo vencido: {amount}").format(
             amount=figures.exact(now.recovered, asked.currency).replace("$", r"\$"))),
        (_("Clientes atendidos"), figures.percent(now.covered_pct), _was(figures.percent(before.covered_pct)),
         _("Con contacto ÷ con vencido: {covered} de {worth}").format(covered=now.covered, worth=now.worth)),
    ]  # fmt: skip
    with st.grid(5, min_column_width=158):
        for label, value, about, formula in shown:
            with frame.card(f"kpi-{label}", gap="xxsmall", height="stretch"):
                st.metric(label, value, help=formula)
                st.caption(about)


def _was(value: str) -> str:
    return _("antes {value}").format(value=value.replace("$", r"\$"))


def _or_none(value: Decimal | None) -> str:
    return figures.no_data() if value is None else f"{value:,}"


def _goal(now: Productivity, before: Productivity, goal: Decimal | None) -> str:
    if not goal:
        return _was(figures.compact(before.recovered))
    reached = figures.percent(rate(now.recovered, goal))
    told = _("{pct} de la meta de {goal}").format(pct=reached, goal=figures.compact(goal).replace("$", r"\$"))
    return f"{told} · {_was(figures.compact(before.recovered))}"


def draw(rows: list[Productivity], goal: dict[str, Goal]) -> None:
    """What was recovered against the goal, and how the contacts went, side by side."""
    shown = rows[:_MOST_BARS]
    if not shown:
        return
    left, right = st.columns(2)
    with left, frame.card("recovered"):
        st.markdown(f"**{_('Recuperado y meta')}**")
        charts.show(_recovered(shown, goal), key="grafica_recuperado")
    with right, frame.card("contacts"):
        st.markdown(f"**{_('Contactos: con quien decide, con otra persona, sin respuesta')}**")
        charts.show(_contacts(shown), key="grafica_contactos")


def _names(rows: list[Productivity]) -> list[str]:
    return [(one.name or _("Sin asignar"))[:26] + "\u200b" * at for at, one in enumerate(rows)]


def _recovered(rows: list[Productivity], goal: dict[str, Goal]) -> dict[str, Any]:
    names, colours = _names(rows), style.palette()
    wanted = [goal[one.key].recovered if one.key in goal else None for one in rows]
    bars: dict[str, Any] = {
        "type": "bar", "orientation": "h", "y": names, "x": [float(one.recovered) for one in rows],
        "text": [figures.compact(one.recovered) for one in rows], "textposition": "auto",
        "insidetextanchor": "start", "textangle": 0,
        "customdata": [money(one.recovered) for one in rows], "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "marker": {"color": colours.now}, "name": _("Recuperado"),
    }  # fmt: skip
    marks: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "y": names, "x": [None if one is None else float(one) for one in wanted],
        "marker": {"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": colours.text}}, "name": _("Meta"),
        "customdata": ["" if one is None else money(one) for one in wanted],
        "hovertemplate": f"{_('Meta')}: %{{customdata}}<extra></extra>",
    }  # fmt: skip
    return {"data": [bars, marks], "layout": _layout(len(rows), stacked=False)}


def _contacts(rows: list[Productivity]) -> dict[str, Any]:
    names, colours = _names(rows), style.palette()
    parts = (
        (_("Con quien decide"), [one.right_party for one in rows], colours.done, ""),
        (_("Con otra persona"), [one.reached - one.right_party for one in rows], colours.now, "/"),
        (_("Sin respuesta"), [one.contacts - one.reached for one in rows], colours.step, "x"),
    )
    bars = [
        {
            "type": "bar", "orientation": "h", "y": names, "x": counts, "name": label, "textposition": "inside",
            "textangle": 0, "text": [str(count) if count else "" for count in counts],
            "hovertemplate": f"%{{y}}<br>{label}: %{{x}}<extra></extra>",
            "marker": {
                "color": colour,
                "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,.35)", "size": 6},
            },
        }
        for label, counts, colour, pattern in parts
    ]  # fmt: skip
    return {"data": bars, "layout": _layout(len(rows), stacked=True)}


def _layout(rows: int, *, stacked: bool) -> dict[str, Any]:
    colours = style.palette()
    return {
        "barmode": "stack" if stacked else "overlay", "bargap": 0.3, "height": _HEAD + 24 + _ROW * max(rows, 1),
        "margin": {"l": 0, "r": 24, "t": 4, "b": 4}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": charts.FONT, "size": 13, "color": colours.text},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "showlegend": True,
        "xaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero"},
        "yaxis": {
            "type": "category", "autorange": "reversed", "automargin": True, "fixedrange": True, "ticks": "",
            "tickfont": {"size": 13, "color": colours.gray},
        },
        "hoverlabel": {"font": {"family": charts.FONT, "size": 13}},
    }  # fmt: skip


class _Line:
    """A row as the table shows it."""

    def __init__(self, one: Productivity, goal: Goal | None) -> None:
        for name in (*Productivity._fields, *_DERIVED):
            setattr(self, name, getattr(one, name))
        self.name = one.name or _("Sin asignar")
        self.goal = goal.recovered if goal else None
        self.goal_pct = rate(one.recovered, self.goal) if self.goal else None


_DERIVED = (
    "reached_pct", "right_party_pct", "effectiveness_pct", "kept_pct", "kept_amount_pct", "covered_pct",
    "contacts_a_day",
)  # fmt: skip


def table(rows: list[Productivity], goal: dict[str, Goal]) -> Productivity | None:
    """Every row with its figures; the one chosen shows its rows below."""
    lines = [_Line(one, goal.get(one.key)) for one in rows]
    selection = columns.grid(
        lines, _columns(), key="productividad", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 12) + 1) + 2, phone={"name": 120, "contacts": 76, "recovered": 100},
        alt=_("Productividad de cada gestor o región"),
    )  # fmt: skip
    st.caption(plural("{n} renglón; elija uno para ver de qué se compone", "{n} renglones; elija uno", len(rows)))
    return columns.chosen(selection, rows)


def _columns() -> dict[str, Any]:
    decides = _("Contactos con quien decide o sabe ÷ intentos")
    return {
        "name": columns.text(_("Nombre"), width=124), "contacts": columns.number(_("Contactos"), width=78),
        "contacts_a_day": columns.tenth(_("Al día"), width=58),
        "reached_pct": columns.percent(_("Contestan"), width=80, help=_("Alcanzados ÷ intentos")),
        "right_party_pct": columns.percent(_("Con quien decide"), width=118, help=decides),
        "promises": columns.number(_("Promesas"), width=74), "promised": columns.money(_("Prometido"), width=104),
        "kept_pct": columns.percent(_("Cumplidas"), width=80, help=_("Cumplidas ÷ juzgadas, por número")),
        "recovered": columns.money(_("Recuperado"), width=108), "goal_pct": columns.percent(_("De la meta"), width=82),
        "covered_pct": columns.percent(_("Atendidos"), width=78, help=_("Clientes con contacto ÷ con vencido")),
    }  # fmt: skip


def sheet(actor: Actor, asked: Asked, by: By) -> Sheet:
    """The table as a file, with counts beside the rates."""
    with reading() as session:
        rows = productivity(session, actor, asked=asked, by=by)
        goal = goals(session, actor, month=f"{asked.end:%Y-%m}")
    counts, amounts, rates = Kind.INTEGER, Kind.AMOUNT, Kind.PERCENT
    listed = [
        Column("name", _(_BY[by])), Column("contacts", _("Contactos"), counts, total=True),
        Column("reached", _("Alcanzados"), counts, total=True),
        Column("right_party", _("Con quien decide"), counts, total=True),
        Column("customers", _("Clientes contactados"), counts), Column("days", _("Días con contactos"), counts),
        Column("reached_pct", _("Contestan"), rates), Column("right_party_pct", _("Con quien decide, %"), rates),
        Column("promises", _("Promesas"), counts, total=True),
        Column("promised", _("Prometido"), amounts, total=True),
        Column("effectiveness_pct", _("Promesas ÷ contactos"), rates),
        Column("due", _("Juzgadas"), counts, total=True), Column("kept", _("Cumplidas"), counts, total=True),
        Column("due_amount", _("Importe juzgado"), amounts, total=True),
        Column("kept_amount", _("Importe cumplido"), amounts, total=True), Column("kept_pct", _("Cumplidas, %"), rates),
        Column("recovered", _("Recuperado"), amounts, total=True), Column("goal", _("Meta"), amounts, total=True),
        Column("goal_pct", _("De la meta"), rates), Column("worth", _("Con vencido"), counts, total=True),
        Column("covered", _("Atendidos"), counts, total=True), Column("covered_pct", _("Atendidos, %"), rates),
    ]  # fmt: skip
    lines = [_Line(one, goal.get(one.key)) for one in rows]
    return Sheet(
        title=_("Productividad"), columns=listed,
        rows=[[getattr(line, column.key) for column in listed] for line in lines], notes=[told(asked)],
    )  # fmt: skip


def told(asked: Asked) -> str:
    """The period and its scope in words."""
    said = [_("Del {start} al {end}").format(start=day(asked.start), end=day(asked.end)), asked.currency]
    return " · ".join([*said, *([asked.region] if asked.region else [])])


def month_of(on: date) -> str:
    """The month of a day, as goals are kept."""
    return f"{on:%Y-%m}"


def goal_told(one: Goal) -> str:
    """A goal in words."""
    parts = [] if one.recovered is None else [_("recuperar {amount}").format(amount=money(one.recovered))]
    parts += [] if one.contacts is None else [plural("{n} contacto", "{n} contactos", one.contacts)]
    parts += [] if one.kept_pct is None else [_("cumplir {pct} %").format(pct=amount(one.kept_pct))]
    return ", ".join(parts) or _("sin meta")
