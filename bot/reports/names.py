"""Names for the ids that vendors report: kept after deletion, told apart where two look alike."""

from collections.abc import Iterable, Mapping, Sequence

from bot.views.names import NOT_ATTRIBUTED, tell_apart
from spend.usage import DEFAULT_PROJECT, NO_KEY
from storage import Connection, KnownName

DEFAULT_WORKSPACE = "Default workspace"
# Columns whose values are ids, and what these name.
NAMED = {"project": "project", "api_key": "key", "user": "user"}
_MARKERS = {DEFAULT_PROJECT: DEFAULT_WORKSPACE, NO_KEY: "(no key)"}


class NameBook:
    """Looks up what people call an id. `with_users` off: users stay ids."""

    def __init__(
        self, known: Sequence[KnownName], connections: Iterable[Connection], *, with_users: bool
    ) -> None:
        self.connections: Mapping[str, Connection] = {each.id: each for each in connections}
        # An id may be known to several connections, of one of them only by its use: the one with a name counts.
        self._known = {(each.what, each.id): each for each in sorted(known, key=lambda each: bool(each.name))}
        self._owners: dict[tuple[str, str], set[str]] = {}
        for each in known:
            self._owners.setdefault((each.what, each.id), set()).add(each.connection_id)
        self._with_users = with_users

    def known(self, what: str, id_: str) -> KnownName | None:
        """Return everything that is known of an id."""
        return self._known.get((what, id_))

    def owners(self, column: str, id_: str) -> frozenset[str]:
        """Return the ids of the connections that reported a project, key or model; none where anyone may have it."""
        if id_ in _MARKERS:
            return frozenset()
        return frozenset(self._owners.get((NAMED.get(column, column), id_), ()))

    def name(self, column: str, id_: str) -> str:
        """Return the name of one value of a column, '' where none is known (or may be shown)."""
        if column == "connection_id":
            found = self.connections.get(id_)
            return found.label if found else ""
        if id_ in _MARKERS:
            return _MARKERS[id_]
        if column not in NAMED:
            return id_ or NOT_ATTRIBUTED
        known = self._known.get((NAMED[column], id_))
        return known.name if known and (column != "user" or self._with_users) else ""

    def maker(self, key_id: str) -> str:
        """Return the name of who made a key; '' where it is unknown or names are off."""
        known = self._known.get(("key", key_id))
        return self.name("user", known.maker) if known and known.maker else ""

    def labels(self, column: str, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Return a label per (connection id, value) of a column; equal ids share one, twins are told apart.

        A default workspace is a project of its own in each account: with several, the connection's name is added.
        """
        owners: dict[str, set[str]] = {}
        for connection_id, value in values:
            owners.setdefault(value, set()).add(connection_id)
        apart = tell_apart({value: self.name(column, value) for value in owners})
        labels = {}
        for value, connection_ids in owners.items():
            for connection_id in connection_ids:
                label = apart[value]
                if value == DEFAULT_PROJECT and len(connection_ids) > 1:
                    label = f"{DEFAULT_WORKSPACE} ({self.name('connection_id', connection_id)})"
                labels[connection_id, value] = label
        return labels

    def ids_like(self, column: str, values: Iterable[str]) -> dict[str, str]:
        """Return each id with the lower-case words it can be called by, for filters: its name, else itself."""
        return {value: (self.name(column, value) or value).casefold() for value in values}
