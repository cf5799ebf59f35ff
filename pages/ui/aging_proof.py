"""What proves a figure of the portfolio: the ledger's own sum, the documents, and what was applied to each."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.i18n import _, day, money
from core.money import ZERO
from core.portfolio.aging import AgingRow
from core.portfolio.aging_files import Asked
from core.portfolio.explaining import AppliedRow
from core.portfolio.open_documents import OpenDocument
from core.portfolio.tie_out import TieOut, ledger_total, tie_out
from core.portfolio.words import kind_word
from pages.ui import columns, kept
from pages.ui.text import plain

#: A longer table scrolls, so that what explains the chosen row stays in sight below.
_MOST_LINES = 13


def against_ledger(actor: Actor, asked: Asked, accounts: Sequence[AgingRow]) -> None:
    """The total of these accounts beside the ledger's, which is summed anew whenever anything was written."""
    currency = asked.scope.currency or ""
    scope = asked.scope.only(sales_rep=None, currency=None)
    ledger = kept.read(ledger_total, actor, as_of=asked.as_of, scope=scope)
    total = next((row for row in accounts if row.currency == currency), None)
    _told(tie_out(total, currency, ledger), asked)


def _told(proof: TieOut, asked: Asked) -> None:
    """The sum in words, and whether it agrees."""
    facts = {
        "buckets": money(proof.buckets), "unapplied": money(proof.unapplied), "total": money(proof.total),
        "ledger": money(proof.ledger), "difference": money(proof.difference), "day": day(asked.as_of),
    }  # fmt: skip
    lead = _("Todos los asesores: ") if asked.scope.sales_rep is not None else ""
    if proof.difference == ZERO:
        text = _(
            "Tramos {buckets} + sin aplicar {unapplied} = {total}, igual al libro al {day}. Diferencia {difference}."
        )
        badge = f":green-badge[:material/verified: {_('Cuadra con el libro')}]"
        st.markdown(f"{badge} {plain(lead + text.format(**facts))}")
        return
    text = _(
        "No cuadra con el libro: los saldos suman {total} y el libro {ledger} al {day}; diferencia {difference}. "
        "No use estas cifras y avise al administrador, que debe ejecutar «db check»."
    )
    st.error(plain(lead + text.format(**facts)))


def documents(rows: Sequence[OpenDocument], total: AgingRow) -> Any:
    """Documents, the total as last; returns the selection."""
    lines = [_document(row) for row in rows]
    if lines:
        lines.append(
            SimpleNamespace(
                **{
                    **dict.fromkeys(vars(lines[0])),
                    "number": _("TOTAL"),
                    "open": total.total,
                    "disputed": total.disputed,
                }
            )
        )
    shown = {
        "number": columns.text(_("Folio"), width=104), "kind": columns.text(_("Tipo"), width=90),
        "instalment": columns.number(_("Parc."), width=52, help=_("Parcialidad, por fecha de vencimiento")),
        "issued": columns.date(_("Fecha"), width=88), "due": columns.date(_("Vence"), width=88),
        "days": columns.number(_("Días"), width=50), "original": columns.money(_("Importe"), width=104),
        "applied": columns.money(_("Aplicado"), width=104), "open": columns.money(_("Saldo"), width=104),
        "disputed": columns.money(_("En aclaración"), width=100),
        "future": columns.money(_("Pagos futuros"), width=100), "rep": columns.text(_("Asesor"), width=116),
    }  # fmt: skip
    if not total.disputed:
        del shown["disputed"]
    return columns.grid(
        lines, shown, key="aging_documents", on_select="rerun", selection_mode="single-row",
        phone={"number": 96, "open": 104, "days": 50, "due": 88},
        height=35 * min(len(lines) + 1, _MOST_LINES) + 2,
        alt=_("Documentos con saldo, con el total en el último renglón"),
    )  # fmt: skip


def _document(row: OpenDocument) -> SimpleNamespace:
    return SimpleNamespace(
        number=row.figures.key, kind=kind_word(row.kind), instalment=row.instalment, issued=row.issue_date,
        due=row.due_date, days=row.days, original=row.original, applied=row.applied, open=row.open,
        disputed=row.figures.disputed or None, future=row.figures.future or None, rep=row.sales_rep,
    )  # fmt: skip


def applications(row: OpenDocument, applied: Sequence[AppliedRow], as_of: date) -> None:
    """What closed the rest of a document, up to the date, and what that leaves."""
    st.markdown(
        _("**{document}**: de {original} se aplicaron {applied} hasta el {day}; quedan {open}.").format(
            document=plain(f"{kind_word(row.kind)} {row.figures.key}"), day=day(as_of),
            **{name: plain(money(abs(getattr(row, name)))) for name in ("original", "applied", "open")},
        )
    )  # fmt: skip
    if not applied:
        st.caption(_("Todavía no se le ha aplicado nada."))
        return
    lines = [
        SimpleNamespace(
            on=one.applied_on, kind=kind_word(one.kind), number=one.number, amount=one.amount, left=one.left,
            note=_note(one), user=one.user_name,
        )
        for one in applied
    ]  # fmt: skip
    shown = {
        "on": columns.date(_("Fecha")), "kind": columns.text(_("Tipo")), "number": columns.text(_("Folio")),
        "amount": columns.money(_("Aplicado")), "left": columns.money(_("Queda")), "note": columns.text(_("Nota")),
        "user": columns.text(_("Registró")),
    }  # fmt: skip
    columns.grid(lines, shown, key="aging_applications", alt=_("Aplicaciones que explican el saldo"))


def _note(one: AppliedRow) -> str:
    if one.amount < 0:
        return _("Se deshizo")
    return _("Se deshizo el {day}").format(day=day(one.undone_on)) if one.undone_on else ""
