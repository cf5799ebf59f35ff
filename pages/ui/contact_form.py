"""Recording a contact: one form at the right of whatever is open, with the promise, dispute or payment inside it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.collections.calls import ContactForm, Disputed, Paid, Promised, Recorded, needs_reason, record_contact
from core.collections.outcomes import (
    ALREADY_PAID,
    CAUSES,
    CHANNELS,
    COLLECTED,
    DISPUTE,
    NEXT_ACTIONS,
    OUTCOMES,
    PROMISE,
    SUGGESTED,
    USUAL,
    Channel,
)
from core.collections.sheet import CallSheet, OpenCharge, call_sheet
from core.disputes.reasons import REASONS, reason_word
from core.i18n import _, day, money, plural
from pages.ui import forms, guard, people
from pages.ui.promise_form import promise_fields
from pages.ui.stage_script import script
from pages.ui.text import plain

_OTHER = "other"


def open_for(code: str, *, channel: Channel = Channel.CALL, visit_id: int | None = None) -> None:
    """Opens the form for a customer; `visit_id`: as the result of a planned visit."""
    title = _("Registrar gestión")
    guard.dialog(title, position="right", width="medium", icon=":material/edit_note:")(body)(code, channel, visit_id)


def dialled(phone: str | None) -> str:
    """A telephone number as a link dials it; blank when there is none."""
    return "".join(sign for sign in phone or "" if sign.isdigit() or sign == "+")


@dataclass
class Typed:
    """What stands in the fields; amounts as text until the command reads them."""

    channel: Channel
    outcome: str | None = None
    person: str | None = None
    reason: str | None = None
    notes: str = ""
    cause: str | None = None
    next_action: str | None = None
    next_on: date | None = None
    visit_id: int | None = None
    more: "dict[str, Any]" = field(default_factory=dict)  # of a promise, dispute or payment

    def contact(self, sheet: CallSheet) -> ContactForm:
        """The contact to be recorded; an amount that cannot be read is refused."""
        form = ContactForm(
            customer_id=sheet.customer_id, channel=self.channel, outcome=self.outcome or "", person=self.person,
            notes=self.notes, cause=self.cause, next_action=self.next_action, next_action_on=self.next_on,
            out_of_hours=self.reason, visit_id=self.visit_id,
        )  # fmt: skip
        kept = {name: value for name, value in self.more.items() if name != "amount"}
        if not self.more:
            return form
        amount = forms.amount(self.more["amount"])
        match self.outcome:
            case "promise":
                return replace(form, promise=Promised(amount=amount, **kept))
            case "dispute":
                return replace(form, dispute=Disputed(amount=amount, **kept))
        return replace(form, paid=Paid(amount=amount, **kept))


def body(code: str, channel: Channel = Channel.CALL, visit_id: int | None = None) -> None:
    """The fields; those of the outcome follow at once when it is chosen, so this is no `st.form`."""
    actor, form = guard.here().actor, f"contact_{code}"
    with guard.reading() as session:
        sheet = call_sheet(session, actor, code, as_of=today())
    _head(sheet)
    typed = Typed(channel, visit_id=visit_id)
    with st.container(horizontal=True, gap="small", wrap=False):
        typed.channel = st.selectbox(
            _("Por qué medio"), list(CHANNELS), index=list(CHANNELS).index(channel),
            format_func=lambda one: _(CHANNELS[one]), key=forms.key(form, "medio"),
        )  # fmt: skip
        typed.person = _person(sheet, form)
    _hours(sheet, typed, form)
    script(sheet, typed.person, actor)
    typed.outcome = _outcome(typed.channel, form)
    if typed.outcome is not None:
        typed.more = _of_outcome(actor, sheet, typed.outcome, form)
    _rest(typed, form)
    if st.button(
        _("Guardar gestión"), type="primary", width="stretch", icon=":material/check:", key=forms.key(form, "submit"),
        disabled=typed.outcome is None,
    ):  # fmt: skip
        forms.submit(
            lambda session: record_contact(
                session, actor, contact=typed.contact(sheet), submission=forms.token(form)
            ),
            form=form, done=_done,
        )  # fmt: skip


def _head(sheet: CallSheet) -> None:
    first = sheet.people[0] if sheet.people else None
    phone = (first.phone if first else None) or sheet.phone
    told = [f"{plain(first.name)}, " if first else ""]
    told.append(f"[{plain(phone)}](tel:{dialled(phone)})" if phone and dialled(phone) else _("sin teléfono"))
    owed = f"{_('vencido')} **{plain(sheet.owed)}**"
    if sheet.days is not None and sheet.days > 0:
        owed += " · " + plural("{n} día", "{n} días", sheet.days)
    st.markdown(f"**{plain(sheet.name)}**  \n:material/call: {''.join(told)} · {owed}")


def _person(sheet: CallSheet, form: str) -> str | None:
    names = {one.name: f"{one.name}, {one.position}" if one.position else one.name for one in sheet.people}
    chosen = st.selectbox(
        _("Con quién habló"), list(names), index=0 if names else None, key=forms.key(form, "persona"),
        format_func=lambda one: names.get(one, one), accept_new_options=True, placeholder=_("Escriba el nombre"),
    )  # fmt: skip
    return str(chosen) if chosen else None


def _hours(sheet: CallSheet, typed: Typed, form: str) -> None:
    """Out of the hours allowed a reason is asked for; called too often is only told."""
    if needs_reason(typed.channel, sheet.hours):
        told = _("Donde está el cliente son las {time}; se le llama de {opens}:00 a {closes}:00.").format(
            time=f"{sheet.hours.local:%H:%M}", opens=sheet.hours.opens, closes=sheet.hours.closes
        )
        st.warning(told, icon=":material/schedule:")
        typed.reason = st.text_input(
            _("Motivo para contactarlo a esta hora"), key=forms.key(form, "motivo"), max_chars=250,
            placeholder=_("Por ejemplo: él pidió que se le llamara"),
        )  # fmt: skip
    if sheet.often is not None and typed.channel in (Channel.CALL, Channel.WHATSAPP):
        st.warning(
            plural("Ya se le buscó {n} vez en 7 días.", "Ya se le buscó {n} veces en 7 días.", sheet.often),
            icon=":material/phone_disabled:",
        )  # fmt: skip


def _outcome(channel: Channel, form: str) -> str | None:
    usual = USUAL[channel]
    chosen = st.pills(
        _("Resultado"), [*usual, _OTHER], key=forms.key(form, f"resultado_{channel}"),
        format_func=lambda one: _("Otro…") if one == _OTHER else _(OUTCOMES[one].label),
    )  # fmt: skip
    if chosen != _OTHER:
        return str(chosen) if chosen else None
    others = [one for one in OUTCOMES if one not in usual]
    found = st.selectbox(
        _("Cuál"), others, index=None, format_func=lambda one: _(OUTCOMES[one].label),
        key=forms.key(form, f"otro_{channel}"), placeholder=_("Elija un resultado"),
    )  # fmt: skip
    return str(found) if found else None


def _of_outcome(actor: Actor, sheet: CallSheet, outcome: str, form: str) -> dict[str, Any]:
    """The fields that an outcome asks for."""
    fields = {PROMISE: _promised, DISPUTE: _disputed, ALREADY_PAID: _paid, COLLECTED: _paid}
    if outcome not in fields:
        return {}
    with st.container(border=True, gap="small"):
        return fields[outcome](actor, sheet, form)


def _currency(sheet: CallSheet, form: str) -> str:
    if len(sheet.currencies) == 1:
        return sheet.currency
    return str(st.segmented_control(
        _("Moneda"), sheet.currencies, default=sheet.currency, required=True, key=forms.key(form, "moneda")
    ))  # fmt: skip


def _promised(actor: Actor, sheet: CallSheet, form: str) -> dict[str, Any]:
    typed = promise_fields(
        actor, customer_id=sheet.customer_id, currency=_currency(sheet, form), form=form
    )  # fmt: skip
    return {
        "amount": typed.amount_text, "currency": typed.currency, "promised_on": typed.promised_on,
        "documents": typed.documents,
    }  # fmt: skip


def _disputed(actor: Actor, sheet: CallSheet, form: str) -> dict[str, Any]:
    charges = {one.number: one for one in sheet.charges}
    number = st.selectbox(
        _("Documento"), list(charges), index=None, key=forms.key(form, "documento"),
        format_func=lambda one: _charge(charges[one]),
        placeholder=_("Elija qué se aclara"),
    )  # fmt: skip
    with st.container(horizontal=True, gap="small", wrap=False):
        amount = forms.amount_input(
            _("Importe en aclaración"), form, f"aclarar_{number}", value=f"{charges[number].open:,}" if number else ""
        )
        reason = st.selectbox(
            _("Motivo de la aclaración"), list(REASONS), format_func=reason_word, key=forms.key(form, "aclaracion")
        )
    return {"document": number or "", "amount": amount, "reason": str(reason)}


def _charge(one: OpenCharge) -> str:
    return f"{one.number} · {money(one.open)} · {_('vence {day}').format(day=day(one.due_on))}"


def _paid(actor: Actor, sheet: CallSheet, form: str) -> dict[str, Any]:
    currency = _currency(sheet, form)
    with st.container(horizontal=True, gap="small", wrap=False):
        amount = forms.amount_input(_("Importe pagado ({currency})").format(currency=currency), form, "pagado")
        paid_on = st.date_input(
            _("Cuándo pagó"), today(), max_value=today(), format="DD/MM/YYYY", key=forms.key(form, "pagado_el")
        )
    reference = st.text_input(
        _("Referencia o banco"), key=forms.key(form, "referencia"), max_chars=120,
        placeholder=_("Clave de rastreo, folio, últimos dígitos…"),
    )  # fmt: skip
    st.caption(_("Se encarga a caja que busque el pago."))
    return {"amount": amount, "currency": currency, "paid_on": paid_on, "reference": reference}


def _rest(typed: Typed, form: str) -> None:
    """Cause, notes and the next step, which begins as the outcome suggests."""
    if typed.outcome and OUTCOMES[typed.outcome].right_party:
        typed.cause = st.selectbox(
            _("Por qué no ha pagado"), list(CAUSES), index=None, format_func=lambda one: _(CAUSES[one]),
            key=forms.key(form, "causa"), placeholder=_("Opcional"),
        )  # fmt: skip
    typed.notes = (
        st.text_area(
            _("Notas"), key=forms.key(form, "notas"), max_chars=2000, placeholder=_("¿Qué acordaron?"), height=80
        )
        or ""
    )
    action, after = SUGGESTED.get(typed.outcome or "", (None, None))
    promised_on = typed.more.get("promised_on")
    suggested = promised_on or (today() + timedelta(days=after) if after is not None else None)
    with st.container(horizontal=True, gap="small", wrap=False):
        typed.next_action = st.selectbox(
            _("Siguiente paso"), list(NEXT_ACTIONS), index=list(NEXT_ACTIONS).index(action) if action else None,
            format_func=lambda one: _(NEXT_ACTIONS[one]), key=forms.key(form, f"paso_{typed.outcome}"),
            placeholder=_("Ninguno"),
        )  # fmt: skip
        typed.next_on = st.date_input(
            _("Cuándo"), suggested, format="DD/MM/YYYY", min_value=today(),
            key=forms.key(form, f"cuando_{typed.outcome}_{promised_on}"),
        )  # fmt: skip
    if typed.next_action is None:
        typed.next_on = None


def _done(made: Recorded) -> str:
    if made.promise:
        return _("Gestión guardada, con la promesa {number}.").format(number=made.promise)
    if made.dispute:
        return _("Gestión guardada, con la aclaración {number}.").format(number=made.dispute)
    if made.task_for:
        return _("Gestión guardada. {name} buscará el pago.").format(name=people.known_as(made.task_for))
    return _("Gestión guardada.")
