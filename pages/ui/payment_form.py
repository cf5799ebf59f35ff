"""The payment as the cashier types it: its fields, what it looks like, and how it is saved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import CustomerOption
from core.documents.applying import Line
from core.errors import DomainError
from core.i18n import _, day, money
from core.money import ONE, ZERO
from core.payments.application import Way
from core.payments.proposal import Plan, Rates
from core.payments.queries import open_currencies
from core.payments.registration import Received, Registered, register_payment
from core.payments.similar import SimilarPayment, similar_payments
from core.policies.rates import known_currencies, last_rate
from pages.ui import customer_picker, forms, guard, menu, papers, payment_grid
from pages.ui.text import plain

FORM = "pago"
#: Where what the next payment begins with is kept: day, form and account stay, as in a bank statement.
_LAST, _DONE = "pago_anterior", "pago_registrado"


class Typed(NamedTuple):
    """What stands in the fields; `amount` is None while it is none yet, a rate None while nobody knows it."""

    customer: CustomerOption | None
    amount_text: str
    amount: Decimal | None
    currency: str
    documents_in: str
    paid_on: date
    method: str
    reference: str
    account: str
    notes: str
    rate: Decimal | None
    document_rate: Decimal | None

    @property
    def rates(self) -> Rates:
        """For the proposal; a rate that is missing counts as 1 and is refused when saving."""
        return Rates(self.rate or ONE, self.document_rate or ONE)

    def received(self) -> Received:
        """For the command; refuses an amount that is none."""
        return Received(
            self.customer.id if self.customer else None, self.paid_on, forms.amount(self.amount_text), self.currency,
            self.method, self.rate, self.reference, self.account, self.notes,
        )  # fmt: skip


def fields(actor: Actor) -> Typed:
    """The fields of the payment, the customer in the address."""
    st.markdown(f"### {_('1. El pago')}")
    last = st.session_state.get(_LAST, {})
    customer = customer_picker.picked(actor, form=FORM)
    with guard.reading() as session:
        owed_in = open_currencies(session, actor, customer_id=customer.id) if customer else []
        known = known_currencies(session)
    with st.container(horizontal=True, wrap=False, gap="small"):
        amount_text = st.text_input(_("Importe recibido"), key=_key("importe"), icon=":material/attach_money:") or ""
        currencies = list(dict.fromkeys([*known, *owed_in]))
        currency = st.selectbox(_("Moneda"), currencies, key=_key("moneda"), width=96)
    if amount_text and _read(amount_text) is None:
        st.caption(f":red[{_('Escriba un importe mayor que cero, por ejemplo 12,500.00')}]")
    with st.container(horizontal=True, wrap=False, gap="small"):
        paid_on = st.date_input(
            _("Fecha del pago"), last.get("paid_on", today()), format="DD/MM/YYYY", key=_key("fecha")
        )
        method = st.selectbox(
            _("Forma"), list(papers.METHODS), index=list(papers.METHODS).index(last.get("method", "transfer")),
            format_func=lambda one: papers.method(one) or "", key=_key("forma"),
        )  # fmt: skip
    if paid_on > today():
        st.caption(_("Es una fecha posterior a hoy: el saldo bajará ese día."))
    documents_in, rate, document_rate = _currencies(currency, owed_in, known[0], paid_on)
    return Typed(
        customer, amount_text, _read(amount_text), currency, documents_in, paid_on, method,
        st.text_input(_("Referencia bancaria o clave de rastreo"), key=_key("referencia"), max_chars=120) or "",
        st.text_input(_("Cuenta donde se recibió"), last.get("account", ""), key=_key("cuenta"), max_chars=80) or "",
        st.text_input(_("Notas"), key=_key("notas"), max_chars=1000, placeholder=_("Opcional")) or "",
        rate, document_rate,
    )  # fmt: skip


def applied(actor: Actor, typed: Typed) -> tuple[Plan | None, list[Line]]:
    """What it is applied to: the grid, once the customer is known."""
    if typed.customer is None:
        st.markdown(f"### {_('2. A qué se aplica')}")
        st.caption(_("Elija primero el cliente: aquí aparece lo que debe, de lo más viejo a lo más nuevo."))
        return None, []
    asked = payment_grid.Asked(
        typed.customer.id, typed.amount or ZERO, typed.currency, typed.rates, typed.documents_in, typed.paid_on, FORM
    )
    return payment_grid.shown(actor, asked)


def _currencies(
    currency: str, owed_in: Sequence[str], company: str, on: date
) -> tuple[str, Decimal | None, Decimal | None]:
    """Which currency is to be closed, and the rates that this needs; asked only where there is a choice."""
    documents_in = currency if currency in owed_in or not owed_in else owed_in[0]
    if set(owed_in) - {currency}:
        documents_in = st.segmented_control(
            _("Documentos en"), owed_in, default=documents_in, required=True, key=_key("documentos")
        )
    rate, document_rate = _rate(currency, company, on), None
    if documents_in != currency:
        document_rate = _rate(documents_in, company, on)
    return documents_in, rate, document_rate if documents_in != currency else rate


def _rate(currency: str, company: str, on: date) -> Decimal | None:
    if currency == company:
        return ONE
    with guard.reading() as session:
        known = last_rate(session, currency, on)
    label = _("Tipo de cambio: {company} por {currency}").format(company=company, currency=currency)
    typed = st.text_input(
        label, f"{known:f}" if known else "", key=_key(f"tc-{currency}-{on}"), placeholder="18.500000"
    )
    try:
        return Decimal((typed or "").replace(",", "").strip()) if (typed or "").strip() else known
    except ArithmeticError:
        st.caption(_("«{text}» no es un tipo de cambio; se usa el último cargado.").format(text=plain(typed)))
        return known


def _key(field: str) -> str:
    return forms.key(FORM, field)


def _read(text: str) -> Decimal | None:
    """The amount while it is being typed."""
    try:
        return forms.amount(text) or None
    except DomainError:
        return None


def likeness(actor: Actor, typed: Typed) -> bool:
    """Warns of payments that this one looks like; True when the cashier says that it is another."""
    if typed.amount is None:
        return False
    with guard.reading() as session:
        found = similar_payments(
            session, actor, customer_id=typed.customer.id if typed.customer else None, amount=typed.amount,
            currency=typed.currency, paid_on=typed.paid_on, bank_reference=typed.reference,
        )  # fmt: skip
    if not found:
        return False
    with st.container(horizontal=True, vertical_alignment="center", key="pago-parecido"):
        told = "; ".join(_alike(one) for one in found[:3])
        st.warning(
            f"**{_('Se parece a un pago ya registrado:')}** {told}", icon=":material/content_copy:", width="stretch"
        )
        menu.link(
            "payment", _("Ver {number}").format(number=plain(found[0].number)), icon="open_in_new", pago=found[0].number
        )
        return st.checkbox(_("Es otro pago"), key=_key("otro"))


def _alike(one: SimilarPayment) -> str:
    """`P-20418 del 19/11/2026, mismo cliente, mismo importe $213,150.75, otra referencia.`"""
    who = _("mismo cliente") if one.customer and one.same_amount else one.customer or _("sin identificar")
    how_much = _("mismo importe {amount}") if one.same_amount else _("importe {amount}")
    reference = _("misma referencia") if one.same_reference else _("otra referencia")
    amount = how_much.format(amount=money(one.amount, one.currency))
    return f"{plain(one.number)} {_('del')} {day(one.paid_on)}, {plain(who)}, {plain(amount)}, {reference}"


def bar(typed: Typed, plan: Plan | None, lines: Sequence[Line]) -> Sequence[Line] | None:
    """The sentence that says what will be saved, and the two buttons, always in sight; returns what is to be applied
    when one of them was pressed."""
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", key="pago-barra"):
        st.markdown(_sentence(typed, plan), width="stretch")
        ready = typed.customer is not None and typed.amount is not None
        if st.button(_("Guardar sin aplicar"), key=_key("guardar"), disabled=not ready):
            return ()
        if st.button(
            _("Registrar y aplicar"), key=_key("aplicar"), type="primary", icon=":material/check:",
            disabled=not ready or not lines or plan is None or payment_grid.too_much(plan), shortcut="Ctrl+Enter",
        ):  # fmt: skip
            return lines
    return None


def save(actor: Actor, typed: Typed, lines: Sequence[Line], *, another: bool) -> None:
    """Registers the payment; the second click on the same form changes nothing."""
    mark = forms.token(FORM)
    way = Way(document_rate=typed.document_rate if typed.documents_in != typed.currency else None)

    def keep(made: Registered) -> None:
        day_ = {} if typed.paid_on == today() else {"paid_on": typed.paid_on}
        st.session_state[_LAST] = {"method": typed.method, "account": typed.account, **day_}
        customer_picker.forget()
        st.session_state[_DONE] = (made.number, _done(made), typed.customer.code if typed.customer else "")

    forms.submit(
        lambda opened: register_payment(
            opened, actor, received=typed.received(), lines=lines, way=way, submission=mark, another=another
        ),
        form=FORM, lead=_("No se registró ni se aplicó nada."), then=keep,
    )  # fmt: skip


def registered() -> None:
    """The payment just registered, with the way to it and to its customer; gone with the next thing that is typed."""
    number, told, customer = st.session_state.pop(_DONE, ("", "", ""))
    if not number:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="pago-hecho"):
        st.success(plain(told), icon=":material/check_circle:", width="stretch")
        menu.link("payment", _("Ver {number}").format(number=plain(number)), icon="open_in_new", pago=number)
        if customer:
            menu.link("customer", _("Ver cliente"), cliente=customer)


def _sentence(typed: Typed, plan: Plan | None) -> str:
    if typed.customer is None:
        return _("Elija el cliente y escriba el importe.")
    if typed.amount is None or plan is None:
        told = _("Escriba el importe recibido de {customer}.").format(customer=plain(typed.customer.legal_name))
        return told.replace("..", ".")  # «…, S.A. de C.V.» brings its own
    if payment_grid.too_much(plan):
        return payment_grid.excess(plan, typed.amount)
    parts = [*payment_grid.happens(plan), _("**{left}** a favor").format(left=plain(money(plan.left)))]
    told = _("**{amount}** de {customer}: {parts}")
    return told.format(
        amount=plain(money(typed.amount)), customer=plain(typed.customer.legal_name), parts=", ".join(parts)
    )


def _done(made: Registered) -> str:
    told = _("Pago {number} registrado: {applied} aplicado, {left} a favor.")
    return told.format(number=made.number, applied=money(made.applied), left=money(made.left or ZERO))
