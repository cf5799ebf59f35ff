"""The head and the right side of a customer's page: badges, actions, balances, ages, terms, whom to speak with."""

from typing import NamedTuple

import streamlit as st

from core.auth.actor import Actor, Permission
from core.customers.people import PersonRow
from core.customers.queries import CustomerCard
from core.i18n import _, day, money, plural
from core.money import ZERO
from core.portfolio.aging import AgingRow
from core.portfolio.customer import Account, Credit, LastPayment, Lateness
from pages.ui import charts, contact_form, customer_charts, figures, frame, menu
from pages.ui.text import plain

_MOST_PEOPLE = 3


class Figures(NamedTuple):
    """What the page shows of one customer; `accounts` by currency, the customer's own first."""

    accounts: list[Account]
    credit: Credit
    lateness: Lateness
    last_payment: LastPayment | None
    people: list[PersonRow]
    company_currency: str


def caption(one: CustomerCard) -> str:
    """Code, RFC, rep and collector in a line."""
    parts = [_("Cliente {code}").format(code=one.code)]
    parts += [_("RFC {tax_id}").format(tax_id=one.tax_id)] if one.tax_id else []
    parts += [_("Asesor: {name}").format(name=one.sales_rep)] if one.sales_rep else []
    parts += [_("Gestor: {name}").format(name=one.collector_name)] if one.collector else []
    return " · ".join(parts)


def badges(one: CustomerCard, found: Figures) -> None:
    """How the customer stands, each with a sign and a word."""
    active = one.status == "active"
    told = [f":green-badge[:material/check_circle: {_('Activo')}]" if active else
            f":gray-badge[:material/block: {_('Inactivo')}]"]  # fmt: skip
    if found.credit.over:
        told.append(f":red-badge[:material/error: {_('Crédito excedido')}]")
    elif found.credit.watched:
        share = figures.percent(found.credit.used_pct)
        told.append(f":orange-badge[:material/warning: {_('Crédito en observación')}: {share}]")
    for account in found.accounts:
        if account.disputed:
            amount = _("En aclaración {amount}").format(amount=money(account.disputed, account.currency))
            told.append(f":violet-badge[:material/forum: {plain(amount)}]")
    place = " · ".join(part for part in (one.region, one.district) if part)
    told += [f":gray-badge[:material/location_on: {plain(place)}]"] if place else []
    told.append(f":gray-badge[{_terms(one)}]")
    told += [f":gray-badge[{plain(one.segment)}]"] if one.segment else []
    st.markdown(" ".join(told))


def _terms(one: CustomerCard) -> str:
    return plural("Crédito a {n} día", "Crédito a {n} días", one.terms_days) if one.terms_days else _("De contado")


def actions(one: CustomerCard, actor: Actor) -> None:
    """The next steps: register a payment or a contact, the statement, the form."""
    main, rest = _("Registrar pago"), []
    if menu.can_open(actor, "register_payment") and st.button(
        main, key="customer_pay", type="primary", icon=":material/payments:"
    ):
        menu.go("register_payment", cliente=one.code)
    if actor.may(Permission.RECORD_CONTACT) and st.button(
        _("Registrar gestión"), key="customer_contact", icon=":material/edit_note:",
        type="secondary" if menu.can_open(actor, "register_payment") else "primary",
    ):  # fmt: skip
        contact_form.open_for(one.code)
    if menu.can_open(actor, "statements") and st.button(
        _("Estado de cuenta"), key="customer_statement", icon=":material/description:"
    ):
        menu.go("statements", cliente=one.code)
    rest += [("edit_customer", _("Editar"), "edit")] if actor.may(Permission.EDIT_CUSTOMER) else []
    for stem, label, icon in rest:
        if menu.can_open(actor, stem) and st.button(label, key=f"customer_{icon}", icon=f":material/{icon}:"):
            menu.go(stem, cliente=one.code)


def balances(account: Account, found: Figures) -> None:
    """The four cards: balance, overdue, credit left, how late the customer pays."""
    papers = plural("{n} documento", "{n} documentos", account.documents)
    if account.in_favour:
        papers += "; " + _("{amount} sin aplicar").format(amount=money(account.in_favour))
    late = plural("{n} documento", "{n} documentos", account.overdue_documents)
    if account.oldest_days is not None:
        late += "; " + plural("el más viejo, {n} día", "el más viejo, {n} días", account.oldest_days)
    cards = (
        (_("Saldo"), money(account.balance), papers),
        (_("Vencido"), money(account.overdue), late if account.overdue else _("nada vencido")),
        (_("Crédito disponible"), *_credit(found)),
        (_("Atraso promedio al pagar"), *_lateness(found.lateness)),
    )
    with st.grid(4, min_column_width=158):
        for at, (label, value, about) in enumerate(cards):
            with frame.card(f"balance-{at}", gap="xxsmall", height="stretch"):
                st.metric(label, value)
                st.caption(plain(about))


def _credit(found: Figures) -> tuple[str, str]:
    credit = found.credit
    if credit.limit is None or credit.available is None:
        return figures.no_data(), _("sin límite de crédito")
    if credit.used_pct is None:
        return money(credit.available), _("sin crédito: límite de $0.00")
    used = _("{share} usado de {limit} {currency}").format(
        share=figures.percent(credit.used_pct), limit=money(credit.limit), currency=found.company_currency
    )
    return money(credit.available), used


def _lateness(late: Lateness) -> tuple[str, str]:
    before = _("sin pagos el año anterior")
    if late.year_before is not None:
        before = _("{days} el año anterior").format(days=f"{late.year_before:.0f}")
    if late.this_year is None:
        return figures.no_data(), _("sin pagos en 12 meses") + f" · {before}"
    days = plural("{n} día", "{n} días", int(late.this_year.to_integral_value()))
    return days, _("últimos 12 meses") + f" · {before}"


def side(one: CustomerCard, account: Account, ages: AgingRow | None, buckets: list[str], found: Figures) -> None:
    """Line use, ages, last payment, people."""
    with frame.card("side", gap="small"):
        if found.credit.limit:
            _line(found)
        st.markdown(f"**{_('Antigüedad')}**")
        if ages is None:
            st.caption(_("Sin saldo abierto en {currency}.").format(currency=account.currency))
        else:
            charts.show(customer_charts.ages(ages.buckets, buckets), key="customer_ages")
        _last(found.last_payment)
        _people(found.people)
        if not found.people and (one.phone or one.email):
            st.markdown("  \n".join(_reach(one.phone, one.email)))


def _line(found: Figures) -> None:
    limit, used = found.credit.limit or ZERO, found.credit.used
    st.markdown(f"**{_('Uso de la línea')}**")
    charts.show(customer_charts.line_use(used, limit), key="customer_line")
    told = _("Saldo {used} de {limit} {currency}").format(
        used=money(used), limit=money(limit), currency=found.company_currency
    )
    if found.credit.over:
        told += "; " + _("{amount} sobre el límite").format(amount=money(used - limit))
    st.caption(plain(told))


def _last(payment: LastPayment | None) -> None:
    if payment is None:
        st.caption(_("Sin pagos registrados."))
        return
    told = _("Último pago: {amount} el {day} ({number})").format(
        amount=money(payment.amount, payment.currency),
        day=day(payment.on),
        number=payment.number.replace("-", "\u2011"),  # it does not break
    )
    st.caption(plain(told))


def _people(people: list[PersonRow]) -> None:
    for person in [one for one in people if one.active][:_MOST_PEOPLE]:
        position = f" · {plain(person.position)}" if person.position else ""
        notes = [plain(person.notes)] if person.notes else []
        st.markdown("  \n".join([f"**{plain(person.name)}**{position}", *_reach(person.phone, person.email), *notes]))


def _reach(phone: str | None, email: str | None) -> list[str]:
    """Telephone and mail as links that a telephone can follow."""
    digits = "".join(sign for sign in phone or "" if sign.isdigit() or sign == "+")
    told = [f":material/call: [{plain(phone)}](tel:{digits})"] if phone and digits else []
    return told + ([f":material/mail: {plain(email)}"] if email else [])


def none(currency: str) -> Account:
    """The account of a customer who owes nothing."""
    return Account(currency, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, 0, 0, None)
