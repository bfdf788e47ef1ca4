"""What only admins may do, refused in one way wherever it is asked for."""

from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import only_admins


async def for_admins(asked: Asked, act: str) -> None:
    """Let admins pass. `act`: "set budgets". Raises CommandError, which says whom to ask."""
    if not asked.actor.is_admin:
        raise CommandError(only_admins(act, (await asked.store.settings()).admins))
