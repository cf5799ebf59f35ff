"""All tables, imported once; the schema is made and brought up to date by Alembic from here."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

import core.audit.models
import core.auth.models
import core.customers.models
import core.documents.models
import core.importers.models
import core.ledger.models
import core.payments.models
import core.policies.models  # noqa: F401  the imports are what this module is for
from core import db

metadata: MetaData = SQLModel.metadata


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade() -> None:
    """Brings the database in use to the schema of this version; does nothing when it is there."""
    command.upgrade(_config(db.engine()), "head")


def is_current() -> bool:
    """Whether the database has the schema of this version."""
    with db.engine().connect() as connection:
        have = MigrationContext.configure(connection).get_current_revision()
    return have == ScriptDirectory.from_config(_config(db.engine())).get_current_head()
