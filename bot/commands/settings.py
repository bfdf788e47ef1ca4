"""`/spend settings [WHAT VALUE]`: shows what the workspace has set, and changes one of it."""

from dataclasses import dataclass
from typing import Any

from bot.changes.audit import audit_entry
from bot.changes.rights import for_admins
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, read_zone, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.model import View
from bot.views.settings import SettingsFacts, settings_view
from storage import Settings

WHAT = ("zone", "week", "names", "pictures", "admin")
USAGE = "[zone ZONE | week DAY | names on|off | pictures light|dark|auto | admin add|remove WHO]"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """Show everything that is set."""


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """Set one field of the workspace's settings."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class ChangeAdmin:
    """Name an admin, or take the name back. `who` is `platform:user id`."""

    who: str
    is_added: bool


def read(words: Words, _context: ReadContext) -> ShowSettings | ChangeSetting | ChangeAdmin:
    """Read nothing, or one thing and its value."""
    if not words:
        return ShowSettings()
    word = words.take()
    what = word.lower()
    if what in ("zone", "timezone"):
        return ChangeSetting("zone", read_zone(words.take()))
    if what == "week":
        words.take_if("starts", "start")
        return ChangeSetting("first_weekday", _WEEKDAYS.index(_one_of(words.take(), _WEEKDAYS)))
    if what in ("names", "users"):
        return ChangeSetting("user_names", _one_of(words.take(), ("on", "off")) == "on")
    if what == "pictures":
        theme = _one_of(words.take(), ("light", "dark", "auto"))
        return ChangeSetting("pictures", "" if theme == "auto" else theme)
    if what in ("admin", "admins"):
        return _admin(words)
    raise CommandError(f'"{shown(word)}" is no setting. Nearest: {words.mended(nearest(what, WHAT))}.')


def _one_of(word: str, choices: tuple[str, ...]) -> str:
    if word.lower() in choices:
        return word.lower()
    near = nearest(word, choices) if word else choices[0]
    raise CommandError(f'"{shown(word)}" is none of {", ".join(choices)}. Nearest: {near}.')


def _admin(words: Words) -> ChangeAdmin:
    act = _one_of(words.take(), ("add", "remove"))
    who = words.take()
    platform, colon, user = who.partition(":")
    if not colon or platform not in ("slack", "discord", "console") or not user.isalnum():
        raise CommandError(f'"{shown(who)}" is nobody: write slack:U0123ABC or discord:1029384756.')
    return ChangeAdmin(who, is_added=act == "add")


async def answer(intent: ShowSettings | ChangeSetting | ChangeAdmin, asked: Asked) -> View:
    """Show what is set; an admin's change is shown with the rest."""
    settings = await asked.store.settings()
    if isinstance(intent, ShowSettings):
        return _view(settings)
    await for_admins(asked, "change settings")
    audit = audit_entry(asked, "settings changed")
    if isinstance(intent, ChangeSetting):
        return _view(await asked.store.change_settings(audit, **{intent.field: intent.value}))
    others = tuple(who for who in settings.admins if who != intent.who)
    admins = (*others, intent.who) if intent.is_added else others
    return _view(await asked.store.change_settings(audit, admins=admins))


def _view(settings: Settings) -> View:
    return settings_view(
        SettingsFacts(
            name=settings.name,
            zone=settings.zone,
            first_weekday=settings.first_weekday,
            user_names=settings.user_names,
            pictures=settings.pictures,
            admins=settings.admins,
        )
    )


SPECS = (
    CommandSpec(
        path=("spend", "settings"),
        help="What this workspace has set: zone, week, names, pictures, admins.",
        usage=USAGE,
        example="/spend settings zone Europe/Berlin",
        params=(
            Param("what", "choice", "What to change; left out, everything is shown", WHAT),
            Param("value", "text", "Its new value"),
        ),
        read=read,
        answer=answer,
    ),
)
