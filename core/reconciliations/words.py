"""Causes, ways of matching and parties of a reconciliation in words."""

from core.i18n import N_, _
from core.reconciliations.kinds import Cause, MatchedBy, Party

_CAUSES = {
    Cause.AGREES: N_("Coincide"),
    Cause.NOT_IN_THEIRS: N_("Está en lo nuestro y no en lo suyo"),
    Cause.NOT_IN_OURS: N_("Está en lo suyo y no en lo nuestro"),
    Cause.AMOUNT: N_("Importe distinto"),
    Cause.PAID_NOT_APPLIED: N_("Pagado y sin aplicar"),
    Cause.PAID_IN_OURS: N_("Pagado en nuestros libros"),
    Cause.PAID_AFTER_CUT: N_("Pagado después del corte"),
    Cause.CREDIT_NOTE: N_("Falta una nota de crédito"),
    Cause.DUPLICATE: N_("Repetido en lo suyo"),
}
_MATCHED = {
    MatchedBy.UUID: N_("Folio fiscal"), MatchedBy.FOLIO: N_("Folio"),
    MatchedBy.LOOSE_FOLIO: N_("Folio sin serie ni ceros"), MatchedBy.AMOUNT: N_("Importe y fecha"),
}  # fmt: skip
_PARTIES = {Party.US: N_("Nosotros"), Party.THEM: N_("El cliente")}


def cause_label(cause: str) -> str:
    """Why a line differs."""
    return _(_CAUSES[Cause(cause)])


def matched_label(by: str | None) -> str:
    """How the two papers were found to be one; blank where there is one alone."""
    return _(_MATCHED[MatchedBy(by)]) if by else ""


def party_label(party: str) -> str:
    """Who does what was agreed."""
    return _(_PARTIES[Party(party)])
