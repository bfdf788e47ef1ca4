"""What `spendbot doctor` looks at for Slack: the token, its scopes, the way acts arrive, and the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.platforms.slack.calls import make_client, read
from bot.platforms.slack.guard import LONGEST_AGE_S
from bot.platforms.slack.identity import NEEDED_SCOPES, Identity, who_am_i
from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.setup import APP_TOKEN, BOT_TOKEN, SlackSetup
from bot.ports import Finding

REINSTALL = "Update the app from docs/reference/slack-manifest.yaml, then install it again."
_DOCTOR_S = 10
_SMALL_DIFFERENCE_S = 30


async def examine(setup: SlackSetup, now: datetime, *, has_http_port: bool) -> list[Finding]:
    """Ask Slack, and return a finding per check. Nothing is posted."""
    client = make_client(setup.bot_token, setup.api_url, timeout_s=_DOCTOR_S)
    try:
        identity = await who_am_i(client)
    except SlackError as err:
        return [_token(err)]
    findings = [Finding("ok", "Slack", f"speaks in {identity.team_name} ({identity.team_id})")]
    findings += _scopes(identity)
    findings += _clock(identity, now, is_socket_mode=setup.is_socket_mode)
    findings.append(await _listening(setup, has_http_port=has_http_port))
    return findings


def _token(err: SlackError) -> Finding:
    if err.is_token:
        step = f"Copy the Bot User OAuth Token of the app into SPENDBOT_{BOT_TOKEN}."
        return Finding("fail", "Slack", err.sentence, step)
    return Finding("fail", "Slack", err.sentence, "Check the network and SPENDBOT_SLACK_API_URL.")


def _scopes(identity: Identity) -> Iterator[Finding]:
    if identity.scopes is None:
        yield Finding("warn", "Slack scopes", "Slack does not say them", REINSTALL)
        return
    missing = [scope for scope in NEEDED_SCOPES if scope not in identity.scopes]
    further = sorted(identity.scopes - {*NEEDED_SCOPES, ""})
    if missing:
        yield Finding("fail", "Slack scopes", f"without {', '.join(missing)}", REINSTALL)
    elif further:
        yield Finding("warn", "Slack scopes", f"more than it needs: {', '.join(further)}", REINSTALL)
    else:
        yield Finding("ok", "Slack scopes", ", ".join(NEEDED_SCOPES))


def _clock(identity: Identity, now: datetime, *, is_socket_mode: bool) -> Iterator[Finding]:
    """Compare with Slack's Date header; over HTTP a difference of 5 minutes refuses every command."""
    try:
        ahead = round((now - parsedate_to_datetime(identity.server_date).astimezone(UTC)).total_seconds())
    except (TypeError, ValueError):
        return
    if abs(ahead) <= _SMALL_DIFFERENCE_S:
        yield Finding("ok", "clock", "agrees with Slack's")
        return
    words = f"{abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'} Slack's"
    refuses = not is_socket_mode and abs(ahead) > LONGEST_AGE_S
    words += "; every command is refused" if refuses else ""
    yield Finding("fail" if refuses else "warn", "clock", words, "Set this machine's clock by NTP.")


async def _listening(setup: SlackSetup, *, has_http_port: bool) -> Finding:
    if not setup.is_socket_mode:
        words = "HTTP mode: commands arrive at /slack/events"
        if has_http_port:
            return Finding("ok", "Slack commands", words)
        return Finding("fail", "Slack commands", f"{words}, but no port is open", "Set SPENDBOT_HTTP_PORT.")
    client = make_client("", setup.api_url, timeout_s=_DOCTOR_S)
    try:
        await read(lambda: client.apps_connections_open(app_token=setup.app_token))
    except SlackError as err:
        step = f"Make an app-level token with connections:write, and set SPENDBOT_{APP_TOKEN}."
        return Finding(
            "fail", "Slack commands", f"Socket Mode: {err.sentence[0].lower()}{err.sentence[1:-1]}", step
        )
    return Finding("ok", "Slack commands", "Socket Mode: a connection may be opened")
