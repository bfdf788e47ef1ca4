"""What a simulated vendor answers when it does not answer: one exception, worded by each vendor in its own shape."""


class ApiError(Exception):
    """A refusal. `kind` is the vendor's error type; `parameter` and `code` are OpenAI's."""

    def __init__(
        self, status: int, kind: str, message: str, *, parameter: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.parameter = parameter
        self.code = code
