"""When a customer may be called: by the clock of the place where he is, and how often lately (rule R13)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now
from core.collections.models import Channel, Contact
from core.config import config
from core.customers.models import Customer
from core.policies.settings import SETTINGS, parse_zones, setting

#: Those that ring at somebody's; a letter or an e-mail waits until it is read.
DISTURBING = frozenset({Channel.CALL, Channel.WHATSAPP, Channel.VISIT})
_MEXICO = "America/Mexico_City"
#: What holds for countries without hours of their own: the strictest.
_OTHERS = "US"


class Hours(NamedTuple):
    """The customer's clock at a moment, and the hours in which he may be disturbed: from `opens` to `closes`."""

    zone: str
    local: datetime
    opens: int
    closes: int

    @property
    def inside(self) -> bool:
        """Whether he may be called at that moment; at the closing hour he may no longer."""
        return self.opens <= self.local.hour < self.closes


def hours_of(session: Session, customer: Customer, at: datetime | None = None) -> Hours:
    """The customer's hours at a moment (now): by his time zone, else his region's, his country's, the company's."""
    country = customer.country or _home_country()
    zone = _usable(customer.time_zone) or _zone_of(session, customer.region, country)
    key = f"contact.hours.{country}"
    opens, closes = setting(session, key if key in SETTINGS else f"contact.hours.{_OTHERS}").split("-")
    return Hours(zone, (at or now()).astimezone(ZoneInfo(zone)), int(opens), int(closes))


def times_in_7_days(session: Session, customer_id: int, on: date) -> int:
    """How often a customer was called or written to in the 7 days that end on `on`, whoever answered."""
    found = select(func.count()).where(
        col(Contact.customer_id) == customer_id, col(Contact.channel).in_((Channel.CALL, Channel.WHATSAPP)),
        col(Contact.contacted_on).between(on - timedelta(days=6), on),
    )  # fmt: skip
    return session.scalar(found) or 0


def too_often(session: Session, customer_id: int, on: date) -> int | None:
    """How often, when that is as often as the company wants at most; None: he may be called once more."""
    most, times = int(setting(session, "contact.max_in_7_days")), times_in_7_days(session, customer_id, on)
    return times if 0 < most <= times else None


def _zone_of(session: Session, region: str | None, country: str) -> str:
    zones = parse_zones(setting(session, "contact.zones"))
    if found := zones.get(region or "") or (zones.get(country) if country != _home_country() else None):
        return found
    home = config().tz_business
    return _MEXICO if country == "MX" and _home_country() != "MX" else home


def _home_country() -> str:
    """The country of the company's own clock, as far as it matters here."""
    zone = config().tz_business
    return {"America/Puerto_Rico": "PR", "America/New_York": "US"}.get(zone, "MX")


def _usable(zone: str | None) -> str | None:
    """A time zone that this machine knows; what a file brought may be none."""
    try:
        return ZoneInfo(zone).key if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
