"""The schema's version: told by one SELECT; Alembic is imported only when an upgrade is due."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage._scope import System
from storage.errors import SchemaTooNewError, StorageError

REVISIONS = ("0001", "0002", "0003")  # every revision in migrations/versions, oldest first; a test compares
NEWEST = REVISIONS[-1]
_MIGRATIONS = Path(__file__).parent / "migrations"


class Schema(System):
    """Which version the database has, and how it gets the newest one."""

    async def schema_version(self) -> str:
        """Return the revision of the database; '' when it is empty."""
        async with self._read() as tx:
            return await _version(tx)

    async def upgrade(self) -> None:
        """Bring the schema to the newest version, one process at a time; killed then, nothing has changed.

        Raises SchemaTooNewError when a newer version of the bot made it.
        """
        if _is_newest(await self.schema_version()):
            return
        async with self._write() as tx:
            await self._lock(tx, "schema")
            if not _is_newest(await _version(tx)):  # another process was faster
                await tx.run_sync(_migrate)

    async def require_newest(self) -> None:
        """Raise StorageError unless the schema has the newest version."""
        if not _is_newest(await self.schema_version()):
            raise StorageError("the database is of an older version: run `spendbot db upgrade`")


async def _version(tx: AsyncConnection) -> str:
    table = "sqlite_master WHERE type = 'table' AND name" if _is_sqlite(tx) else "pg_tables WHERE tablename"
    try:
        async with tx.begin_nested():
            found = await tx.execute(text("SELECT version_num FROM alembic_version"))
            return str(found.scalar_one())
    except DBAPIError:
        # Only a missing table means an empty database; anything else is told as what it is.
        known = await tx.execute(text(f"SELECT 1 FROM {table} = 'alembic_version'"))  # noqa: S608 - constants
        if known.first() is None:
            return ""
        raise


def _is_sqlite(tx: AsyncConnection) -> bool:
    return tx.dialect.name == "sqlite"


def _is_newest(version: str) -> bool:
    if version and version not in REVISIONS:
        raise SchemaTooNewError("the database was made by a newer version of spendbot: upgrade the bot")
    return version == NEWEST


def _migrate(connection: object) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
