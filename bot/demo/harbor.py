"""The cast of Harbor Notes: people, projects, keys, models with their list prices, and what each key does all day."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.demo.traffic import BUILDS, NIGHT, Flow
from bot.demo.vendors.account import ApiKey, Counts, Model, Person, Price, Project

OPENAI_MODELS = {
    model.name: model
    for model in (
        Model("gpt-5.2", "gpt-5.2", Price(1750, 175, 0, 0, 14_000)),
        Model("gpt-5-mini", "gpt-5-mini", Price(250, 25, 0, 0, 2000)),
        Model("text-embedding-3-small", "text-embedding-3-small", Price(20)),
    )
}
ANTHROPIC_MODELS = {
    model.name: model
    for model in (
        Model("claude-sonnet-5", "Claude Sonnet 5", Price(2000, 200, 2500, 4000, 10_000)),
        Model("claude-opus-5", "Claude Opus 5", Price(5000, 500, 6250, 10_000, 25_000)),
        Model("claude-haiku-4-5", "Claude Haiku 4.5", Price(1000, 100, 1250, 2000, 5000)),
    )
}

_SEARCH, _INGEST, _EVALS, _PILOT = "proj_hn5Search", "proj_hn5Ingest", "proj_hn5Evals", "proj_hn5Pilot"
_SUPPORT, _AGENTS = "wrkspc_01HnSupportQvzr7rXLA5AGx", "wrkspc_01HnAgentsJwQ3HKfFUJk2m"
_SEARCH_PROD, _SEARCH_STAGING = "key_hnSearchProd7", "key_hnSearchStaging2"
_INGEST_BATCH, _EVALS_CI = "key_hnIngestBatch4", "key_hnEvalsCi9"
_SUPPORT_PROD, _SUPPORT_STAGING = "apikey_01HnSupportProdRj2N8SVvo6", "apikey_01HnSupportStagingBePZj9"
_AGENTS_PROD, _AGENTS_NIGHTLY = "apikey_01HnAgentsProdNhmiT4kQ7", "apikey_01HnAgentsNightlyWx3vD8"
_MIRA, _DANA = "user_hnMiraOkafor01", "user_hnDanaWeiss02"

SEARCH_KEY = (_SEARCH, _SEARCH_PROD)  # where OpenAI's tool calls are made

_CHAT = Counts(uncached_in=4000, cache_read=2000, out=700)
_SMALL = Counts(uncached_in=3000, cache_read=500, out=300)
_EXTRACT = Counts(uncached_in=2000, out=1000)  # nothing cached: every document of a batch is new
_EMBED = Counts(uncached_in=12_000)
_ANSWER = Counts(uncached_in=3000, cache_read=2500, cache_write_5m=400, out=1000)
_TRIAGE = Counts(uncached_in=2000, cache_read=1500, cache_write_5m=200, out=500)
_STEP = Counts(uncached_in=4000, cache_read=6000, cache_write_5m=900, cache_write_1h=60, out=1800)
_LONG_STEP = Counts(uncached_in=40_000, cache_read=180_000, cache_write_5m=2000, out=2500)

_SEARCHING = Flow(
    project=_SEARCH,
    key=_SEARCH_PROD,
    model="gpt-5.2",
    kind="completions",
    request=_CHAT,
    weekday_usd=41.0,
    weekend=0.47,
    user=_MIRA,
)
_INGESTING = Flow(
    project=_INGEST,
    key=_INGEST_BATCH,
    model="gpt-5-mini",
    kind="completions",
    request=_EXTRACT,
    weekday_usd=9.34,
    weekend=0.9,
    rhythm=NIGHT,
    is_batch=True,
)
OPENAI_FLOWS = (
    _SEARCHING,
    replace(_SEARCHING, model="text-embedding-3-small", kind="embeddings", request=_EMBED, weekday_usd=2.06),
    replace(
        _SEARCHING,
        key=_SEARCH_STAGING,
        model="gpt-5-mini",
        request=_SMALL,
        weekday_usd=1.2,
        weekend=0.1,
        user=_DANA,
    ),
    _INGESTING,
    replace(
        _INGESTING,
        model="text-embedding-3-small",
        kind="embeddings",
        request=_EMBED,
        weekday_usd=3.18,
        is_batch=False,
    ),
    replace(
        _SEARCHING, project=_EVALS, key=_EVALS_CI, weekday_usd=5.7, weekend=0.1, rhythm=BUILDS, user=None
    ),
)

_SUPPORTING = Flow(
    project=_SUPPORT,
    key=_SUPPORT_PROD,
    model="claude-sonnet-5",
    kind="messages",
    request=_ANSWER,
    weekday_usd=48.3,
    weekend=0.47,
    before_launch=0.6,
    tier="standard",
    context_window="0-200k",
    searches_per_1000=30,
)
_ACTING = replace(
    _SUPPORTING,
    project=_AGENTS,
    key=_AGENTS_PROD,
    model="claude-opus-5",
    request=_STEP,
    weekday_usd=15.2,
    weekend=0.3,
    before_launch=1.0,
    searches_per_1000=0,
)
ANTHROPIC_FLOWS = (
    _SUPPORTING,
    replace(_SUPPORTING, model="claude-haiku-4-5", request=_TRIAGE, weekday_usd=6.6, searches_per_1000=0),
    replace(
        _SUPPORTING,
        key=_SUPPORT_STAGING,
        model="claude-haiku-4-5",
        request=_TRIAGE,
        weekday_usd=2.55,
        weekend=0.1,
        searches_per_1000=0,
    ),
    _ACTING,
    replace(_ACTING, request=_LONG_STEP, weekday_usd=2.3, context_window="200k-1M"),
)
AGENTS_NIGHTLY = replace(_ACTING, key=_AGENTS_NIGHTLY)


def people(since: datetime) -> tuple[Person, ...]:
    """Return who works there."""
    joined_at = since - timedelta(days=400)
    return (
        Person(
            id=_MIRA, name="Mira Okafor", email="mira@harbor-notes.example", role="admin", joined_at=joined_at
        ),
        Person(
            id=_DANA,
            name="Dana Weiss",
            email="dana@harbor-notes.example",
            role="developer",
            joined_at=joined_at,
        ),
    )


def openai_projects(since: datetime) -> tuple[Project, ...]:
    """Return the projects at OpenAI, an archived one among them."""
    old = since - timedelta(days=300)
    return (
        Project(id=_SEARCH, name="Search", created_at=old),
        Project(id=_INGEST, name="Ingest", created_at=old),
        Project(id=_EVALS, name="Evals", created_at=old),
        Project(id=_PILOT, name="Pilot", created_at=old, archived_at=since - timedelta(days=100)),
    )


def openai_keys(since: datetime) -> tuple[ApiKey, ...]:
    """Return the keys at OpenAI; service accounts own those that machines use."""
    mira, dana = people(since)
    made_at = since - timedelta(days=200)
    return (
        _openai_key(_SEARCH_PROD, "search-prod", _SEARCH, mira, made_at),
        _openai_key(_SEARCH_STAGING, "search-staging", _SEARCH, dana, made_at),
        _openai_key(_INGEST_BATCH, "ingest-batch", _INGEST, None, made_at),
        _openai_key(_EVALS_CI, "evals-ci", _EVALS, None, made_at),
    )


def workspaces(since: datetime) -> tuple[Project, ...]:
    """Return the workspaces at Anthropic: Support, then Agents."""
    old = since - timedelta(days=250)
    return (
        Project(id=_SUPPORT, name="Support", created_at=old),
        Project(id=_AGENTS, name="Agents", created_at=old),
    )


def anthropic_keys(since: datetime, *, nightly_made_at: datetime) -> tuple[ApiKey, ...]:
    """Return the keys at Anthropic. Dana made `agents-nightly` some days before its first night."""
    mira, dana = people(since)
    made = since - timedelta(days=200)
    return (
        _anthropic_key(_SUPPORT_PROD, "support-prod", _SUPPORT, mira, made),
        _anthropic_key(_SUPPORT_STAGING, "support-staging", _SUPPORT, dana, made),
        _anthropic_key(_AGENTS_PROD, "agents-prod", _AGENTS, mira, made),
        _anthropic_key(_AGENTS_NIGHTLY, "agents-nightly", _AGENTS, dana, nightly_made_at),
    )


def _openai_key(key_id: str, name: str, project: str, owner: Person | None, made_at: datetime) -> ApiKey:
    hint = f"sk-{'svc' if owner is None else 'pro'}...{key_id[-3:]}"
    return ApiKey(id=key_id, name=name, project=project, hint=hint, created_at=made_at, owner=owner)


def _anthropic_key(key_id: str, name: str, workspace: str, owner: Person, made_at: datetime) -> ApiKey:
    hint = f"sk-ant-api03-{key_id[-7:-4]}...{key_id[-4:]}"
    return ApiKey(id=key_id, name=name, project=workspace, hint=hint, created_at=made_at, owner=owner)
