"""Settings of the installation, from the environment; every one has a default that works on one machine."""

import os
import secrets
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
DEFAULT_DATABASE_URL = f"sqlite:///{DATA / 'cartera.db'}"


class Config(BaseSettings):
    """The environment variables that the contract names, in lower case."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = DEFAULT_DATABASE_URL
    tz_business: str = "America/Mexico_City"
    business_date: date | None = None
    cartera_lang: str = "es"
    smtp_url: str = ""
    secret_key: str = ""

    @field_validator("business_date", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("tz_business")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError(value) from error
        return value

    @field_validator("database_url")
    @classmethod
    def _one_of_our_databases(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _relative_files_lie_in_the_project(cls, value: str) -> str:
        """`sqlite:///data/cartera.db` means the project's folder, wherever the command was started."""
        head, found, path = value.partition("sqlite:///")
        if found and not head and path and not Path(path).is_absolute() and path != ":memory:":
            return f"sqlite:///{ROOT / path}"
        return value


@cache
def config() -> Config:
    """The settings as the process was started with them."""
    return Config()


def secret_key() -> str:
    """The key that signs cookies: `SECRET_KEY`, else one made once and kept in `data/secret.key` with mode 600."""
    if config().secret_key:
        return config().secret_key
    path = DATA / "secret.key"
    DATA.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key
