"""Builds the house: the one place where stores, clients and platforms are made and closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Config
from bot.errors import ConfigError, FailedError
from bot.master_key import find_master_key, make_key_file
from bot.pictures import Drawer
from bot.platforms.console.app import ConsolePlatform
from bot.ports import House, type_clock
from providers import provider
from spend.pricing import PriceBook
from storage import AuditEntry, KeyUnreadableError, SchemaTooNewError, StorageError, Store

if TYPE_CHECKING:
    from providers._http import HttpPool


def real_clock() -> datetime:
    """Return the present moment, aware UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_store(config: Config, *, now: datetime) -> AsyncIterator[Store]:
    """Open the database, doing what `init` does where it is missing: folders, schema, master key, home workspace.

    Raises ConfigError for a wrong or missing master key, FailedError when the database cannot be opened.
    """
    _make_folder(config.data_dir)
    store = await _open(config, await _master_key(config, now), now)
    try:
        is_first = not await store.workspaces()
        home = await store.home(now, config["TIMEZONE"])
        if is_first and config["STORE_USER_NAMES"]:
            audit = AuditEntry(at=now, who="settings", where="first start", what="user names on")
            await store.workspace(home).change_settings(audit, user_names=True)
        yield store
    finally:
        await store.close()


async def _open(config: Config, key: bytes | None, now: datetime) -> Store:
    """Open the database; without a key what is sealed stays shut."""
    try:
        return await Store.open(config.database_url, key_source=(lambda: key) if key else None, now=now)
    except (KeyUnreadableError, SchemaTooNewError) as err:
        raise ConfigError(err.sentence) from err
    except StorageError as err:
        raise FailedError(err.sentence) from err


async def _master_key(config: Config, now: datetime) -> bytes:
    """Return the master key; a first one is made where none is set and nothing is sealed yet."""
    key = find_master_key(config)
    if key is not None:
        return key
    keyless = await _open(config, None, now)
    try:
        is_sealed = await keyless.is_sealed()
    finally:
        await keyless.close()
    if is_sealed:
        raise ConfigError(
            "The database holds sealed data, but no master key is set. Set SPENDBOT_MASTER_KEY_FILE, or put the key "
            f"back at {config.key_file}."
        )
    try:
        return make_key_file(config.key_file)
    except FileExistsError:  # another process was first
        return find_master_key(config) or make_key_file(config.key_file)
    except OSError as err:
        raise ConfigError(
            f"The master key cannot be written to {config.key_file} ({type(err).__name__})."
        ) from None


@asynccontextmanager
async def open_house(
    config: Config, *, clock: type_clock = real_clock, pictures_folder: Path | None = None
) -> AsyncIterator[House]:
    """Build everything a command or the bot works with; close it all at the end, in the opposite order."""
    drawer = Drawer()
    async with open_store(config, now=clock()) as store:
        house = House(
            config=config,
            clock=clock,
            store=store,
            pictures=drawer,
            provider=provider,
            make_http=_make_http,
            make_prices=_make_prices,
            pictures_folder=pictures_folder or config.data_dir / "pictures",
            platforms={"console": ConsolePlatform()},
        )
        try:
            yield house
        finally:
            await house.close()
            drawer.close()


def _make_http() -> "HttpPool":
    from providers._http import HttpPool  # loads the HTTP libraries: only when a vendor is asked

    return HttpPool()


def _make_prices() -> PriceBook:
    from providers._prices import default_prices  # loads the price table: only when records are priced

    return default_prices()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as err:
        raise ConfigError(f"The data directory {folder} cannot be made ({type(err).__name__}).") from None
