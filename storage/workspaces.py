"""Workspaces: what each has set, the chat places that belong to it, and where its messages go."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage._ids import new_id
from storage._scope import System
from storage._sql import insert_into, upsert
from storage.audit import Audit
from storage.errors import NotFoundError, StorageError
from storage.tables._types import table_of
from storage.tables.workspaces import ChannelRow, InstallationRow, WorkspaceRow
from storage.values import AuditEntry, Channel, Installation, Settings

HOME = "home"
CONSOLE = "console"
PURPOSES = ("alerts", "summary")

_WORKSPACE = table_of(WorkspaceRow)
_INSTALLATION = table_of(InstallationRow)
_CHANNEL = table_of(ChannelRow)


class Directory(System):
    """Find workspaces: the home workspace, by name, by chat place."""

    async def home(self, now: datetime, zone: str = "UTC") -> str:
        """Return the id of the home workspace; it, its console and the console's channels are made if missing."""
        workspace = _new_workspace(HOME, HOME, now, zone)
        place = {
            "workspace_id": HOME,
            "id": CONSOLE,
            "platform": CONSOLE,
            "external_id": CONSOLE,
            "name": "Console",
        }
        async with self._read() as tx:
            if (
                await tx.execute(select(_WORKSPACE.c.id).where(_WORKSPACE.c.id == HOME))
            ).scalar_one_or_none():
                return HOME
        async with self._write() as tx:
            made = await tx.execute(insert_into(tx, _WORKSPACE).values(workspace).on_conflict_do_nothing())
            if made.rowcount == 1:
                await tx.execute(_INSTALLATION.insert().values(place))
                await tx.execute(_CHANNEL.insert(), [_console_channel(purpose) for purpose in PURPOSES])
        return HOME

    async def add_workspace(self, name: str, now: datetime, zone: str = "UTC") -> str:
        """Make another workspace and return its id; StorageError where the name is taken."""
        workspace = _new_workspace(new_id(), name, now, zone)
        async with self._write() as tx:
            made = await tx.execute(insert_into(tx, _WORKSPACE).values(workspace).on_conflict_do_nothing())
            if made.rowcount == 0:
                raise StorageError(f"There is a workspace named {name} already.")
        return str(workspace["id"])

    async def workspaces(self) -> list[tuple[str, str]]:
        """Return (id, name) of every workspace, by name."""
        async with self._read() as tx:
            rows = await tx.execute(select(_WORKSPACE.c.id, _WORKSPACE.c.name).order_by(_WORKSPACE.c.name))
            return [(row.id, row.name) for row in rows]

    async def workspace_by_name(self, name: str) -> str:
        """Return the id of the workspace of this name; NotFoundError where there is none."""
        async with self._read() as tx:
            found = (
                await tx.execute(select(_WORKSPACE.c.id).where(_WORKSPACE.c.name == name))
            ).scalar_one_or_none()
        if found is None:
            raise NotFoundError(f"There is no workspace named {name}.")
        return str(found)

    async def installation(self, platform: str, external_id: str) -> Installation | None:
        """Return the installation of a chat place, removed ones included; None where it belongs to no workspace."""
        query = select(_INSTALLATION).where(
            _INSTALLATION.c.platform == platform, _INSTALLATION.c.external_id == external_id
        )
        async with self._read() as tx:
            row = (await tx.execute(query)).one_or_none()
        return None if row is None else _installation(row)


class Places(Audit):
    """What a workspace has set, and its chat places and channels."""

    async def settings(self) -> Settings:
        """Return what the workspace has set; NotFoundError where it is gone."""
        async with self._read() as tx:
            return await self._settings(tx)

    async def change_settings(self, audit: AuditEntry, **fields: Any) -> Settings:
        """Change some fields of Settings and return all. A new zone has the rollup by day made again with it."""
        columns = {name: list(value) if name == "admins" else value for name, value in fields.items()}
        unknown = set(columns) - set(Settings.__dataclass_fields__)
        if unknown:
            raise StorageError(f"There is no setting named {min(unknown)}.")
        async with self._write() as tx:
            await self._lock_workspace(tx)
            before = await self._settings(tx)
            if columns:
                await tx.execute(
                    update(_WORKSPACE).where(_WORKSPACE.c.id == self.workspace_id).values(columns)
                )
            after = await self._settings(tx)
            if after.zone != before.zone:
                await self._zone_changed(tx, after.zone)
            await self._note(tx, audit)
            return after

    async def installations(self) -> list[Installation]:
        """Return the chat places of the workspace, removed ones included."""
        query = select(_INSTALLATION).where(_INSTALLATION.c.workspace_id == self.workspace_id)
        async with self._read() as tx:
            rows = await tx.execute(query.order_by(_INSTALLATION.c.platform, _INSTALLATION.c.id))
            return [_installation(row) for row in rows]

    async def add_installation(
        self, platform: str, external_id: str, name: str, audit: AuditEntry
    ) -> Installation:
        """Link a chat place to the workspace, again if it was removed; StorageError where another one has it."""
        row = {"workspace_id": self.workspace_id, "id": new_id(), "platform": platform, "name": name}
        mine = (_INSTALLATION.c.workspace_id == self.workspace_id) & (_INSTALLATION.c.platform == platform)
        mine &= _INSTALLATION.c.external_id == external_id
        async with self._write() as tx:
            new = insert_into(tx, _INSTALLATION).values(row | {"external_id": external_id})
            await tx.execute(new.on_conflict_do_nothing())
            back = update(_INSTALLATION).where(mine).values(name=name, removed_at=None)
            if (await tx.execute(back)).rowcount == 0:
                raise StorageError("This chat place belongs to another workspace.")
            await self._note(tx, audit)
            return _installation((await tx.execute(select(_INSTALLATION).where(mine))).one())

    async def remove_installation(self, installation_id: str, now: datetime, audit: AuditEntry) -> None:
        """Note that the bot was removed from a chat place: nothing is posted there any more, what was queued fails.

        Its channels are kept for the case that it comes back; `forget_channels` lets them go. NotFoundError where the
        workspace has no such place.
        """
        gone = update(_INSTALLATION).where(
            _INSTALLATION.c.workspace_id == self.workspace_id, _INSTALLATION.c.id == installation_id
        )
        async with self._write() as tx:
            if (await tx.execute(gone.values(removed_at=now))).rowcount == 0:
                raise NotFoundError("There is no such chat place in this workspace.")
            await self._place_gone(tx, installation_id, now)
            await self._note(tx, audit)

    async def forget_channels(self, installation_id: str) -> int:
        """Forget which channels of a removed chat place were told what; returns how many there were."""
        removed = select(_INSTALLATION.c.id).where(
            _INSTALLATION.c.workspace_id == self.workspace_id,
            _INSTALLATION.c.id == installation_id,
            _INSTALLATION.c.removed_at.is_not(None),
        )
        of = (_CHANNEL.c.workspace_id == self.workspace_id) & _CHANNEL.c.installation_id.in_(removed)
        async with self._write() as tx:
            return (await tx.execute(delete(_CHANNEL).where(of))).rowcount

    async def channels(self, purpose: str) -> list[Channel]:
        """Return where a kind of message goes: never where the bot was removed, on the console while no chat is set."""
        here = (_INSTALLATION.c.workspace_id == _CHANNEL.c.workspace_id) & (
            _INSTALLATION.c.id == _CHANNEL.c.installation_id
        )
        query = (
            select(_CHANNEL)
            .join(_INSTALLATION, here)
            .where(
                _CHANNEL.c.workspace_id == self.workspace_id,
                _CHANNEL.c.purpose == purpose,
                _INSTALLATION.c.removed_at.is_(None),
            )
        )
        async with self._read() as tx:
            rows = await tx.execute(query.order_by(_CHANNEL.c.platform, _CHANNEL.c.channel))
            found = [_channel(row) for row in rows]
        return [channel for channel in found if channel.platform != CONSOLE] or found

    async def set_channel(self, channel: Channel, audit: AuditEntry) -> None:
        """Send a kind of message to this channel too; NotFoundError for a chat place of another workspace."""
        place = select(_INSTALLATION.c.id).where(
            _INSTALLATION.c.workspace_id == self.workspace_id,
            _INSTALLATION.c.id == channel.installation_id,
            _INSTALLATION.c.platform == channel.platform,
            _INSTALLATION.c.removed_at.is_(None),
        )
        row = {
            "workspace_id": self.workspace_id,
            "purpose": channel.purpose,
            "installation_id": channel.installation_id,
            "channel": channel.channel,
            "platform": channel.platform,
            "name": channel.name,
        }
        async with self._write() as tx:
            if (await tx.execute(place)).scalar_one_or_none() is None:
                raise NotFoundError("There is no such chat place in this workspace.")
            await tx.execute(upsert(tx, _CHANNEL, ["platform", "name"]).values(row))
            await self._note(tx, audit)

    async def clear_channel(
        self, purpose: str, installation_id: str, channel: str, audit: AuditEntry
    ) -> None:
        """Send a kind of message to this channel no more; NotFoundError where it went there not at all."""
        statement = delete(_CHANNEL).where(
            _CHANNEL.c.workspace_id == self.workspace_id,
            _CHANNEL.c.purpose == purpose,
            _CHANNEL.c.installation_id == installation_id,
            _CHANNEL.c.channel == channel,
        )
        async with self._write() as tx:
            if (await tx.execute(statement)).rowcount == 0:
                raise NotFoundError("Nothing of this kind goes to that channel.")
            await self._note(tx, audit)

    async def _settings(self, tx: AsyncConnection) -> Settings:
        row = (await tx.execute(select(_WORKSPACE).where(_WORKSPACE.c.id == self.workspace_id))).one_or_none()
        if row is None:
            raise NotFoundError("This workspace is gone.")
        return Settings(
            name=row.name,
            zone=row.zone,
            first_weekday=row.first_weekday,
            user_names=row.user_names,
            pictures=row.pictures,
            summary_at=row.summary_at,
            summary_zone=row.summary_zone,
            admins=tuple(row.admins),
        )

    async def _zone_changed(self, tx: AsyncConnection, zone: str) -> None:
        """Make what hangs on the zone again, in the same transaction. The part that keeps cells overrides it."""
        raise NotImplementedError

    async def _place_gone(self, tx: AsyncConnection, installation_id: str, now: datetime) -> None:
        """Give up what was to be posted there, in the same transaction. The part that keeps deliveries overrides it."""
        raise NotImplementedError


def _new_workspace(workspace_id: str, name: str, now: datetime, zone: str) -> dict[str, Any]:
    defaults = Settings(name=name, zone=zone)
    return {
        "id": workspace_id,
        "name": name,
        "created_at": now,
        "zone": zone,
        "first_weekday": defaults.first_weekday,
        "user_names": defaults.user_names,
        "pictures": defaults.pictures,
        "summary_at": defaults.summary_at,
        "summary_zone": defaults.summary_zone,
        "admins": list(defaults.admins),
    }


def _console_channel(purpose: str) -> dict[str, Any]:
    return {
        "workspace_id": HOME,
        "purpose": purpose,
        "installation_id": CONSOLE,
        "channel": CONSOLE,
        "platform": CONSOLE,
        "name": CONSOLE,
    }


def _installation(row: Row[Any]) -> Installation:
    return Installation(
        id=row.id,
        workspace_id=row.workspace_id,
        platform=row.platform,
        external_id=row.external_id,
        name=row.name,
        removed_at=row.removed_at,
    )


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        installation_id=row.installation_id,
        platform=row.platform,
        channel=row.channel,
        purpose=row.purpose,
        name=row.name,
    )
