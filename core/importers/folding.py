"""Headers and words of closed lists, compared without case, accents, punctuation and blanks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SIGNS = str.maketrans({"°": "o", "ª": "a"})  # N° is written for Nº, which decomposes into No by itself


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Letters and digits only, lower case, without accents: "Nº documento" and "No. Documento" are "nodocumento"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    return "".join(filter(str.isalnum, decomposed))
