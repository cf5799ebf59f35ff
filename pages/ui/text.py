"""User text made safe for the places where Streamlit reads Markdown or HTML."""

import html
import re

from core.i18n import _

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&])")


def plain(text: object) -> str:
    """`text` so that Markdown shows it as it is: no emphasis, formula, link, icon or colour comes of it."""
    return _MARKS.sub(r"\\\1", str(text)).replace("\n", " ")


def markup(text: object) -> str:
    """`text` so that HTML shows it as it is."""
    return html.escape(str(text), quote=True)


def all_of(field: str) -> str:
    """What a filter says while it holds nothing back: of regions «Todas»."""
    return _("Todas") if field == "region" else _("Todos")
