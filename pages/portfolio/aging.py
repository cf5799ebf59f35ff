"""Cartera por antigüedad: who owes what, and for how long; from the total down to what was applied to a document."""

import streamlit as st

from core.auth.actor import Permission
from core.i18n import _
from core.policies.settings import buckets, company_currency
from core.portfolio.explaining import applications_of
from core.portfolio.open_documents import OpenDocuments
from core.portfolio.summary import summary, totals
from pages.ui import aging_proof, aging_view, charts, columns, downloads, empty, frame, guard, kept

actor = guard.require(Permission.VIEW_PORTFOLIO)
frame.head(_("Cartera por antigüedad"), _("Saldos abiertos a la fecha de corte, documento por documento"), dated=False)

with frame.card("filters"), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
    view, place = aging_view.filters(actor)
    with guard.reading() as session:
        limits, company = buckets(session), company_currency(session)
    accounts = kept.read(totals, actor, as_of=view.as_of, limits=limits, scope=aging_view.accounts_of(view))
    asked = aging_view.in_currency(view, place, accounts, company)
    found = aging_view.found_rows(actor, asked, limits, aging_view.page())
    st.space("stretch")
    downloads.buttons(lambda one: aging_view.sheet(one, asked), _("antiguedad"), key="antiguedad")
    aging_view.link()

if not found.totals:
    with st.container(horizontal=True, vertical_alignment="center"):
        aging_view.trail(asked, rows=False)
    brings = actor.may(Permission.IMPORT_BOOKS)
    then = _("Cambie la fecha de corte, quite un filtro o cargue documentos.")
    empty.state(
        _("No hay saldos abiertos con estos filtros"),
        then if brings else _("Cambie la fecha de corte o quite un filtro."), icon="search_off",
        link="import_file" if brings else "",
    )  # fmt: skip
    st.stop()

with frame.card("totals"):
    aging_view.cards(summary(found.totals[0], limits))
    aging_proof.against_ledger(actor, asked, accounts)

with frame.card("bars"):
    charts.legend(found.buckets)
    bars = aging_view.bars(found)
    charts.show(charts.aging_bars(bars, found.buckets), key="aging_bars")
    st.caption(charts.told(bars))

with frame.card("rows", gap="medium"):  # the table's own buttons float above it
    with st.container(horizontal=True, vertical_alignment="center", key="aging-trail"):
        aging_view.trail(asked)
        st.space("stretch")
        button = st.container(width="content")
    if isinstance(found, OpenDocuments):
        selection = aging_proof.documents(found.rows, found.totals[0])
    else:
        selection = aging_view.table(found, asked.by)
    columns.pages(aging_view.how_many(found), aging_view.PAGE, key="pagina")

chosen = columns.chosen(selection, found.rows)
if chosen is not None and isinstance(found, OpenDocuments):
    with frame.card("applications"), guard.reading() as session:
        applied = applications_of(session, actor, entry_id=chosen.entry_id, as_of=asked.as_of)
        aging_proof.applications(chosen, applied, asked.as_of)
elif chosen is not None:
    with button:
        aging_view.down(actor, chosen, asked)
