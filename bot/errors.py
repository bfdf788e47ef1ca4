"""What the shell says when it cannot do as asked: one sentence each for what, why and what to do next."""


class CommandError(Exception):
    """Words that cannot be read, or that ask for what is not allowed. The text is finished, for a person.

    `exit_code`: 2 when the words or settings were wrong, 1 when something failed while doing it.
    """

    exit_code = 2

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ConfigError(CommandError):
    """A setting that cannot be used as it stands."""


class FailedError(CommandError):
    """The words were right, but it did not work."""

    exit_code = 1


class ChatError(Exception):
    """A platform did not take a message. `outcome_known` False: it may have arrived (silence, 5xx, reset).

    `permanent`: the channel is gone, the bot was removed or may not write there. `retry_after_s`: the platform asked.
    """

    def __init__(
        self,
        sentence: str,
        *,
        permanent: bool = False,
        outcome_known: bool = True,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.permanent = permanent
        self.outcome_known = outcome_known
        self.retry_after_s = retry_after_s


class PlatformError(Exception):
    """A chat platform cannot be listened to. The sentence is finished: what happened, and what to do where one can."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
