"""The form of a customer: new or known. What is doubtful is asked once more; who was slower is told what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from babel import Locale

from core.auth.actor import Actor, Permission
from core.customers.editing import NeedsAnotherLook, create_customer, edit_customer, fields_of
from core.customers.fields import CustomerFields, countries, currencies
from core.customers.queries import CustomerCard, collectors, values_of
from core.i18n import _, amount, language
from pages.ui import forms, frame, guard, menu

_ZONES = (
    "America/Mexico_City", "America/Monterrey", "America/Tijuana", "America/Hermosillo", "America/Cancun",
    "America/Mazatlan", "America/Chihuahua", "America/Puerto_Rico", "America/Chicago", "America/New_York",
    "America/Los_Angeles", "America/Denver",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One form: whose it is, what it begins with, what its lists offer."""

    name: str
    actor: Actor
    known: CustomerFields
    options: dict[str, list[str]]

    def key(self, field: str) -> str:
        """The key of a field's widget."""
        return forms.key(self.name, field)

    def text(self, label: str, field: str, most: int, **options: Any) -> str:
        """A line of text."""
        value = getattr(self.known, field, None) or ""
        return st.text_input(label, value, key=self.key(field), max_chars=most, **options) or ""

    def choice(self, label: str, field: str, **options: Any) -> str | None:
        """One of a list, or for some lists something new; blank is allowed."""
        value: str | None = getattr(self.known, field)
        offered = self.options[field] if value in (None, *self.options[field]) else [str(value), *self.options[field]]
        return st.selectbox(
            label, offered, index=None if value is None else offered.index(value), key=self.key(field),
            placeholder=_("Sin definir"), **options,
        )  # fmt: skip


def show(actor: Actor, one: CustomerCard | None) -> None:
    """The form, its button and what happens then."""
    name = f"customer_{one.id if one else 'new'}"
    with guard.reading() as session:
        known, version = fields_of(session, actor, one.id) if one else (CustomerFields(legal_name=""), 0)
        options = {field: values_of(session, actor, field) for field in ("region", "sales_rep", "segment", "district")}
        options["collector"] = sorted({*collectors(session), *values_of(session, actor, "collector")})
    options |= {"currency": sorted(currencies()), "country": sorted(countries()), "time_zone": list(_ZONES)}
    seen = st.session_state.setdefault(f"{forms.token(name)}_seen", version)  # what the user began with
    form = Form(name, actor, known, options | {"language": ["es", "en"]})
    with st.form(name, border=False):
        code, typed = _fields(form, one)
        reason = ""
        if one is not None:
            reason = form.text(_("Motivo del cambio"), "reason", 250, placeholder=_("Queda en el historial"))
        doubts = st.container()
        confirmed = _confirm(form, doubts) if _doubted(form) else False
        if forms.button(_("Guardar cliente"), name, icon=":material/check:"):
            _save(form, one, code, typed, seen, reason, confirmed, doubts)
    if one is not None and st.button(
        _("Descartar y cargar de nuevo"), key="customer_reload", icon=":material/refresh:", type="tertiary"
    ):
        forms.retire(name)
        st.rerun()


def _fields(form: Form, one: CustomerCard | None) -> tuple[str, Callable[[], CustomerFields]]:
    left, right = st.columns(2)
    with left, frame.card("who", height="stretch"):
        st.markdown(f"**{_('Quién es')}**")
        code = one.code if one else form.text(
            _("Clave"), "code", 40, help=_("Con ella lo nombran sus archivos; después no se cambia.")
        )  # fmt: skip
        values: dict[str, Any] = {"legal_name": form.text(_("Nombre o razón social"), "legal_name", 250)}
        values["tax_id"] = form.text(_("RFC o identificación fiscal"), "tax_id", 20)
        values["country"] = form.choice(_("País"), "country", format_func=_country)
        values["parent"] = form.text(
            _("Clave del cliente principal"), "parent", 40, help=_("Si es sucursal de otro, la clave de ese cliente.")
        )
        values["status"] = st.selectbox(
            _("Estado"), ["active", "inactive"], index=0 if form.known.status == "active" else 1,
            format_func=lambda state: _("Activo") if state == "active" else _("Inactivo"), key=form.key("status"),
        )  # fmt: skip
    with right, frame.card("whose", height="stretch"):
        st.markdown(f"**{_('De quién es')}**")
        for field, label in (
            ("sales_rep", _("Asesor")), ("collector", _("Gestor")), ("region", _("Región")),
            ("district", _("Distrito")), ("segment", _("Segmento")),
        ):  # fmt: skip
            values[field] = form.choice(label, field, accept_new_options=True)
        st.caption(_("El gestor se nombra con su usuario: así ve a este cliente."))
    left, right = st.columns(2)
    with left, frame.card("credit", height="stretch"):
        credit = _credit(form, one, values)
    with right, frame.card("reach", height="stretch"):
        st.markdown(f"**{_('Contacto')}**")
        values["email"] = form.text(_("Correo"), "email", 250)
        values["phone"] = form.text(_("Teléfono"), "phone", 60)
        values["language"] = form.choice(
            _("Idioma de sus documentos"), "language", format_func=lambda one: {"es": "Español"}.get(one, "English")
        )
        values["time_zone"] = form.choice(_("Zona horaria"), "time_zone")
    return code, lambda: CustomerFields(**values, **credit())


def _credit(form: Form, one: CustomerCard | None, values: dict[str, Any]) -> Callable[[], dict[str, Any]]:
    """Currency, terms and limit; the last two only for who may change them."""
    may = form.actor.may(Permission.CHANGE_CREDIT_TERMS)
    st.markdown(f"**{_('Crédito')}**")
    values["currency"] = form.choice(_("Moneda"), "currency")
    terms = st.number_input(
        _("Días de crédito"), 0, 3650, form.known.terms_days, step=1, key=form.key("terms_days"), disabled=not may
    )
    limit = form.known.credit_limit
    typed = forms.amount_input(
        _("Límite de crédito, en moneda de la empresa"), form.name, "credit_limit", disabled=not may,
        value="" if limit is None else amount(limit), placeholder=_("Vacío: no se controla"),
    )  # fmt: skip
    if not may:
        st.caption(
            _("El plazo y el límite los cambia el área de crédito.") if one else
            _("El cliente queda de contado y sin crédito hasta que el área de crédito lo autorice.")
        )  # fmt: skip
        return lambda: {"terms_days": form.known.terms_days, "credit_limit": limit}
    return lambda: {"terms_days": int(terms), "credit_limit": forms.amount(typed) if typed.strip() else None}


def _save(
    form: Form, one: CustomerCard | None, code: str, typed: Callable[[], CustomerFields], seen: int, reason: str,
    confirmed: bool, doubts: Any,
) -> None:  # fmt: skip
    def command(session: Any) -> str:
        try:
            if one is None:
                made = create_customer(session, form.actor, code=code, fields=typed(), confirmed=confirmed)
            else:
                made = edit_customer(
                    session, form.actor, customer_id=one.id, fields=typed(), seen=seen, reason=reason,
                    confirmed=confirmed,
                )  # fmt: skip
        except NeedsAnotherLook:
            st.session_state["doubted"] = forms.token(form.name)
            raise
        return made.code

    with doubts:  # above the button that was pressed: below it the screen ends
        saved = forms.submit(
            command, form=form.name, lead=_("No se guardó el cliente."), done=_("Cliente guardado."), rerun=False
        )
    if saved:
        menu.go("customer", cliente=saved)
    elif _doubted(form) and not confirmed:
        _confirm(form, doubts)


def _doubted(form: Form) -> bool:
    return bool(st.session_state.get("doubted") == forms.token(form.name))


def _confirm(form: Form, place: Any) -> bool:
    return bool(place.checkbox(_("Ya lo revisé: guardar así"), key=form.key("confirmed")))


def _country(code: str) -> str:
    names = Locale("en" if language() == "en" else "es", "MX" if language() != "en" else "US").territories
    return f"{names.get(code, code)} ({code})"
