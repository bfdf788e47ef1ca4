"""A `ReadClient` that answers from a list, for tests of one provider's queries; the real client has its own tests."""

from collections.abc import Mapping
from typing import Any

from providers import ProviderRequestError


class Recorded:
    """Answers each path in order (the last answer stays) and notes every query. An exception is raised."""

    def __init__(self, answers: Mapping[str, list[Any]]) -> None:
        self._answers = {path: list(found) for path, found in answers.items()}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def get_json(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        self.asked.append((path, dict(params or {})))
        known = self._answers.get(path)
        if not known:
            raise ProviderRequestError("no such path", status=404)
        answer = known.pop(0) if len(known) > 1 else known[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
