"""Who stands at the console, and where: whoever has the command line is an admin of the workspace they name."""

import getpass

from bot.ports import Actor, Place
from storage import WorkspaceStore

CONSOLE_CHANNEL = "console"


async def person_at_the_console(store: WorkspaceStore) -> tuple[Actor, Place]:
    """Return the actor and place of someone who types on the machine the bot runs on."""
    installations = [i for i in await store.installations() if i.platform == "console"]
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        name = "the console"
    place = Place(
        platform="console",
        installation_id=installations[0].id if installations else "",
        channel=CONSOLE_CHANNEL,
        channel_name="the console",
    )
    return Actor(id=f"console:{name}", name=name, is_admin=True), place
