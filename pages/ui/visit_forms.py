"""Dialogs about visits: planning one, dropping one; and who may."""

from datetime import date

import streamlit as st

from core.auth.actor import Actor, Permission, Role
from core.clock import today
from core.collections.queries import collectors
from core.collections.visits import drop_visit, last_address, plan_visit
from core.i18n import _
from pages.ui import customer_picker, forms, guard, kept


def may_record(actor: Actor) -> bool:
    """Whether this user records what came of a visit."""
    return actor.may(Permission.RECORD_CONTACT)


def may_plan(actor: Actor) -> bool:
    """Whether this user plans visits: one's own, or those of others."""
    return may_record(actor) or actor.may(Permission.SUPERVISE)


def may_change(actor: Actor, collector: str) -> bool:
    """Whether this user changes the route of that collector."""
    return actor.may(Permission.SUPERVISE) or (may_record(actor) and actor.name == collector)


def plan(on: date, collector: str | None) -> None:
    """Asks whom to visit, where and what for."""
    guard.dialog(
        _("Planear visita"), position="right", width="medium", icon=":material/add_location_alt:"
    )(_plan)(on, collector)  # fmt: skip


def _plan(on: date, collector: str | None) -> None:
    actor, form = guard.here().actor, "visit_plan"
    customer = customer_picker.picked(actor, form=form)
    if customer is None:
        st.caption(_("Elija primero el cliente."))
        return
    with guard.reading() as session:
        known = last_address(session, actor, customer.id)
    form = f"visit_{customer.id}"
    with st.form(form, border=False):
        planned_on: date = st.date_input(
            _("Día"), max(on, today()), min_value=today(), format="DD/MM/YYYY", key=forms.key(form, "dia")
        )
        who = actor.name if actor.role is Role.COLLECTOR else _who(actor, collector, form)
        address = st.text_input(_("Dirección"), known or "", key=forms.key(form, "direccion"), max_chars=250) or ""
        purpose = st.text_input(
            _("Para qué"), key=forms.key(form, "motivo"), max_chars=250,
            placeholder=_("Recoger un pago, llevar documentos, hablar con quien decide"),
        ) or ""  # fmt: skip
        if forms.button(_("Agregar a la ruta"), form, icon=":material/add_location_alt:"):
            forms.submit(
                lambda session: plan_visit(
                    session, actor, customer_id=customer.id, planned_on=planned_on, collector=who or "",
                    address=address, purpose=purpose,
                ),
                form=form, done=_("Visita planeada."), then=_planned,
            )  # fmt: skip


def _planned(_visit: object) -> None:
    """The next one begins with the choice of the customer."""
    forms.retire("visit_plan")
    customer_picker.forget()


def _who(actor: Actor, collector: str | None, form: str) -> str | None:
    names = dict(kept.read(collectors, actor)) or {actor.name: actor.full_name or actor.name}
    chosen: str | None = st.selectbox(
        _("Quién va"), list(names), index=list(names).index(collector) if collector in names else None,
        format_func=lambda one: names[one], key=forms.key(form, "quien"), placeholder=_("Elija un gestor"),
    )  # fmt: skip
    return chosen


def drop(visit_id: int, name: str) -> None:
    """Asks why a visit is not made."""
    title = _("Cancelar la visita a {name}").format(name=name)
    guard.dialog(title, position="right", width="medium", icon=":material/event_busy:")(_drop)(visit_id)


def _drop(visit_id: int) -> None:
    form, actor = f"visit_drop_{visit_id}", guard.here().actor
    with st.form(form, border=False):
        reason = st.text_input(_("Motivo"), key=forms.key(form, "motivo"), max_chars=250) or ""
        if forms.button(_("Cancelar la visita"), form, icon=":material/event_busy:"):
            forms.submit(
                lambda session: drop_visit(session, actor, visit_id=visit_id, reason=reason),
                form=form, lead=_("No se canceló nada."), done=_("Visita cancelada."),
            )  # fmt: skip
