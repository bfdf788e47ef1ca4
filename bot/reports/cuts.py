"""Slices made into rows: dimensions become columns, ids become names, unpriced rows stay apart from zero."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.errors import CommandError
from bot.reports.frame import Frame
from bot.reports.names import NAMED
from bot.views.errors import no_users
from bot.views.facts import SpendRow, Total, Unpriced
from bot.views.names import NOT_ATTRIBUTED
from spend.breakdown import currency_order
from spend.usage import Basis
from storage import Slice

COLUMNS = {
    "provider": "provider",
    "connection": "connection_id",
    "model": "model",
    "project": "project",
    "key": "api_key",
    "user": "user",
    "tier": "service_tier",
    "kind": "kind",
    "day": "day",
    "hour": "hour",
}
TOKEN_CLASS = "token class"  # noqa: S105 - a dimension's name


@dataclass(slots=True)
class Sum:
    """What one group adds up to."""

    billed: int = 0
    estimated: int = 0
    tokens: int | None = None
    requests: int | None = None
    unpriced_tokens: int = 0
    unpriced_rows: int = 0
    has_unknown_requests: bool = field(default=False)

    @property
    def nanos(self) -> int:
        """Billed plus estimated."""
        return self.billed + self.estimated

    @property
    def basis(self) -> Basis:
        """How far the group's amount can be trusted."""
        if self.unpriced_rows and not self.billed and not self.estimated:
            return Basis.UNPRICED
        if self.estimated and self.billed:
            return Basis.MIXED
        return Basis.ESTIMATED if self.estimated else Basis.BILLED

    @property
    def is_line(self) -> bool:
        """Tell whether it makes a row: money, or something used; zero lines of a bill make none."""
        return bool(self.nanos or self.tokens or self.unpriced_rows or self.requests)

    def add(self, piece: Slice) -> None:
        """Add a slice."""
        self.billed += piece.billed_nanos
        self.estimated += piece.estimated_nanos
        self.unpriced_tokens += piece.unpriced_tokens
        self.unpriced_rows += piece.unpriced_rows
        if piece.tokens:
            self.tokens = (self.tokens or 0) + sum(piece.tokens.values())
        if piece.requests is None:
            self.has_unknown_requests = self.has_unknown_requests or bool(piece.tokens)
        else:
            self.requests = (self.requests or 0) + piece.requests


type_sums = dict[tuple[tuple[str, ...], str], Sum]


def columns_for(by: Sequence[str]) -> tuple[str, ...]:
    """Return the storage columns to ask for; the connection comes along where ids are only unique inside one."""
    columns = [COLUMNS[name] for name in by if name != TOKEN_CLASS]
    hidden = ["connection_id"] if any(column in NAMED for column in columns) else []
    return tuple(dict.fromkeys([*columns, *hidden]))


def add_up(
    frame: Frame, by: Sequence[str], slices: Iterable[Slice], beside: Iterable[Slice] = ()
) -> type_sums:
    """Sum slices by the labels of the asked dimensions and the currency.

    `beside`: slices of the window this one is compared with, so that a name is told apart alike in both.
    """
    pieces = list(slices)
    columns = columns_for(by)
    labels = _labels(frame, columns, [*pieces, *beside])
    sums: type_sums = {}
    for piece in pieces:
        values = dict(zip(columns, piece.key, strict=True))
        for token_class, part in _parts(by, piece):
            key = tuple(
                token_class
                if name == TOKEN_CLASS
                else labels[COLUMNS[name]][values.get("connection_id", ""), values[COLUMNS[name]]]
                for name in by
            )
            sums.setdefault((key, part.currency), Sum()).add(part)
    return sums


def rows_of(now: type_sums, before: type_sums | None) -> tuple[SpendRow, ...]:
    """Return a row per group that has something, now or in the comparison."""
    keys = [key for key, each in now.items() if each.is_line]
    if before is not None:
        keys += [key for key, each in before.items() if key not in now and each.nanos]
    rows = []
    for key in keys:
        group = now.get(key, Sum())
        earlier = None if before is None else before.get(key, Sum()).nanos
        rows.append(
            SpendRow(
                labels=key[0],
                nanos=group.nanos,
                currency=key[1],
                basis=group.basis,
                tokens=group.tokens,
                requests=None if group.has_unknown_requests else group.requests,
                before_nanos=earlier,
            )
        )
    return tuple(rows)


def totals_of(slices: Iterable[Slice], before: Iterable[Slice] | None) -> tuple[Total, ...]:
    """Return the exact total per currency, USD first, then by code; `before` fills the comparison's."""
    now: dict[str, Sum] = {}
    for piece in slices:
        now.setdefault(piece.currency, Sum()).add(piece)
    earlier: dict[str, int] = {}
    for piece in before or ():
        earlier[piece.currency] = earlier.get(piece.currency, 0) + piece.nanos
    with_money = [code for code, each in now.items() if each.nanos or code == "USD"] or ["USD"]
    return tuple(
        Total(
            nanos=now[code].nanos if code in now else 0,
            currency=code,
            billed_nanos=now[code].billed if code in now else 0,
            estimated_nanos=now[code].estimated if code in now else 0,
            before_nanos=None if before is None else earlier.get(code, 0),
        )
        for code in sorted(with_money, key=currency_order)
        if code != "USD" or code in now or len(with_money) == 1
    )


def connections_with_money(slices: Iterable[Slice]) -> frozenset[str]:
    """Return the ids of connections that spent something, from slices whose key begins with the connection."""
    nanos: Counter[tuple[str, str]] = Counter()
    for piece in slices:
        nanos[piece.key[0], piece.currency] += piece.nanos
    return frozenset(connection_id for (connection_id, _), amount in nanos.items() if amount)


def unpriced_of(slices: Iterable[Slice]) -> tuple[Unpriced, ...]:
    """Return what has no price, from slices by model and kind, most tokens first."""
    tokens: dict[tuple[str, ...], int] = {}
    for piece in slices:
        if piece.unpriced_rows:
            tokens[piece.key] = tokens.get(piece.key, 0) + piece.unpriced_tokens
    found = [Unpriced(model or NOT_ATTRIBUTED, kind, count) for (model, kind), count in tokens.items()]
    return tuple(sorted(found, key=lambda each: (-each.tokens, each.model, each.kind)))


def _labels(
    frame: Frame, columns: Sequence[str], pieces: Sequence[Slice]
) -> dict[str, dict[tuple[str, str], str]]:
    owner = columns.index("connection_id") if "connection_id" in columns else None
    labels = {}
    for place, column in enumerate(columns):
        values = {(piece.key[owner] if owner is not None else "", piece.key[place]) for piece in pieces}
        if column in ("day", "hour", "provider"):
            labels[column] = {pair: pair[1] or NOT_ATTRIBUTED for pair in values}
        else:
            labels[column] = frame.names.labels(column, values)
    return labels


def _parts(by: Sequence[str], piece: Slice) -> list[tuple[str, Slice]]:
    """Cut a slice by token class where that was asked; each class carries its own money and tokens."""
    if TOKEN_CLASS not in by:
        return [("", piece)]
    names = sorted(set(piece.parts) | set(piece.tokens))
    whole = sum(piece.parts.values())
    cut = []
    for name in names:
        amount, tokens = piece.parts.get(name, 0), piece.tokens.get(name)
        if not amount and not tokens:
            continue
        billed = amount * piece.billed_nanos // whole if whole else 0
        cut.append(
            (
                name,
                Slice(
                    key=piece.key,
                    currency=piece.currency,
                    billed_nanos=billed,
                    estimated_nanos=amount - billed,
                    tokens={} if tokens is None else {name: tokens},
                    unpriced_rows=piece.unpriced_rows if not whole else 0,
                ),
            )
        )
    return cut


def refuse_users(frame: Frame, by: Sequence[str]) -> None:
    """Raise a CommandError when users are asked for and no provider reports any."""
    if "user" not in by:
        return
    reporting = [c for c in frame.connections if frame.house.provider(c.provider).info.reports_users]
    if reporting and frame.settings.user_names:
        return
    if reporting:
        raise CommandError(
            "User names are off here. An admin turns them on with /spend settings names on. Nearest: /spend by key."
        )
    raise CommandError(no_users([c.label for c in frame.connections]))
