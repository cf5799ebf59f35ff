"""From no data to the first import: what is done, what is next, and what one will see then."""

import streamlit as st

from core.auth.actor import Actor, Permission
from core.i18n import _, plural
from core.portfolio.standing import Standing
from pages.ui import figures, frame, menu, steps
from pages.ui.text import plain


def may_begin(actor: Actor) -> bool:
    """Whether this user can bring the first data."""
    return actor.may(Permission.IMPORT_CUSTOMERS) or actor.may(Permission.MANAGE_USERS)


def show(actor: Actor, now: Standing) -> None:
    """The checklist, the way to the import, and what it will bring."""
    with frame.card("steps"):
        steps.show(_steps(now))
    left, right = st.columns([7, 5])
    with left, frame.card("import", height="stretch"):
        _import()
        if not now.company and menu.can_open(actor, "settings"):
            menu.link("settings", _("Antes, poner nombre y moneda de la empresa"))
    with right, frame.card("later", height="stretch"):
        _later()
    if now.users is not None:
        _people(now.users)


def _steps(now: Standing) -> list[steps.Step]:
    company, people = bool(now.company), now.users is None or now.users > 1
    done, to_do = steps.State.DONE, steps.State.LATER
    about = _("Nombre y moneda ({currency})") if company else _("Falta el nombre; la moneda es {currency}")
    about = about.format(currency=now.currency)
    users = plural("{n} usuario activo", "{n} usuarios activos", now.users) if now.users is not None else ""
    return [
        steps.Step(done if company else to_do, _("Empresa"), about),
        steps.Step(done if people else to_do, _("Usuarios"), users),
        steps.Step(steps.State.NOW, _("Clientes y facturas"), _("Cargue lo que exporta su sistema")),
        steps.Step(to_do, _("Revise"), _("La antigüedad cuadra con su contabilidad")),
    ]  # fmt: skip


def _import() -> None:
    st.markdown(f"### {_('Cargue sus facturas abiertas')}")
    st.markdown(
        _("Suba el archivo tal como sale de su sistema. Le mostramos qué se entendió, renglón por renglón,")
        + f" **{_('antes de guardar nada')}**."
    )
    st.markdown(
        "\n".join(
            f"- {plain(one)}"
            for one in (
                _("Excel o CSV, hasta 50 MB; con o sin renglones de título."),
                _("SAP FBL5N, Microsip, CONTPAQi, Sage 50 y Sage 100 se reconocen solos."),
                _("Los clientes que no existan se pueden crear del mismo archivo."),
            )
        )
    )
    if st.button(_("Cargar un archivo"), icon=":material/upload_file:", type="primary", key="start_import"):
        menu.go("import_file")


def _later() -> None:
    st.markdown(f"### {_('Lo que verá en cuanto cargue')}")
    with st.grid(2, min_column_width=120):
        for label in (_("Cartera total"), _("Vencido"), _("Por vencer"), _("Sin aplicar")):
            st.metric(label, figures.no_data(), border=True)
    for icon, text in (
        ("stacked_bar_chart", _("La antigüedad de cada cliente, a cualquier fecha")),
        ("payments", _("Pagos aplicados a la factura exacta")),
        ("description", _("Estados de cuenta en PDF y Excel")),
    ):
        st.markdown(f":material/{icon}: {plain(text)}")
    st.caption(_("s/d: sin datos. Nunca mostramos un cero que no existe."))


def _people(users: int) -> None:
    with frame.card("people"), st.container(horizontal=True, vertical_alignment="center"):
        told = (
            _("Por ahora solo entra usted.")
            if users == 1
            else plural("Entra {n} persona.", "Entran {n} personas.", users)
        )
        st.markdown(
            f":material/group_add: **{plain(told)}** "
            + _("Cada gestor verá solo sus clientes; cada gerente, su región.")
        )
        st.space("stretch")
        if st.button(_("Agregar usuarios"), icon=":material/person_add:", key="start_users"):
            menu.go("users")
