"""How each vendor words its bill: a usage row becomes charges on lines.

The forms follow the published samples of the two cost reports; OpenAI has no documented grammar for `line_item`.
"""

from collections.abc import Iterable

from bot.demo.vendors.account import Model, UsageRow
from bot.demo.vendors.ledger import SEARCH_NANOS, Charge, LineKey

_OPENAI_CLASSES = (("uncached_in", "input"), ("cache_read", "cached input"), ("out", "output"))

_ANTHROPIC_CLASSES = (
    ("uncached_in", "uncached_input_tokens", "Input Tokens"),
    ("cache_read", "cache_read_input_tokens", "Input Tokens, Cache Read"),
    ("cache_write_5m", "cache_creation.ephemeral_5m_input_tokens", "Input Tokens, Cache Write (5m)"),
    ("cache_write_1h", "cache_creation.ephemeral_1h_input_tokens", "Input Tokens, Cache Write (1h)"),
    ("out", "output_tokens", "Output Tokens"),
)


def openai_charges(row: UsageRow, model: Model) -> Iterable[Charge]:
    """Charge a row at OpenAI: a line per token class; one line per model for embeddings and for batches."""
    if row.kind == "embeddings":
        yield _openai(
            row, model.label, row.counts.uncached_in * model.price.uncached_in, row.counts.uncached_in
        )
        return
    parts = [
        (wording, getattr(row.counts, name), getattr(row.counts, name) * getattr(model.price, name))
        for name, wording in _OPENAI_CLASSES
    ]
    if row.is_batch:
        full = sum(nanos for _, _, nanos in parts)
        yield _openai(row, f"batch | {model.label}", full * model.batch_percent // 100, None)
        return
    for wording, tokens, nanos in parts:
        if tokens:
            yield _openai(row, f"{model.label}, {wording}", nanos, tokens)


def anthropic_charges(row: UsageRow, model: Model) -> Iterable[Charge]:
    """Charge a row at Anthropic: a line per workspace, model, tier, context window and token class; searches apart."""
    percent = model.batch_percent if row.tier == "batch" else 100
    suffix = ", Batch" if row.tier == "batch" else ""
    for name, token_type, wording in _ANTHROPIC_CLASSES:
        tokens = getattr(row.counts, name)
        if tokens:
            text = f"{model.label} Usage - {wording}{suffix}"
            key = LineKey(
                row.project, None, text, "tokens", row.model, row.tier, row.context_window, token_type
            )
            yield Charge(key, tokens * getattr(model.price, name) * percent // 100, tokens)
    if row.counts.web_searches:
        key = LineKey(row.project, None, "Web Search Usage", "web_search")
        yield Charge(key, row.counts.web_searches * SEARCH_NANOS)


def _openai(row: UsageRow, text: str, nanos: int, tokens: int | None) -> Charge:
    return Charge(LineKey(row.project, row.key, text, "tokens", row.model), nanos, tokens)
