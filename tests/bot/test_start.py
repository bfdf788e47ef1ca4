"""A question starts fast because it loads only what answers it."""

import json
import os
import subprocess
import sys
from pathlib import Path

NEEDLESS = {
    "aiohttp",
    "alembic",
    "apscheduler",
    "asyncpg",
    "genai_prices",
    "httpx",
    "matplotlib",
    "numpy",
    "prompt_toolkit",
    "stamina",
    "structlog",
}
ASK = """
import json, sys
from bot.cli import run_words
code = run_words(["ask", "spend today", "--json"])
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def test_a_question_loads_no_library_that_only_polling_drawing_or_upgrading_needs(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SPENDBOT_")},
        "SPENDBOT_DATA_DIR": str(tmp_path / "data"),
        "SPENDBOT_CONFIG_DIR": str(tmp_path / "config"),
    }

    for _ in ("makes the database, so that its schema is upgraded", "finds it there"):
        said = subprocess.run(
            [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
        ).stdout
    answer, loaded = said.splitlines()
    code, libraries = json.loads(loaded)

    assert (code, json.loads(answer)["title"]) == (0, "spend today")
    assert "sqlalchemy" in libraries
    assert NEEDLESS & set(libraries) == set()
