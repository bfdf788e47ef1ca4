"""What Slack's error words mean for a message: gone for good, a token that is refused, later, or nobody knows.

Facts: Slack, "chat.postMessage" and "chat.update", lists of errors, checked 2026-11-20. `internal_error` and
`fatal_error` are Slack's own for "some of it may have been done".
"""

import re

from bot.errors import ChatError

_BLOCKS = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"),
        *("invalid_attachments", "too_many_attachments", "invalid_arguments"),
    }
)

_GONE = {
    "not_in_channel": "spendbot is not in that channel",
    "channel_not_found": "the channel is gone, or private and without spendbot",
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "restricted_action": "the workspace lets only some people post there",
    "restricted_action_read_only_channel": "the workspace lets only some people post there",
    "restricted_action_thread_only_channel": "only answers in threads may be posted there",
    "restricted_action_non_threadable_channel": "no threads may be opened there",
    "restricted_action_thread_locked": "the thread is locked",
    "cannot_reply_to_message": "that message takes no answers",
    "message_not_found": "the message is gone",
    "cant_update_message": "the message is not spendbot's own",
    "edit_window_closed": "the message is too old to be changed",
    "thread_not_found": "the message is gone",
    "messages_tab_disabled": "the app's messages tab is off",
    "user_not_found": "that person is gone",
    "user_disabled": "that person's account is off",
    "cannot_dm_bot": "that is a bot",
}
_TOKEN = {
    "token_revoked": "Slack's token was revoked",
    "token_expired": "Slack's token has expired",
    "account_inactive": "the app was removed from Slack, or its user switched off",
    "invalid_auth": "Slack refuses the token",
    "not_authed": "Slack got no token",
    "access_denied": "Slack refuses the app",
    "team_access_not_granted": "the app may not act in this workspace",
    "not_allowed_token_type": "this is another kind of token",
    "ekm_access_denied": "the organization's administrators suspended posting",
}
_SCOPE = {"missing_scope": "the app lacks a scope; install it again from its manifest"}
_UNKNOWN = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
LONGEST_WAIT_S = 3600.0
_WAIT_S = 30.0


class SlackError(ChatError):
    """A call that failed. `word`: Slack's own for it, '' where it is the connection's fault. `problems`: its details.

    `is_token`: nothing can be posted anywhere until the token or the app is mended.
    """

    def __init__(
        self,
        sentence: str,
        *,
        word: str = "",
        problems: tuple[str, ...] = (),
        is_token: bool = False,
        permanent: bool = False,
        outcome_known: bool = True,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(
            sentence, permanent=permanent, outcome_known=outcome_known, retry_after_s=retry_after_s
        )
        self.word = word
        self.problems = problems
        self.is_token = is_token

    @property
    def is_about_a_file(self) -> bool:
        """Whether Slack says that a picture is not ready to be shown yet."""
        told = " ".join(self.problems)
        return self.word == "invalid_blocks" and ("slack file" in told or "slack_file" in told)

    @property
    def is_about_blocks(self) -> bool:
        """Whether the same words in other blocks, or in none, would be taken."""
        return self.word in _BLOCKS


def refused(word: str, problems: tuple[str, ...] = (), retry_after: str = "") -> SlackError:
    """Return what follows from an error's word; `retry_after` is the header's text."""
    if word in ("ratelimited", "rate_limited"):
        return slow_down(retry_after)
    if word in _GONE:
        return SlackError(_sentence(_GONE[word]), word=word, permanent=True)
    if word in _TOKEN:
        return SlackError(_sentence(_TOKEN[word]), word=word, is_token=True)
    if word in _SCOPE:  # pictures may lack one that messages have
        return SlackError(_sentence(_SCOPE[word]), word=word)
    if word in _UNKNOWN:
        return SlackError(f"Slack failed ({word}).", word=word, outcome_known=False)
    shown = word if re.fullmatch(r"[a-z0-9_]{1,60}", word) else "without a reason"
    return SlackError(f"Slack refuses it ({shown}).", word=word, problems=problems)


def slow_down(retry_after: str) -> SlackError:
    """Return the error of a 429."""
    seconds = float(retry_after) if re.fullmatch(r"[0-9]{1,6}", retry_after, re.ASCII) else _WAIT_S
    sentence = "Slack asks to slow down."
    return SlackError(sentence, word="ratelimited", retry_after_s=min(seconds, LONGEST_WAIT_S))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if not words.startswith("spendbot") else f"{words}."
