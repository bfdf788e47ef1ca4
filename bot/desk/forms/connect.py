"""The form "Connect a provider": provider, name and key. The key is checked before it is kept, and never repeated."""

from collections.abc import Mapping

from bot.desk.forms.form import Field, Form, FormError
from bot.errors import CommandError
from bot.jobs.connect import ConnectRequest, check_label, connect
from bot.ports import Asked, House
from bot.reports.connected import connected_facts
from bot.views.connect import connect_form_text, connected_view
from bot.views.model import View
from providers import Secret, provider_names

LONGEST_KEY = 4096


def form(house: House, provider: str = "") -> Form:
    """Return the form, with a provider chosen where one is named. It reads nothing, so that it opens at once."""
    infos = [house.provider(name).info for name in sorted(provider_names())]
    chosen = [info for info in infos if info.key == provider]
    return Form(
        name="connect",
        title="Connect a provider",
        text=connect_form_text([(info.key, info.name, info.key_hint) for info in chosen or infos]),
        fields=(
            Field(
                name="provider",
                label="Provider",
                kind="choice",
                value=provider if chosen else "",
                choices=tuple((info.key, info.name) for info in infos),
            ),
            Field(
                name="label",
                label="Name",
                hint="Shown beside its figures. Left out: the name of the account.",
                is_required=False,
            ),
            Field(name="key", label="Key (visible while you type)", kind="key"),
        ),
        submit="Check and save",
    )


async def submit(asked: Asked, values: Mapping[str, str], _value: str) -> View:
    """Check the key at its provider and keep it; its history then loads by itself. Raises FormError, CommandError."""
    request = _request(asked, values)
    try:
        connection, checked = await connect(asked.house, asked.store, asked.actor, request)
    except CommandError as err:
        raise FormError("key", err.sentence) from None
    return connected_view(await connected_facts(asked.house, asked.store, connection.id, checked.sentence))


def _request(asked: Asked, values: Mapping[str, str]) -> ConnectRequest:
    """Read what was filled in, as far as it can be judged without asking the provider."""
    provider, key = values.get("provider", ""), values.get("key", "").strip()
    if provider not in provider_names():
        raise FormError("provider", "Choose whose account it is.")
    try:
        label = check_label(values.get("label", ""))
    except CommandError as err:
        raise FormError("label", err.sentence) from None
    if not key or len(key) > LONGEST_KEY or not all("!" <= char <= "~" for char in key):
        raise FormError("key", "That is no key: a key is one word without spaces. Copy it whole.")
    return ConnectRequest(
        provider=provider,
        key=Secret(key),
        label=label,
        allow_private=bool(asked.house.config["ALLOW_PRIVATE"]),
        where=asked.place.channel_name or asked.place.platform,
    )
