"""Whom to speak with at a customer's, with the dialogs that add and change them; the credit terms beside the family."""

from typing import Any

import streamlit as st

from core.auth.actor import Actor, Permission
from core.customers.people import PersonRow, add_person, change_person, people_of
from core.customers.queries import CustomerCard, children_of
from core.i18n import _, money, plural
from core.portfolio.customer import Credit
from pages.ui import columns, empty, figures, forms, guard, menu
from pages.ui.text import markup


def people(one: CustomerCard, actor: Actor) -> None:
    """The list, and for who may, the dialogs."""
    with guard.reading() as session:
        rows = people_of(session, actor, one.id)
    may = actor.may(Permission.EDIT_PEOPLE)
    if may and st.button(_("Agregar persona"), key="person_new", icon=":material/person_add:"):
        _open(one, None)
    if not rows:
        empty.state(_("Sin personas de contacto"), _("Agregue a quien paga o autoriza las facturas."), icon="person")
        return
    shown = {
        "name": columns.text(_("Nombre"), width=150), "position": columns.text(_("Puesto"), width=125),
        "phone": columns.text(_("Teléfono"), width=100), "email": columns.text(_("Correo"), width=180),
        "notes": columns.text(_("Nota"), width=130), "active": columns.yes_no(_("Activa"), width=60),
    }  # fmt: skip
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-row"} if may else {}
    selection = columns.grid(
        rows, shown, key="personas", alt=_("Personas de contacto del cliente"), phone={"name": 150, "phone": 110},
        **options,
    )  # fmt: skip
    chosen: PersonRow | None = columns.chosen(selection, rows) if may else None
    if chosen and st.button(
        _("Cambiar a {name}").format(name=chosen.name), key="person_change", icon=":material/edit:"
    ):
        _open(one, chosen)


def _open(one: CustomerCard, person: PersonRow | None) -> None:
    title = _("Agregar persona") if person is None else _("Cambiar persona")
    guard.dialog(title, position="right", width="medium", icon=":material/person:")(_form)(one, person)


def _form(one: CustomerCard, person: PersonRow | None) -> None:
    form, actor = f"person_{one.id}_{person.id if person else 0}", guard.here().actor
    with st.form(form, border=False):
        labels = {
            "name": (_("Nombre"), 120), "position": (_("Puesto"), 120), "phone": (_("Teléfono"), 60),
            "email": (_("Correo"), 250), "notes": (_("Nota: días de pago, horario…"), 500),
        }  # fmt: skip
        typed = {
            field: st.text_input(
                label, getattr(person, field) or "" if person else "", key=forms.key(form, field), max_chars=most
            )
            for field, (label, most) in labels.items()
        }
        active = True
        if person is not None:
            active = st.checkbox(_("Sigue trabajando ahí"), person.active, key=forms.key(form, "active"))
        if forms.button(_("Guardar persona"), form, icon=":material/check:"):
            values = {field: value or "" for field, value in typed.items()}
            if person is None:
                forms.submit(
                    lambda opened: add_person(opened, actor, customer_id=one.id, **values).id,
                    form=form, done=_("Persona agregada."),
                )  # fmt: skip
            else:
                forms.submit(
                    lambda opened: change_person(
                        opened, actor, customer_id=one.id, person_id=person.id, active=active, **values
                    ).id,
                    form=form, done=_("Persona cambiada."),
                )  # fmt: skip


def credit(one: CustomerCard, actor: Actor, found: Credit, currency: str) -> None:
    """Limit, use and terms in words; the customer above and those below."""
    limit = _("no se controla") if found.limit is None else money(found.limit, currency)
    facts = {
        _("Límite de crédito"): limit,
        _("Usado"): money(found.used, currency),
        _("Disponible"): figures.exact(found.available, currency),
        _("Uso de la línea"): figures.percent(found.used_pct),
        _("Días de crédito"): str(one.terms_days),
        _("Moneda del cliente"): one.currency,
        _("Idioma de sus documentos"): {"es": "Español", "en": "English"}.get(one.language or "", figures.no_data()),
        _("País"): one.country or figures.no_data(),
    }
    items = "".join(f"<dt>{markup(name)}</dt><dd>{markup(text)}</dd>" for name, text in facts.items())
    st.html(f'<dl class="datos">{items}</dl>')
    if one.parent_code:
        menu.link(
            "customer", _("Cliente principal: {name}").format(name=one.parent_name), icon="account_tree",
            cliente=one.parent_code,
        )  # fmt: skip
    if one.children:
        st.markdown(f"**{plural('{n} cliente depende de este', '{n} clientes dependen de este', one.children)}**")
        with guard.reading() as session:
            for child in children_of(session, actor, one.id, limit=20):
                menu.link("customer", f"{child.code} {child.legal_name}", cliente=child.code)
