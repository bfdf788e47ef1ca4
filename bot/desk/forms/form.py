"""Forms without a platform: what is asked for, and what was wrong with it. One file per form does the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.views.model import Line

type_field_kind = Literal["text", "key", "choice", "channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in. `key`: a secret, which no platform can hide while it is typed; its label says so.

    value: what stands there at first. choices: (value, label). hint: one sentence below the field.
    """

    name: str
    label: str
    kind: type_field_kind = "text"
    hint: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form. Title and submit have at most 24 characters. `value` comes back with what was filled in."""

    name: str
    title: str
    text: tuple[Line, ...] = ()
    fields: tuple[Field, ...]
    submit: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """What was wrong, by the name of the field, as finished sentences; nothing was changed."""

    errors: Mapping[str, str]


class FormError(Exception):
    """Raised while a form is read: one field cannot be used as it stands."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence
