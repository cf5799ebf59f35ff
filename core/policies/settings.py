"""Every setting of the company: key, default and rule in one table; reading and changing them."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.errors import DomainError
from core.i18n import N_, _
from core.policies.models import Setting


class UnknownSetting(DomainError):
    message = N_("No hay un ajuste «{key}».")


class BadSetting(DomainError):
    message = N_("«{value}» no vale para {key}: {rule}")


class CurrencyFixed(DomainError):
    message = N_("La moneda de la empresa ya no se puede cambiar: hay documentos registrados.")


def _text(value: str) -> str:
    if len(value) > 2_000:
        raise ValueError
    return value


def _currency(value: str) -> str:
    from babel.numbers import list_currencies  # slow to load, and seldom needed

    if value.upper() not in list_currencies():
        raise ValueError
    return value.upper()


def _rising(value: str) -> str:
    limits = [int(part) for part in value.split(",")]
    if any(low >= high for low, high in pairwise(limits)) or len(limits) > 12:
        raise ValueError
    return ",".join(str(limit) for limit in limits)


def _levels(value: str) -> str:
    levels = _rising(value)
    if any(abs(int(days)) > 3_650 for days in levels.split(",")):  # a day so far away may not exist
        raise ValueError
    return levels


def _buckets(value: str) -> str:
    if int(value.split(",")[0]) < 1:
        raise ValueError
    return _rising(value)


def _count(value: str) -> str:
    if not 0 <= int(value) <= 3_650:
        raise ValueError
    return str(int(value))


def _amount(value: str) -> str:
    amount = Decimal(value)
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise ValueError
    return f"{amount:.2f}"


def _amount_or_none(value: str) -> str:
    return _amount(value) if value.strip() else ""


def _percent(value: str) -> str:
    percent = Decimal(value)
    if not percent.is_finite() or not 0 <= percent <= 1_000:
        raise ValueError
    return str(percent.normalize() if percent else 0)


#: Days in which a dispute of each type is to be answered.
_DISPUTE_DAYS = (
    "price:5,discount:5,quantity:5,delivery:5,return:7,quality:10,tax_data:3,duplicate:3,order:5,paid:2,other:10"
)


def _days_by_type(value: str) -> str:
    days = parse_days(value)
    if days.keys() != parse_days(_DISPUTE_DAYS).keys():
        raise ValueError
    return ",".join(f"{name}:{_count(str(count))}" for name, count in days.items())


def parse_days(value: str) -> dict[str, int]:
    """`price:5,quality:10` as days by type; ValueError when it is written otherwise."""
    pairs = [one.partition(":") for one in value.split(",")]
    return {name.strip(): int(count) for name, _colon, count in pairs}


def _address_or_none(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,180}", value, re.ASCII):
        raise ValueError
    return value


def _switch(value: str) -> str:
    if value.lower() not in ("true", "false"):
        raise ValueError
    return value.lower()


def _year(value: str) -> str:
    if value not in ("360", "365"):
        raise ValueError
    return value


def _hours(value: str) -> str:
    first, last = (int(part) for part in value.split("-"))
    if not 0 <= first < last <= 24:
        raise ValueError
    return f"{first}-{last}"


def _zones(value: str) -> str:
    from zoneinfo import available_timezones  # read from disk, and seldom needed

    zones = parse_zones(value)
    if not zones.keys().isdisjoint({""}) or not set(zones.values()) <= available_timezones():
        raise ValueError
    return ",".join(f"{place}={zone}" for place, zone in zones.items())


def parse_zones(value: str) -> dict[str, str]:
    """`PR=America/Puerto_Rico,Noroeste=America/Tijuana` as time zones by country or region."""
    pairs = [one.partition("=") for one in value.split(",") if one.strip()]
    return {place.strip(): zone.strip() for place, _sign, zone in pairs}


def _above_zero(value: str) -> str:
    if int(value) < 1:
        raise ValueError
    return _count(value)


class Rule(NamedTuple):
    """One setting: its default, what makes a text valid and tidy (ValueError if not), and the words for the user."""

    default: str
    tidy: Callable[[str], str]
    label: str
    rule: str


_DAYS = N_("un número entero de días, 0 o más.")
_MONEY = N_("un importe de 0.00 o más, con dos decimales.")
_HOURS = N_("la primera y la última hora, de 0 a 24, como 8-21.")

SETTINGS: dict[str, Rule] = {
    "company.name": Rule("", _text, N_("Nombre de la empresa"), N_("un texto.")),
    "company.currency": Rule("MXN", _currency, N_("Moneda de la empresa"), N_("una clave ISO, como MXN o USD.")),
    "company.letterhead": Rule("", _text, N_("Membrete de los documentos"), N_("un texto de pocas líneas.")),
    "aging.buckets": Rule(
        "30,60,90,120", _buckets, N_("Límites de los tramos de antigüedad"),
        N_("hasta 12 números enteros que crecen, separados por comas, como 30,60,90,120."),
    ),
    "approval.credit_note": Rule(
        "", _amount_or_none, N_("Nota de crédito que espera aprobación desde"), N_("un importe, o vacío para ninguna.")
    ),
    "writeoff.tolerance": Rule("0.00", _amount, N_("Diferencia que se puede cerrar al aplicar"), _MONEY),
    "promises.tolerance_days": Rule("0", _count, N_("Días de tolerancia de una promesa"), _DAYS),
    "promises.default_days": Rule("7", _count, N_("Días sugeridos para una promesa"), _DAYS),
    "disputes.days": Rule(
        _DISPUTE_DAYS, _days_by_type, N_("Días para contestar cada tipo de aclaración"),
        N_("cada tipo con sus días, como price:5, todos los de inicio y separados por comas."),
    ),
    "credit.max_overdue_days": Rule("30", _count, N_("Días de atraso que bloquean"), _DAYS),
    "credit.min_overdue_amount": Rule("0.00", _amount, N_("Importe vencido que bloquea"), _MONEY),
    "credit.broken_promises": Rule(
        "2", _count, N_("Promesas rotas que bloquean"), N_("un número entero; 0 lo apaga.")
    ),
    "credit.returned_cheque_days": Rule("90", _count, N_("Días que bloquea un cheque devuelto"), _DAYS),
    "credit.cheque_clearing_days": Rule("0", _count, N_("Días en que un cheque queda en tránsito"), _DAYS),
    "credit.watch_pct": Rule(
        "80", _percent, N_("Uso de la línea que pone en observación"), N_("un porcentaje, como 80.")
    ),
    "credit.auto_release": Rule("false", _switch, N_("Liberar pedidos sin motivos"), N_("true o false.")),
    "credit.release_grace_days": Rule("1", _count, N_("Días de gracia de una liberación"), _DAYS),
    "commissions.cheque_safety_days": Rule("0", _count, N_("Días de seguridad de un cheque"), _DAYS),
    "worklist.quiet_days": Rule("3", _count, N_("Días sin volver a llamar después de una gestión"), _DAYS),
    "contact.hours.MX": Rule("7-22", _hours, N_("Horario para llamar en México"), _HOURS),
    "contact.hours.PR": Rule("8-21", _hours, N_("Horario para llamar en Puerto Rico"), _HOURS),
    "contact.hours.US": Rule("8-21", _hours, N_("Horario para llamar en Estados Unidos y demás países"), _HOURS),
    "contact.zones": Rule(
        "PR=America/Puerto_Rico,US=America/New_York", _zones, N_("Zona horaria de un país o una región"),
        N_("país o región y su zona, separados por comas, como PR=America/Puerto_Rico,Noroeste=America/Tijuana."),
    ),
    "contact.max_in_7_days": Rule(
        "7", _count, N_("Llamadas a un cliente en 7 días antes de avisar"), N_("un número entero; 0 no avisa nunca.")
    ),
    "letters.levels": Rule(
        "5,20,40", _levels, N_("Días de atraso de cada carta"),
        N_("hasta 12 números enteros que crecen, separados por comas, como 5,20,40."),
    ),
    "letters.min_days_between": Rule("7", _count, N_("Días mínimos entre cartas"), _DAYS),
    "outbox.from_address": Rule(
        "", _address_or_none, N_("Correo desde el que se escribe"),
        N_("una dirección, o vacío: la del usuario de SMTP_URL."),
    ),
    "outbox.max_tries": Rule("5", _above_zero, N_("Intentos por correo"), N_("un número entero, 1 o más.")),
    "interest.annual_pct": Rule(
        "6", _percent, N_("Interés moratorio anual"), N_("un porcentaje, como 6; el pactado, o el que fija la ley.")
    ),
    "interest.days_in_year": Rule("360", _year, N_("Días del año para calcular intereses"), N_("360 o 365.")),
    "interest.grace_days": Rule("0", _count, N_("Días de gracia antes de cobrar intereses"), _DAYS),
    "interest.minimum": Rule("0.00", _amount, N_("Interés menor que no se cobra"), _MONEY),
    "interest.tax_pct": Rule(
        "16", _percent, N_("Impuesto sobre los intereses"), N_("un porcentaje, como 16; 0 si no lleva.")
    ),
    "agreements.manager_max": Rule(
        "250000.00", _amount_or_none, N_("Convenio que una gerencia aprueba sola, hasta"),
        N_("un importe en la moneda de la empresa, o vacío para cualquiera."),
    ),
    "agreements.manager_months": Rule(
        "6", _count, N_("Meses de convenio que una gerencia aprueba sola"), N_("un número entero de meses, 0 o más.")
    ),
    "agreements.manager_waiver_pct": Rule(
        "50", _percent, N_("Interés que una gerencia condona sola, hasta"), N_("un porcentaje, como 50.")
    ),
    "agreements.discount_pct": Rule(
        "12", _percent, N_("Tasa anual para comparar propuestas (valor presente)"), N_("un porcentaje, como 12.")
    ),
    "agreements.breach_after": Rule(
        "1", _above_zero, N_("Pagos incumplidos que rompen un convenio"), N_("un número entero, 1 o más.")
    ),
    "agreements.grace_days": Rule("3", _count, N_("Días de gracia antes de dar por roto un convenio"), _DAYS),
    "stages.prelegal_days": Rule("90", _count, N_("Prelegal: más días de atraso que"), _DAYS),
    "stages.prelegal_amount": Rule("5000.00", _amount, N_("Prelegal: vencido mayor que"), _MONEY),
    "stages.prelegal_broken": Rule(
        "3", _count, N_("Prelegal: o promesas rotas en 90 días"), N_("un número entero; 0 lo apaga.")
    ),
    "stages.agency_days": Rule("120", _count, N_("Despacho externo: más días de atraso que"), _DAYS),
    "stages.agency_amount": Rule("10000.00", _amount, N_("Despacho externo: vencido mayor que"), _MONEY),
    "stages.agency_broken": Rule(
        "0", _count, N_("Despacho externo: o promesas rotas en 90 días"), N_("un número entero; 0 lo apaga.")
    ),
    "stages.legal_days": Rule("180", _count, N_("Legal: más días de atraso que"), _DAYS),
    "stages.legal_amount": Rule("50000.00", _amount, N_("Legal: vencido mayor que"), _MONEY),
    "stages.legal_broken": Rule(
        "0", _count, N_("Legal: o promesas rotas en 90 días"), N_("un número entero; 0 lo apaga.")
    ),
    "stages.notice_days": Rule("7", _count, N_("Días antes de una audiencia en que se avisa"), _DAYS),
    "stages.prescription_days": Rule("90", _count, N_("Días antes de la prescripción en que se avisa"), _DAYS),
}  # fmt: skip


def all_settings(session: Session) -> dict[str, str]:
    """Every key with its value, the default where nobody changed it."""
    changed = {one.key: one.value for one in session.scalars(select(Setting))}
    return {key: changed.get(key, rule.default) for key, rule in SETTINGS.items()}


def setting(session: Session, key: str) -> str:
    """The value of one key."""
    if key not in SETTINGS:
        raise UnknownSetting(key=key)
    found = db.rows(session, _VALUE, key=key)
    return str(found[0][0]) if found else SETTINGS[key].default


_VALUE = select(col(Setting.value)).where(col(Setting.key) == bindparam("key"))


def company_currency(session: Session) -> str:
    """The currency in which the company keeps its books."""
    return setting(session, "company.currency")


def buckets(session: Session) -> list[int]:
    """The upper limits, in days, of the aging's buckets; past the last one there is one more."""
    return parse_limits(setting(session, "aging.buckets"))


def parse_limits(value: str) -> list[int]:
    """`30,60,90` as numbers; ValueError when they do not rise or the first is below 1."""
    return [int(part) for part in _buckets(value).split(",")]


def amount_setting(session: Session, key: str) -> Decimal | None:
    """A setting that is an amount; None where it is blank."""
    value = setting(session, key)
    return Decimal(value) if value else None


def tidy(key: str, value: str) -> str:
    """`value` as it is kept; UnknownSetting or BadSetting when it cannot be one of `key`."""
    if key not in SETTINGS:
        raise UnknownSetting(key=key)
    rule = SETTINGS[key]
    try:
        return rule.tidy(value.strip())
    except (ValueError, InvalidOperation) as error:
        raise BadSetting(key=key, value=value, rule=_(rule.rule)) from error


def set_setting(session: Session, actor: Actor, *, key: str, value: str, currency_in_use: bool = False) -> str:
    """Changes one setting and returns its tidy value. `currency_in_use`: a document exists already."""
    actor.require(Permission.CHANGE_SETTINGS)
    db.take(session, "settings")
    kept = tidy(key, value)
    before = setting(session, key)
    if key == "company.currency" and kept != before and currency_in_use:
        raise CurrencyFixed
    if kept == before:
        return kept
    found = session.get(Setting, key)
    if found is None:
        session.add(Setting(key=key, value=kept))
    else:
        found.value = kept
    record(session, actor, "setting.changed", entity="setting", entity_id=key, before=before, after=kept)
    return kept


#: A row that is no setting of the company: the database holds the demo company.
_DEMO = "demo"


def is_demo(session: Session) -> bool:
    """Whether this database holds the demo company; every page of it says so."""
    return session.get(Setting, _DEMO) is not None


def mark_as_demo(session: Session) -> None:
    """From here on every page says that the company is invented."""
    session.add(Setting(key=_DEMO, value="true"))
    session.flush()
