"""The settings in groups, each explained: what a user of the screen needs to choose well."""

from functools import partial
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.i18n import N_, _
from core.policies.settings import SETTINGS, set_setting
from core.portfolio.standing import currency_in_use
from pages.ui import forms
from pages.ui.text import plain

#: By the first part of the key: title, and what the group decides.
GROUPS = {
    "company": (
        N_("Empresa"),
        N_("Encabeza estados de cuenta y cartas. La moneda queda fija con el primer documento."),
    ),
    "aging": (N_("Antigüedad"), N_("Los tramos de días de todas las pantallas, archivos y estados de cuenta.")),
    "approval": (N_("Aprobaciones"), N_("Lo que pasa de este importe espera a que otra persona lo apruebe.")),
    "writeoff": (N_("Diferencias"), N_("Al aplicar un pago, una diferencia hasta este importe se puede cerrar.")),
    "promises": (N_("Promesas de pago"), N_("Cuándo se da por rota una promesa y qué fecha se sugiere.")),
    "worklist": (N_("Agenda de los gestores"), N_("A quién se deja descansar; el orden se ajusta en Estrategia.")),
    "contact": (
        N_("Horarios de contacto"),
        N_("A qué horas se llama, según el reloj del cliente. Fuera de ellas se pide el motivo y queda anotado."),
    ),
    "disputes": (N_("Aclaraciones"), N_("Los días en que cada área contesta, según el tipo de aclaración.")),
    "credit": (N_("Crédito"), N_("Cuándo se detiene un pedido y cuándo se libera.")),
    "commissions": (N_("Comisiones"), N_("Desde cuándo cuenta un cheque.")),
    "interest": (N_("Intereses moratorios"), N_("La tasa y el año con que se calculan sobre lo vencido.")),
    "agreements": (
        N_("Convenios de pago"),
        N_("Hasta dónde aprueba una gerencia; lo que pase de ahí lo aprueba administración. Cuándo se rompen."),
    ),
    "stages": (
        N_("Prelegal, despacho y legal"),
        N_("Qué clientes se proponen para cada etapa: por atraso e importe, o por promesas rotas."),
    ),
    "letters": (N_("Cartas de cobranza"), N_("A los cuántos días de atraso sale cada carta, y cada cuánto.")),
    "outbox": (N_("Correos"), N_("Quién los manda y cuántas veces se intenta. El servidor lo fija SMTP_URL.")),
}
_SWITCH = {"true": N_("Sí"), "false": N_("No")}


def groups() -> dict[str, list[str]]:
    """The keys of each group, in the order of the table in core; a new group shows by its key."""
    found: dict[str, list[str]] = {}
    for key in SETTINGS:
        found.setdefault(key.partition(".")[0], []).append(key)
    return found


def group_form(actor: Actor, name: str, keys: list[str], values: dict[str, str]) -> None:
    """One group as a form; only what was changed is written, all of it or nothing."""
    title, about = GROUPS.get(name, (name, ""))
    form = f"settings_{name}"
    st.markdown(f"### {plain(_(title))}")
    st.caption(plain(_(about)))
    with st.form(form, border=False):
        typed = {key: _field(form, key, values[key]) for key in keys}
        if forms.button(_("Guardar"), form, icon=":material/check:", width="content", type="secondary"):
            changed = {key: value for key, value in typed.items() if value != values[key]}
            forms.submit(
                partial(_save, actor=actor, changed=changed), form=form, lead=_("No se guardó nada."),
                done=_("Ajustes guardados.") if changed else _("No había cambios que guardar."),
            )  # fmt: skip


def _save(session: Any, actor: Actor, changed: dict[str, str]) -> None:
    for key, value in changed.items():
        set_setting(session, actor, key=key, value=value, currency_in_use=currency_in_use(session))


def _field(form: str, key: str, value: str) -> str:
    rule = SETTINGS[key]
    label, widget = _(rule.label), forms.key(form, key)
    told = _(rule.rule)
    default = _("De inicio: {value}").format(value=rule.default or _("vacío"))
    hint = f"{told[:1].upper()}{told[1:]} {default}."
    if rule.default in _SWITCH:
        chosen = st.selectbox(
            label, list(_SWITCH), index=list(_SWITCH).index(value), format_func=lambda one: _(_SWITCH[one]), key=widget
        )
        return str(chosen)
    if key == "company.letterhead":
        return st.text_area(label, value, key=widget, height=140, help=hint) or ""
    return st.text_input(label, value, key=widget, help=hint) or ""
