"""A strategy as it is typed: points, steps, rules, stages with what is said in each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.auth.actor import Actor
from core.collections.rules import AmountSteps, Points, Rules, Steps
from core.collections.stages import StageRules, stage_word
from core.collections.strategies import (
    EVERYBODY,
    MOST_DAYS,
    MOST_POINTS,
    Strategies,
    end_strategy,
    save_strategy,
    segments,
    strategies,
)
from core.errors import DomainError
from core.i18n import N_, _
from core.money import CENT
from pages.ui import columns, forms, frame, guard, refusal

_FLAT = {
    "promise_broken": N_("Promesa rota"), "promise_due_today": N_("Promesa que vence hoy"),
    "promise_partly_kept": N_("Promesa cumplida a medias"), "next_action_due": N_("Siguiente paso para hoy"),
    "credit_blocked": N_("Crédito bloqueado"), "growing_delay": N_("Paga cada vez más tarde"),
    "returned_cheque": N_("Cheque devuelto"), "first_delay": N_("Primer atraso en 12 meses"),
    "due_soon": N_("Por vencer (preventiva)"),
}  # fmt: skip
_STEPS = {
    "amount": (N_("Importe vencido"), N_("Desde")), "days": (N_("Días de atraso"), N_("Desde")),
    "silence": (N_("Días sin contacto"), N_("Desde")),
}  # fmt: skip


def chosen() -> tuple[str, Strategies]:
    """The segment whose strategy is edited, by its name in the address; and all strategies."""
    with guard.reading() as session:
        plans, known = strategies(session), segments(session)
    options = [EVERYBODY, *known, *(one for one in plans.by_segment if one and one not in known)]

    def label(segment: str) -> str:
        if not segment:
            return _("Todos los demás")
        return segment if segment in plans.by_segment else _("{segment} (como todos)").format(segment=segment)

    asked = str(st.query_params.get("segmento", ""))
    segment = st.selectbox(
        _("Segmento"), options, index=options.index(asked) if asked in options else 0, format_func=label,
        key="segmento_elegido", width=320,
    )  # fmt: skip
    if segment != asked:  # bound, the address would have the label instead of the name
        st.query_params["segmento"] = segment
    return segment, plans


def about(actor: Actor, segment: str, plans: Strategies) -> None:
    """Whose strategy this is, and the way back to the one of all."""
    own = plans.by_segment.get(segment)
    with st.container(horizontal=True, vertical_alignment="center"):
        if own is None:
            st.caption(_("Este segmento usa la estrategia de todos; al guardar tendrá la suya."))
        elif not own.version:
            st.caption(_("Es la estrategia de inicio: nadie la ha cambiado."))
        else:
            st.caption(_("Versión {number} de esta estrategia.").format(number=own.version))
        if own is not None and own.version and st.button(
            _("Quitar y volver a la de todos") if segment else _("Volver a la de inicio"), key="strategy_end",
            type="tertiary", icon=":material/undo:",
        ):  # fmt: skip
            forms.submit(
                lambda session: end_strategy(session, actor, segment=segment), form=_form(segment),
                done=_("Estrategia retirada."),
            )  # fmt: skip


def fields(segment: str, rules: Rules) -> Rules | DomainError:
    """The strategy as it stands in the fields, or what cannot be read of it."""
    form = _form(segment)
    points, steps, rest, stages = st.tabs((_("Puntos"), _("Escalas"), _("Quién descansa"), _("Etapas y guiones")))
    with points:
        flat = _flat(form, rules.points)
    with steps:
        scales = _scales(form, rules.points)
    with rest:
        others = _others(form, rules)
    with stages:
        told = _stages(form, rules)
    if isinstance(others, DomainError):
        return others
    own = rules.version if rules.segment == segment else 0
    return replace(others, segment=segment, version=own, points=Points(**flat, **scales), stages=told)


def save(actor: Actor, typed: Rules | DomainError) -> None:
    """The button that writes it as a new version."""
    if st.button(_("Guardar estrategia"), key="strategy_save", type="primary", icon=":material/check:"):
        if isinstance(typed, DomainError):
            refusal.lines(typed, _("No se guardó nada."))
            return
        forms.submit(
            lambda session: save_strategy(session, actor, rules=typed), form=_form(typed.segment),
            done=_("Estrategia guardada; la agenda ya la usa."),
            then=lambda _rules: st.session_state.pop("strategy_shown", None),
        )  # fmt: skip


def _form(segment: str) -> str:
    return f"strategy_{segment}"


def _flat(form: str, points: Points) -> dict[str, Any]:
    st.caption(_("Cada motivo suma estos puntos; con 0 no cuenta."))
    with st.grid(3, min_column_width=220):
        return {
            name: int(st.number_input(
                _(label), 0, MOST_POINTS, getattr(points, name), step=1, key=forms.key(form, name)
            ))
            for name, label in _FLAT.items()
        }  # fmt: skip


def _scales(form: str, points: Points) -> dict[str, Any]:
    st.caption(_("Vale el último renglón que se alcanza: de ese importe o de esos días en adelante, tantos puntos."))
    found: dict[str, Any] = {}
    with st.grid(3, min_column_width=260):
        for name, (title, since) in _STEPS.items():
            with frame.card(f"escala-{name}", gap="xsmall"):
                st.markdown(f"**{_(title)}**")
                found[name] = _steps(form, name, _(since), getattr(points, name))
    return found


def _steps(form: str, name: str, since: str, steps: AmountSteps | Steps) -> AmountSteps | Steps:
    shown = pd.DataFrame(
        {"since": pd.Series([start for start, _points in steps], dtype=object),
         "points": pd.Series([given for _start, given in steps], dtype=object)}
    )  # fmt: skip
    typed = st.data_editor(
        shown, key=forms.key(form, f"escala_{name}"), num_rows="dynamic", hide_index=True, row_height=35,
        column_config={
            "since": columns.money(since, least=0) if name == "amount" else columns.number(since),
            "points": columns.number(_("Puntos")),
        },
    )  # fmt: skip
    read = [(row["since"], row["points"]) for row in typed.to_dict("records") if _there(row["since"], row["points"])]
    if name == "amount":
        return tuple(sorted((Decimal(str(start)).quantize(CENT), int(given)) for start, given in read))
    return tuple(sorted((int(start), int(given)) for start, given in read))


def _there(*cells: object) -> bool:
    return all(cell is not None and not pd.isna(cell) for cell in cells)  # type: ignore[call-overload]  # any cell


def _others(form: str, rules: Rules) -> Rules | DomainError:
    with st.grid(3, min_column_width=240):
        quiet = st.number_input(
            _("Días de descanso después de una gestión"), 0, MOST_DAYS, rules.quiet_days, step=1,
            key=forms.key(form, "quiet"), placeholder=_("Los de Configuración"),
        )  # fmt: skip
        ahead = st.number_input(
            _("Llamar tantos días antes del vencimiento"), 0, MOST_DAYS, rules.preventive_days, step=1,
            key=forms.key(form, "preventive"), help=_("0: nadie antes de que venza"),
        )  # fmt: skip
        minimum = forms.amount_input(
            _("Importe vencido mínimo"), form, "minimum", value=f"{rules.minimum_amount:,}",
            help=_("Quien debe menos no entra por su atraso"),
        )  # fmt: skip
    disputes = {True: _("Cualquier aclaración"), False: _("Solo la que cubre todo lo vencido")}
    any_dispute = st.segmented_control(
        _("Qué aclaración pone en espera"), list(disputes), default=rules.any_dispute, required=True,
        format_func=disputes.__getitem__, key=forms.key(form, "disputes"),
    )  # fmt: skip
    try:
        amount = forms.amount(minimum or "0")
    except DomainError as error:
        return error
    return Rules(
        quiet_days=None if quiet is None else int(quiet), preventive_days=int(ahead or 0), minimum_amount=amount,
        any_dispute=bool(any_dispute),
    )  # fmt: skip


def _stages(form: str, rules: Rules) -> tuple[StageRules, ...]:
    st.caption(_(
        "Desde tantos días de atraso (negativo: antes de vencer). En el guion, {customer}, {person}, {company}, "
        "{collector}, {overdue}, {days} y {oldest} se llenan con los datos de la llamada."
    ))  # fmt: skip
    rows = [one._replace(name=stage_word(one, "name"), action=stage_word(one, "action")) for one in rules.stages]
    typed = st.data_editor(
        columns.frame(rows, StageRules._fields), key=forms.key(form, "etapas"), num_rows="dynamic", hide_index=True,
        row_height=70,
        column_config={
            "from_days": columns.number(_("Desde el día"), width=120), "name": columns.text(_("Etapa"), width=130),
            "action": columns.text(_("Qué se hace"), width=200),
            "script_es": columns.text(_("Guion en español"), width=330),
            "script_en": columns.text(_("Guion en inglés"), width=330),
        },
    )  # fmt: skip
    return tuple(_stage(row, rules.stages) for row in typed.to_dict("records") if _there(row["from_days"]))


def _stage(row: Mapping[Any, Any], before: Sequence[StageRules]) -> StageRules:
    """A row of the table; names that were only translated for it stay what they were."""
    text = {name: row[name] if _there(row[name]) else "" for name in StageRules._fields[1:]}
    for one in before:
        for name in ("name", "action"):
            if text[name] == stage_word(one, name):
                text[name] = getattr(one, name)
    return StageRules(int(row["from_days"]), **text)
