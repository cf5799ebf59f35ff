"""A new agreement in steps: documents, plan, what it costs beside its alternatives, send."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.agreements.debts import Debt, total_interest, total_open
from core.agreements.drafting import Draft, Scenario, Terms, candidates, compare, discount, draft
from core.agreements.paper import position
from core.agreements.proposing import propose_agreement
from core.agreements.reading import dates, percent
from core.agreements.words import FREQUENCIES, Frequency, scenario
from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import CustomerOption
from core.db import reading
from core.errors import DomainError
from core.i18n import N_, _, day, money, plural
from core.portfolio.statements import currencies_of
from pages.ui import columns, customer_picker, empty, forms, frame, guard, steps
from pages.ui.text import plain

FORM = "convenio"
_OVERDUE, _OPEN, _SOME = "overdue", "open", "some"
_CHOICES = {_OVERDUE: N_("Lo vencido"), _OPEN: N_("Todo lo abierto"), _SOME: N_("Elegir")}


class _Document(NamedTuple):
    number: str
    due_on: date
    days: int
    open: Decimal
    interest: Decimal
    in_the_way: str


def show(actor: Actor) -> None:
    """The whole form; each choice is worked out at once, nothing is kept until it is sent."""
    place = st.container()
    with frame.card("who"), st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width="stretch"):
            customer = customer_picker.picked(actor)
        currency = _currency(actor, customer)
    if customer is None:
        _steps(place, 0)
        empty.state(_("Elija el cliente"), _("Se mostrarán sus documentos abiertos."), icon="handshake")
        return
    with guard.reading() as session:
        found = candidates(session, actor, customer_id=customer.id, currency=currency, on=today())
    if not found:
        _steps(place, 0)
        empty.state(_("Nada que convenir"), _("El cliente no tiene documentos abiertos en esa moneda."), icon="inbox")
        return
    left, right = st.columns([6, 6])
    with left:
        with frame.card("documents"):
            chosen = _documents(found, currency)
        with frame.card("plan"):
            terms = _terms(customer.id, currency, chosen)
    with right:
        worked = _worked(actor, terms) if terms is not None and chosen else None
        if worked is None:
            _steps(place, 1 if chosen else 0)
            return
        with frame.card("worked"):
            _plan(worked)
    with frame.card("compare"):
        _compare(worked)
    with frame.card("send"):
        _send(actor, worked)
    _steps(place, 3)


def _steps(place: Any, current: int) -> None:
    with place:
        steps.show(steps.at(current, [
            (_("Documentos"), _("Qué debe y se conviene")), (_("Plan"), _("Enganche, pagos, intereses")),
            (_("Comparar"), _("Frente a otras opciones")), (_("Enviar"), _("A quien aprueba")),
        ]))  # fmt: skip


def _currency(actor: Actor, customer: CustomerOption | None) -> str:
    if customer is None:
        return ""
    with guard.reading() as session:
        used = currencies_of(session, actor, customer.code)
    if len(used) < 2:
        return used[0]
    return st.selectbox(_("Moneda"), used, key=f"moneda_{customer.code}", width=96) or used[0]


def _documents(found: list[Debt], currency: str) -> tuple[str, ...]:
    """The documents that go in: what is overdue, all, or those chosen in the table."""
    st.markdown(f"### {_('Documentos')}")
    free = [one for one in found if one.promise is None and one.agreement is None]
    choices = [_OVERDUE, _OPEN, _SOME] if any(one.days for one in free) else [_OPEN, _SOME]
    choice = st.segmented_control(
        _("Qué entra"), choices, default=choices[0], format_func=lambda one: _(_CHOICES[one]), required=True,
        key=forms.key(FORM, "entra"), label_visibility="collapsed",
    )  # fmt: skip
    rows = [_Document(one.number, one.due_on, one.days, one.open, one.interest, _in_the_way(one)) for one in found]
    selection = columns.grid(
        rows, _columns_shown(any(one.in_the_way for one in rows)), key=forms.key(FORM, f"tabla_{choice}"),
        height=35 * (min(len(rows), 8) + 1) + 2, alt=_("Documentos abiertos del cliente"),
        phone={"number": 96, "open": 100, "days": 52},
        **({"on_select": "rerun", "selection_mode": "multi-row"} if choice == _SOME else {}),
    )  # fmt: skip
    if choice == _SOME:
        picked = [found[row] for row in selection.selection.rows if row < len(found)]
    else:
        picked = [one for one in free if one.days or choice == _OPEN]
    told = _("{documents}: {open} y {interest} de interés moratorio").format(
        documents=plural("{n} documento", "{n} documentos", len(picked)),
        open=money(total_open(picked), currency),
        interest=money(total_interest(picked)),
    )
    st.caption(plain(told) if picked else _("Marque en la tabla los documentos que entran."))
    return tuple(one.number for one in picked)


def _in_the_way(one: Debt) -> str:
    if one.agreement is not None:
        return _("en {number}").format(number=one.agreement)
    return _("promesa {number}").format(number=one.promise) if one.promise is not None else ""


def _columns_shown(with_obstacles: bool) -> dict[str, Any]:
    shown = {
        "number": columns.text(_("Documento"), width=104), "due_on": columns.date(_("Vence"), width=88),
        "days": columns.number(_("Días"), width=52), "open": columns.money(_("Saldo"), width=108),
        "interest": columns.money(_("Interés"), width=88),
    }  # fmt: skip
    return shown | ({"in_the_way": columns.text(_("Ocupado"), width=130)} if with_obstacles else {})


def _terms(customer_id: int, currency: str, chosen: tuple[str, ...]) -> Terms | None:
    """What is typed of the plan; None, said in words, while it cannot be read."""
    st.markdown(f"### {_('Plan')}")
    with st.grid(2, min_column_width=150):
        frequency = st.selectbox(
            _("Frecuencia"), list(FREQUENCIES), format_func=lambda one: _(FREQUENCIES[one]), index=2,
            key=forms.key(FORM, "frecuencia"),
        )  # fmt: skip
        own = frequency is Frequency.OWN
        times = 1 if own else st.number_input(_("Número de pagos"), 1, 120, 6, key=forms.key(FORM, "pagos"))
        first_on = None if own else st.date_input(
            _("Primer pago desde el"), today() + timedelta(days=15), format="DD/MM/YYYY", min_value=today(),
            key=forms.key(FORM, "primero"),
        )  # fmt: skip
        down = forms.amount_input(_("Enganche"), FORM, "enganche", placeholder="0.00")
        down_on = st.date_input(
            _("Enganche el"), today(), format="DD/MM/YYYY", min_value=today(), key=forms.key(FORM, "enganche_fecha")
        )
        waive = st.text_input(_("Interés que se condona (%)"), key=forms.key(FORM, "condona"), placeholder="0")
        plan_pct = st.text_input(_("Interés anual del plan (%)"), key=forms.key(FORM, "interes"), placeholder="0")
    typed = "" if not own else st.text_area(
        _("Fechas de pago, una por renglón"), key=forms.key(FORM, "fechas"), placeholder="30/04/2026\n31/05/2026"
    )  # fmt: skip
    guarantee = st.text_input(_("Garantía"), key=forms.key(FORM, "garantia"), max_chars=500,
                              placeholder=_("Opcional: pagaré, aval, prenda…"))  # fmt: skip
    notes = st.text_input(_("Notas"), key=forms.key(FORM, "notas"), max_chars=1000, placeholder=_("Opcional"))
    try:
        return Terms(
            customer_id, currency, chosen, first_on or today(), times=int(times), frequency=frequency,
            own=dates(typed or "") if own else (),
            down_payment=forms.amount(down) if down.strip() else Decimal("0.00"), down_on=down_on,
            waive_pct=percent(waive or ""), plan_pct=percent(plan_pct or ""), guarantee=guarantee, notes=notes,
        )  # fmt: skip
    except DomainError as error:
        st.warning("\n\n".join(plain(line) for line in error.lines()), icon=":material/edit:")
        return None


def _worked(actor: Actor, terms: Terms) -> Draft | None:
    try:
        with reading() as session:
            return draft(session, actor, terms=terms, on=today())
    except DomainError as error:
        st.warning("\n\n".join(plain(line) for line in error.lines()), icon=":material/edit:")
        return None


class _Payment(NamedTuple):
    position: str
    due_on: date
    principal: Decimal
    interest: Decimal
    amount: Decimal


def _plan(worked: Draft) -> None:
    """What it adds up to, and each payment."""
    st.markdown(f"### {_('Cómo queda')}")
    shown = (
        (_("Adeudo"), worked.debt), (_("Interés moratorio"), worked.late_interest), (_("Condonado"), -worked.waived),
        (_("Interés del plan"), worked.plan_interest), (_("Total"), worked.total),
    )  # fmt: skip
    st.markdown("  \n".join(
        f"{plain(label)}: **{plain(money(amount))}**" for label, amount in shown if amount or label == _("Total")
    ))  # fmt: skip
    rows = [_Payment(position(one.position), one.due_on, one.principal, one.interest, one.amount)
            for one in worked.payments]  # fmt: skip
    parts = {
        "principal": columns.money(_("Capital"), width=110), "interest": columns.money(_("Interés"), width=90),
    } if worked.plan_interest else {}  # fmt: skip
    columns.grid(
        rows, {
            "position": columns.text(_("Pago"), width=76), "due_on": columns.date(_("Fecha límite"), width=100),
            **parts, "amount": columns.money(_("Importe"), width=112),
        },
        key="plan_nuevo", height=35 * (min(len(rows), 12) + 1) + 2, alt=_("Pagos del plan"),
        phone={"position": 70, "due_on": 90, "amount": 100},
    )  # fmt: skip
    st.caption(_("La última parte toma los centavos que sobran. Los vencimientos de los documentos no cambian."))


class _Line(NamedTuple):
    name: str
    payments: int
    months: int
    last_on: date
    total: Decimal
    present_value: Decimal
    waived: Decimal
    given_up: Decimal


def _compare(worked: Draft) -> None:
    """The proposal among its alternatives."""
    with guard.reading() as session:
        rate = discount(session)
    st.markdown(f"### {_('Frente a otras opciones')}")
    rows = [_line(one) for one in compare(worked, rate)]
    columns.grid(
        rows,
        {
            "name": columns.text(_("Opción"), width=214), "payments": columns.number(_("Pagos"), width=64),
            "months": columns.number(_("Meses"), width=64), "last_on": columns.date(_("Último pago"), width=100),
            "total": columns.money(_("Total"), width=122),
            "present_value": columns.money(_("Valor presente"), width=122),
            "waived": columns.money(_("Condonado"), width=110), "given_up": columns.money(_("Se cede"), width=110),
        },
        key="opciones", height=35 * (len(rows) + 1) + 2, alt=_("La propuesta frente a otras opciones"),
        phone={"name": 150, "months": 60, "given_up": 96},
    )  # fmt: skip
    told = _("Valor presente al {rate} % anual. Se cede: lo que hoy se debe con todo su interés, menos ese valor.")
    st.caption(plain(told.format(rate=f"{rate.normalize():f}")))


def _line(one: Scenario) -> _Line:
    name = f"▸ {scenario(one.key)}" if one.key == "proposal" else scenario(one.key)
    return _Line(name, one.payments, one.months, one.last_on, one.total, one.present_value, one.waived, one.given_up)


def _send(actor: Actor, worked: Draft) -> None:
    told = _("{payments} por {total}, el último el {last}. Lo aprueba alguien distinto de usted.")
    paid = plural("{n} pago", "{n} pagos", len(worked.payments))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            plain(told.format(payments=paid, total=money(worked.total, worked.terms.currency),
                              last=day(worked.payments[-1].due_on))), width="stretch",
        )  # fmt: skip
        if st.button(_("Enviar a aprobación"), key=forms.key(FORM, "enviar"), type="primary", icon=":material/send:"):
            mark = forms.token(FORM)
            forms.submit(
                lambda session: propose_agreement(
                    session, actor, terms=worked.terms, on=today(), submission=mark
                ).number,
                form=FORM, lead=_("No se envió la propuesta."), then=_opened,
                done=lambda number: _("Convenio {number} enviado a aprobación.").format(number=number),
            )  # fmt: skip


def _opened(number: str) -> None:
    st.query_params.clear()
    st.query_params["convenio"] = number
