"""The folded text by which customers are found: one spelling for who writes it and who searches."""

import unicodedata

#: RFCs that stand for the public in general and for foreigners: they never identify anybody.
GENERIC_TAX_IDS = frozenset({"XAXX010101000", "XEXX010101000"})


def folded(text: str) -> str:
    """`text` in lower case, without accents, with single blanks: "  José  Ñandú" is "jose nandu"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def is_generic(tax_id: str | None) -> bool:
    """Whether an RFC is one of the two that many customers share."""
    return tax_id is not None and tax_id.strip().upper() in GENERIC_TAX_IDS


def search_text(code: str, legal_name: str, tax_id: str | None) -> str:
    """What goes into `customer.search`; whoever writes code, name or RFC writes this too. A generic RFC is left out."""
    return folded(f"{code} {legal_name} {'' if tax_id is None or is_generic(tax_id) else tax_id}")
