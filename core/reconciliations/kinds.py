"""The closed lists of reconciliations: causes of differences, ways of matching, parties."""

from enum import StrEnum


class Cause(StrEnum):
    """Why a line differs; `agrees`: it does not."""

    AGREES = "agrees"
    NOT_IN_THEIRS = "not_in_theirs"
    NOT_IN_OURS = "not_in_ours"
    AMOUNT = "amount"
    PAID_NOT_APPLIED = "paid_not_applied"
    PAID_IN_OURS = "paid_in_ours"
    PAID_AFTER_CUT = "paid_after_cut"
    CREDIT_NOTE = "credit_note"
    DUPLICATE = "duplicate"


class MatchedBy(StrEnum):
    """How a row of theirs was found among ours."""

    UUID = "uuid"
    FOLIO = "folio"
    LOOSE_FOLIO = "loose_folio"
    AMOUNT = "amount"


class Party(StrEnum):
    """Who does what was agreed."""

    US = "us"
    THEM = "them"
