"""What Slack signed and nobody understands, through guard, Bolt and our listeners: no 5xx, nothing of it in the log."""

import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog

from bot.logs import set_up_logs
from tests.bot.platforms.slack.open_slack import Running, open_slack

CANARY, DANA = "CANARY", "U0DANAWEI"
KINDS = ("block_actions", "view_submission", "view_closed", "event_callback", "shortcut", "message_action")
KINDS += ("url_verification", "block_suggestion", "dialog_submission", "workflow_step_edit", CANARY)
EVENTS = ("app_home_opened", "app_uninstalled_not", "tokens_revoked_not", "message", CANARY)
NAMES = ("user", "team", "view", "actions", "channel", "container", "event", "authorizations", "trigger_id")
NAMES += (
    "response_url",
    "message",
    "enterprise",
    "state",
    "event_id",
    "callback_id",
    "is_enterprise_install",
)


def nonsense(chance: random.Random, depth: int = 0) -> Any:
    made = [None, True, 7, 1e300, "", CANARY, "U0DANAWEI", "<!channel>", [], {}]
    if depth > 2 or chance.random() < 0.5:
        return chance.choice(made)
    if chance.random() < 0.4:
        return [nonsense(chance, depth + 1) for _ in range(chance.randrange(3))]
    names = (
        "id",
        "type",
        "name",
        "value",
        "action_id",
        "values",
        "private_metadata",
        "blocks",
        "text",
        "tab",
    )
    return {name: nonsense(chance, depth + 1) for name in chance.sample(names, chance.randrange(1, 6))}


def payload(chance: random.Random) -> dict[str, Any]:
    made = {name: nonsense(chance) for name in chance.sample(NAMES, chance.randrange(len(NAMES)))}
    made["type"] = chance.choice(KINDS)
    if made["type"] == "event_callback" and chance.random() < 0.7:
        made["event"] = {"type": chance.choice(EVENTS), "user": nonsense(chance), "tab": nonsense(chance)}
    if chance.random() < 0.3:
        made["actions"] = [
            {"type": "button", "action_id": chance.choice(["by_model", CANARY, ""]), "value": CANARY}
        ]
    return made


async def knock(running: Running, body: str, kind: str) -> int:
    headers = {"Content-Type": kind, **running.slack.signed(body)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(running.slack.request_url, data=body.encode(), headers=headers) as response,
    ):
        return response.status


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.level, root.handlers = before[0], before[1]
    structlog.reset_defaults()


async def test_it_gets_no_5xx_and_the_next_question_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("debug", "text")
    chance, statuses = random.Random(7), set()
    async with open_slack(tmp_path, over_http=True) as running:
        for number in range(600):
            text = json.dumps(payload(chance) | {"number": number})
            as_json = chance.random() < 0.5
            body = text if as_json else urlencode({"payload": text})
            kind = "application/json" if as_json else "application/x-www-form-urlencoded"
            statuses.add(await knock(running, body, kind))
        for number in range(100):
            made = {"command": chance.choice(["/spend", "/budget", CANARY]), "text": CANARY, "n": str(number)}
            made |= {
                name: str(nonsense(chance)) for name in ("user_id", "channel_id", "team_id", "trigger_id")
            }
            statuses.add(await knock(running, urlencode(made), "application/x-www-form-urlencoded"))

        await running.slack.command("help", user=DANA)
        [answer] = await running.slack.world.until(lambda: running.slack.world.private_for(DANA))

    assert answer.text.startswith("spendbot is here for Harbor Notes")
    assert statuses <= {200, 400, 404}, statuses
    written = capsys.readouterr()
    assert CANARY not in written.err + written.out
    assert "answer_failed" not in written.err + written.out
