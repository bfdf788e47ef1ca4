"""Discord's description of its HTTP API, read as JSON Schema (OpenAPI 3.1 is that, draft 2020-12).

It is read more strictly than it is written: a property that no schema names is an error here, so that a typing mistake
is not passed over as something optional.
"""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_ADDRESS = "urn:discord"


class Description:
    """The bodies that the description allows, by path and method."""

    def __init__(self, file: Path) -> None:
        self._document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def problems(self, method: str, path: str, body: object) -> list[str]:
        """Return what is wrong with a request's JSON body; empty when Discord's description allows it."""
        schema = f"/paths/{_escaped(path)}/{method.lower()}/requestBody/content/application~1json/schema"
        validator = Draft202012Validator({"$ref": f"{_ADDRESS}#{schema}"}, registry=self._registry)
        return [problem for error in validator.iter_errors(body) for problem in _told(error)]

    @cached_property
    def _registry(self) -> Registry[Any]:
        for schema in self._document["components"]["schemas"].values():
            if "properties" in schema:
                schema.setdefault("additionalProperties", False)
        return Registry().with_resource(_ADDRESS, DRAFT202012.create_resource(self._document))


def _escaped(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _told(error: Any) -> Iterator[str]:
    """Name the place and the fault; for a choice of schemas, what speaks against each of them."""
    where = "/".join(str(part) for part in error.absolute_path)
    yield f"{where}: {error.message[:200]}"
    for inner in error.context or ():
        yield from _told(inner)
