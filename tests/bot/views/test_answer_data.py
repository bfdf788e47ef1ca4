"""The object of `ask --json`: exact, uncut, the same facts as the words."""

import json
from dataclasses import replace
from typing import Any

from bot.views.spend import spend_view
from spend.usage import Basis
from tests.bot.views.harbor import row, total
from tests.bot.views.harbor_spend import BY_MODEL, CHANGE, MONTH, TODAY


def data_of(view_data: dict[str, Any] | None) -> dict[str, Any]:
    assert view_data is not None
    return view_data


def test_the_object_has_exactly_the_promised_members() -> None:
    data = data_of(spend_view(MONTH).data)

    assert list(data) == [
        "title", "lead", "facts", "table", "total", "totals", "unpriced", "freshness", "basis", "as_of", "window",
        "price_version", "chart", "warnings",
    ]  # fmt: skip
    assert data["total"] == {
        "amount": "2253.55",
        "currency": "USD",
        "billed": "1944.3",
        "estimated": "309.25",
    }
    assert data["basis"] == "mixed"
    assert data["as_of"] == "2026-11-19T13:05:00Z"
    assert data["window"] == {
        "start": "2026-10-31T23:00:00Z",
        "end": "2026-11-19T13:05:00Z",
        "label": "month",
    }
    assert data["freshness"][0] == {
        "connection": "Harbor Anthropic", "stream": "messages", "as_of": "2026-11-19T13:05:00Z", "state": "ok",
    }  # fmt: skip
    assert json.loads(json.dumps(data)) == data


def test_rows_are_raw_by_amount_and_then_by_name() -> None:
    rows = (row("b", amount="1"), row("openai", amount="2.000000001"), row("a\n" + "x" * 99, amount="1"))

    table = data_of(spend_view(replace(TODAY, rows=rows, totals=(total("4.000000001"),))).data)["table"]

    assert table["columns"] == [
        "provider", "amount", "currency", "basis", "tokens", "requests", "per_million", "share",
    ]  # fmt: skip
    assert [cells[0] for cells in table["rows"]] == ["openai", "a\n" + "x" * 99, "b"]
    assert table["rows"][0][1:4] == ["2.000000001", "USD", "estimated"]


def test_a_row_without_a_price_has_no_amount_and_tokens_keep_their_exact_number() -> None:
    rows = (
        row("a", amount="5", tokens=1_000_000, requests=7),
        row("b", amount="0", tokens=3, basis=Basis.UNPRICED),
    )

    table = data_of(spend_view(replace(BY_MODEL, rows=rows, totals=(total("5"),), base=None)).data)["table"]

    assert table["rows"] == [
        ["a", "5", "USD", "estimated", 1_000_000, 7, "5", "1"],
        ["b", None, "USD", "unpriced", 3, None, None, None],
    ]


def test_a_comparison_adds_the_base_and_the_exact_change() -> None:
    table = data_of(spend_view(CHANGE).data)["table"]

    assert table["columns"][-2:] == ["before", "change"]
    assert table["rows"][0][0] == "Agents"
    assert table["rows"][0][-2:] == ["62.05", "100.25"]
