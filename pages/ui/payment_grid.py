"""What money is applied to: open instalments in a grid with one editable column, the proposal, and the sums."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from zlib import crc32

import pandas as pd
import pyarrow as pa
import streamlit as st

from core.auth.actor import Actor
from core.documents.applying import Line
from core.i18n import _, money, plural
from core.money import CENT
from core.payments.proposal import Method, Outcome, Plan, Planned, Rates, lines_of, plan, propose
from core.payments.queries import Instalments, OpenInstalment, open_instalments
from core.policies.settings import amount_setting
from pages.ui import columns, forms, guard
from pages.ui.text import plain

HEIGHT = 10 * 35 + 38
#: A type that no value changes: the editor forgets what was typed when the type of a column is another.
_MONEY = pd.ArrowDtype(pa.decimal128(20, 2))


class Asked(NamedTuple):
    """What is to be applied: how much, of what, to whose documents of which currency, on which day ages count."""

    customer_id: int
    amount: Decimal
    currency: str
    rates: Rates
    documents_in: str
    on: Any
    form: str
    received: bool = True  # False: it came before and is still in favour


def shown(actor: Actor, asked: Asked) -> tuple[Plan | None, list[Line]]:
    """The grid with its buttons and sums; returns the plan and what the command is asked for."""
    with guard.reading() as session:
        found = open_instalments(
            session, actor, customer_id=asked.customer_id, currency=asked.documents_in, on=asked.on
        )
        tolerance = amount_setting(session, "writeoff.tolerance")
    method = _head(asked)
    if not found.rows:
        st.info(_("Este cliente no tiene documentos abiertos en {currency}: lo que reciba queda a favor.").format(
            currency=asked.documents_in
        ))  # fmt: skip
        return plan([], [], asked.amount, asked.rates, found.open), []
    proposed = propose(method, found.rows, asked.amount, asked.rates)
    if proposed is None:
        st.info(_("Ninguna combinación de estos documentos suma exactamente {amount}.").format(
            amount=plain(money(asked.amount, asked.currency))
        ))  # fmt: skip
    key = _grid_key(asked, found, method)
    given = _kept(asked, key, found.rows, proposed or [Decimal("0.00")] * len(found.rows))
    made = plan(found.rows, _edited(key, given), asked.amount, asked.rates, found.open)
    _keep(asked, key, made.rows)
    _grid(made.rows, given, key)
    if found.found > len(found.rows):
        st.caption(_("Se muestran los {shown} vencimientos más viejos de {all}.").format(
            shown=len(found.rows), all=found.found
        ))  # fmt: skip
    _sums(asked, made)
    close = tolerance is not None and tolerance > 0 and _closes(asked, made, tolerance)
    st.caption(_told(made, method))
    return made, lines_of(made.rows, close_up_to=tolerance if close else None)


def _head(asked: Asked) -> Method:
    """Title and the ways to make a proposal; the one chosen is kept until the form is saved."""
    key, title = forms.key(asked.form, "propuesta"), _("2. A qué se aplica") if asked.received else _("A qué se aplica")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {title}", width="stretch")
        for method, label, icon, kind in (
            (Method.OLDEST, _("Aplicar del más antiguo"), "sort", "secondary"),
            (Method.EXACT, _("Buscar combinación exacta"), "calculate", "secondary"),
            (Method.NONE, _("Limpiar"), "backspace", "tertiary"),
        ):
            if st.button(label, key=forms.key(asked.form, method), icon=f":material/{icon}:", type=kind):  # type: ignore[arg-type]  # one of Streamlit's words
                st.session_state[key] = str(method)
                st.session_state[f"{key}_veces"] = int(st.session_state.get(f"{key}_veces", 0)) + 1
    return Method(st.session_state.get(key, Method.OLDEST))


def _grid_key(asked: Asked, found: Instalments, method: Method) -> str:
    """What was typed belongs to these instalments and this proposal: with others it starts anew."""
    same = crc32(repr([row.entry_id for row in found.rows]).encode())
    times = st.session_state.get(f"{forms.key(asked.form, 'propuesta')}_veces", 0)
    return forms.key(asked.form, f"grid_{method}_{times}_{same}")


def _edited(key: str, given: Sequence[Decimal]) -> list[Decimal]:
    """The proposal with what was typed over it. The browser sends numbers: their shortest decimal text is exact."""
    typed = st.session_state.get(key, {}).get("edited_rows", {})
    amounts = list(given)
    for place, change in typed.items():
        if "given" in change and int(place) < len(amounts):
            value = Decimal(str(change["given"] or 0)).quantize(CENT, ROUND_HALF_UP)
            amounts[int(place)] = max(value, Decimal("0.00"))
    return amounts


def _kept(asked: Asked, key: str, rows: Sequence[OpenInstalment], given: Sequence[Decimal]) -> list[Decimal]:
    """The proposal with what was typed before somebody else's movement changed the list of instalments."""
    if key not in st.session_state:
        st.session_state[f"{key}_kept"] = dict(st.session_state.get(_typed_key(asked), {}))
    kept = st.session_state.get(f"{key}_kept", {})
    return [kept.get(row.entry_id, amount) for row, amount in zip(rows, given, strict=True)]


def _keep(asked: Asked, key: str, rows: Sequence[Planned]) -> None:
    """Remembers what is typed by its instalment, not by its row."""
    typed = st.session_state.get(key, {}).get("edited_rows", {})
    mine = {rows[int(place)].instalment.entry_id: rows[int(place)].given for place in typed if int(place) < len(rows)}
    st.session_state[_typed_key(asked)] = st.session_state.get(f"{key}_kept", {}) | mine


def _typed_key(asked: Asked) -> str:
    key = forms.key(asked.form, "propuesta")
    return f"{key}_{asked.customer_id}_{asked.documents_in}_{st.session_state.get(f'{key}_veces', 0)}"


def happens(made: Plan) -> list[str]:
    """What becomes of instalments, in words, as far as anything does."""
    parts = [plural("{n} se liquida", "{n} se liquidan", made.settled)] if made.settled else []
    return parts + ([plural("{n} abono", "{n} abonos", made.partly)] if made.partly else [])


def too_much(made: Plan) -> bool:
    """Whether more is given than there is, or than is open of an instalment."""
    return made.left < 0 or any(one.outcome is Outcome.TOO_MUCH for one in made.rows)


def excess(made: Plan, amount: Decimal) -> str:
    """What is too much, and what to do about it."""
    if made.left < 0:
        told = _("Aplica **{applied}** y solo hay **{amount}**: baje la columna Aplicar.")
        return told.format(applied=plain(money(made.applied)), amount=plain(money(amount)))
    over = next(one.instalment for one in made.rows if one.outcome is Outcome.TOO_MUCH)
    told = _("De {number} solo quedan **{open}**: baje la columna Aplicar.")
    return told.format(number=plain(over.number), open=plain(money(over.open)))


def seen(form: str, shown_: Plan | None) -> bool:
    """Whether the account is what the screen showed when the button was pressed; others may have moved it since."""
    now = [(one.instalment.entry_id, one.instalment.open) for one in shown_.rows] if shown_ else []
    before = st.session_state.get(forms.key(form, "visto"), now)
    st.session_state[forms.key(form, "visto")] = now
    return bool(before == now)


def changed(lead: str) -> None:
    """Says that nothing was done because the account is another than the one on the screen."""
    told = _("La cuenta del cliente cambió mientras usted capturaba. Revise la propuesta y confirme otra vez.")
    st.error(f"**{lead}** {told}", icon=":material/block:")


def _grid(rows: Sequence[Planned], given: Sequence[Decimal], key: str) -> None:
    """The table. `given`: the proposal; the browser lays what was typed over it, and forgets what it finds there."""
    words = {Outcome.SETTLED: _("Se liquida"), Outcome.PARTLY: _("Parcial"), Outcome.TOO_MUCH: _("Excede")}
    colours = {words[Outcome.SETTLED]: "green", words[Outcome.PARTLY]: "orange", words[Outcome.TOO_MUCH]: "red"}
    frame = pd.DataFrame(
        {
            "number": pd.Series([one.instalment.number for one in rows], dtype=object),
            "given": pd.Series(list(given), dtype=_MONEY),
            "open": pd.Series([one.instalment.open for one in rows], dtype=_MONEY),
            "left": pd.Series([one.left for one in rows], dtype=_MONEY),
            "due_on": [one.instalment.due_on for one in rows],
            "days": [one.instalment.days for one in rows],
            "part": [
                _("{n} de {all}").format(n=one.instalment.instalment, all=one.instalment.instalments) for one in rows
            ],
            "outcome": [words.get(one.outcome, "") for one in rows],
        }
    )
    config = {
        "number": columns.text(_("Folio"), width=96), "given": columns.money(_("Aplicar"), width=110, least=0),
        "open": columns.money(_("Saldo"), width=104), "left": columns.money(_("Quedará"), width=104),
        "due_on": columns.date(_("Vence"), width=86), "days": columns.number(_("Días"), width=48),
        "part": columns.text(_("Parc."), width=56), "outcome": columns.chips(_("Resultado"), colours, width=92),
    }  # fmt: skip
    st.data_editor(
        frame, column_config=config, hide_index=True, num_rows="fixed", row_height=35, key=key,
        disabled=[name for name in config if name != "given"], height=min(HEIGHT, 35 * len(rows) + 38),
        alt=_("Documentos abiertos del cliente; la columna Aplicar se puede escribir"),
    )  # fmt: skip


def _sums(asked: Asked, made: Plan) -> None:
    with st.grid(4, min_column_width=150):
        for label, amount, currency in (
            (_("Recibido") if asked.received else _("Por aplicar"), asked.amount, asked.currency),
            (_("Aplicado"), made.applied, asked.currency),
            (_("Queda a favor"), made.left, asked.currency),
            (_("Saldo después"), made.balance_after, asked.documents_in),
        ):  # fmt: skip
            named = label if asked.currency == asked.documents_in else f"{label} ({currency})"
            st.metric(named, money(amount))


def _closes(asked: Asked, made: Plan, tolerance: Decimal) -> bool:
    """Asks whether differences within the tolerance are to be closed, where there is one."""
    if not any(line.close for line in lines_of(made.rows, close_up_to=tolerance)):
        return False
    label = _("Cerrar las diferencias de hasta {amount}").format(amount=plain(money(tolerance)))
    return st.checkbox(label, key=forms.key(asked.form, "cerrar"))


def _told(made: Plan, method: Method) -> str:
    if not made.settled and not made.partly:
        return _("Nada se aplica todavía: escriba en la columna Aplicar o use una propuesta.")
    settled = plural("liquida {n} vencimiento", "liquida {n} vencimientos", made.settled)
    partly = plural("abona a {n}", "abona a {n}", made.partly)
    does = _(" y ").join(part for part, many in ((settled, made.settled), (partly, made.partly)) if many)
    told = _("Así {does}. Puede cambiar cualquier renglón de la columna Aplicar.")
    if method is Method.OLDEST:
        told = _(
            "La propuesta {does}, empezando por el que venció primero. Puede cambiar cualquier renglón de la "
            "columna Aplicar."
        )
    return told.format(does=does)
