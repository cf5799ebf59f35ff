"""The columns of the reports, for files and tables: their canonical names, titles and kinds."""

from collections.abc import Sequence

from core.files.table import Column, Kind
from core.i18n import N_
from core.portfolio.aging import By

_KEY_TITLES = {
    By.CUSTOMER: N_("Cliente"), By.SALES_REP: N_("Asesor"), By.COLLECTOR: N_("Gestor"), By.REGION: N_("Región"),
    By.DISTRICT: N_("Distrito"), By.SEGMENT: N_("Segmento"), By.DOCUMENT: N_("Folio"),
}  # fmt: skip


def aging_columns(by: By, buckets: Sequence[str]) -> list[Column]:
    """Those of an aging by anything but documents."""
    return [
        Column("key", _KEY_TITLES[by]), Column("name", N_("Nombre"), width=34), Column("currency", N_("Moneda")),
        *_figures(buckets),
    ]  # fmt: skip


def document_columns(buckets: Sequence[str]) -> list[Column]:
    """Those of an aging by document."""
    return [
        Column("key", _KEY_TITLES[By.DOCUMENT]), Column("name", N_("Nombre")), Column("currency", N_("Moneda")),
        *_figures(buckets), *DOCUMENT_FACTS,
    ]  # fmt: skip


#: What the rows of an aging by document add.
DOCUMENT_FACTS = [
    Column("customer", N_("Cliente")),
    Column("kind", N_("Tipo")),
    Column("instalment", N_("Parcialidad"), Kind.INTEGER),
    Column("issue_date", N_("Fecha"), Kind.DATE),
    Column("due_date", N_("Vence"), Kind.DATE),
    Column("days", N_("Días"), Kind.INTEGER),
    Column("original", N_("Importe"), Kind.AMOUNT),
    Column("applied", N_("Aplicado"), Kind.AMOUNT),
    Column("open", N_("Saldo"), Kind.AMOUNT),
    Column("sales_rep", N_("Asesor")),
]


def _figures(buckets: Sequence[str]) -> list[Column]:
    titles = {
        "current": N_("Por vencer"), "unapplied": N_("Sin aplicar"), "total": N_("Total"), "overdue": N_("Vencido"),
        "disputed": N_("En aclaración"), "future": N_("Pagos futuros"), "base_total": N_("Total en moneda base"),
    }  # fmt: skip
    names = (*buckets, "unapplied", "total", "overdue", "disputed", "future", "base_total")
    return [Column(name, titles.get(name, name), Kind.AMOUNT, total=True) for name in names]


STATEMENT = [
    Column("date", N_("Fecha"), Kind.DATE),
    Column("kind", N_("Tipo")),
    Column("document", N_("Documento")),
    Column("reference", N_("Referencia")),
    Column("charge", N_("Cargo"), Kind.AMOUNT, total=True),
    Column("credit", N_("Abono"), Kind.AMOUNT, total=True),
    Column("balance", N_("Saldo"), Kind.AMOUNT),
]

KPIS = [
    Column("month", N_("Mes")),
    Column("currency", N_("Moneda")),
    Column("opening", N_("Saldo inicial"), Kind.AMOUNT),
    Column("sales", N_("Ventas"), Kind.AMOUNT),
    Column("collected", N_("Cobrado"), Kind.AMOUNT),
    Column("closing", N_("Saldo final"), Kind.AMOUNT),
    Column("overdue", N_("Vencido"), Kind.AMOUNT),
    Column("overdue_pct", N_("% vencido"), Kind.PERCENT),
    Column("dso", N_("DSO"), Kind.AMOUNT),
    Column("dso_countback", N_("DSO por agotamiento"), Kind.AMOUNT),
    Column("best_possible_dso", N_("Mejor DSO posible"), Kind.AMOUNT),
    Column("add", N_("Días promedio de atraso"), Kind.AMOUNT),
    Column("cei_pct", N_("Efectividad (CEI) %"), Kind.PERCENT),
    Column("promises_due", N_("Promesas del mes"), Kind.INTEGER),
    Column("promises_kept_pct", N_("% promesas cumplidas"), Kind.PERCENT),
    Column("unidentified", N_("Sin identificar"), Kind.AMOUNT),
]
