"""The container files keep their promises: no root, nothing private in the image, the set-up script that is tested."""

import re

import pytest

from tests.house.tree import HOUSE, ROOMS, tracked_files

PRIVATE = (".env", "master.key", "spendbot.db", "demo/transcript.md", ".venv/bin/python", ".git/config")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile as (instruction, the rest), continued lines joined, comments left out."""
    text = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [
        (word, rest)
        for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())
    ]


def last_stage() -> dict[str, str]:
    """Return the last value of each instruction of the stage that is shipped."""
    steps = instructions()
    start = max(index for index, (word, _) in enumerate(steps) if word == "FROM")
    return dict(steps[start:])


def test_both_stages_start_from_the_same_slim_image_of_a_named_version() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]

    assert bases == ["python:3.13-slim", "python:3.13-slim"]


def test_the_image_is_set_up_by_the_script_that_the_tests_run() -> None:
    runs = [rest for word, rest in instructions() if word == "RUN"]

    assert any(run.startswith("./spendbot setup") for run in runs)
    assert not [run for run in runs if re.search(r"\b(curl|wget|pip|apt-get|chmod 777)\b", run)]


def test_the_process_is_not_root_and_says_so_by_number() -> None:
    uid, _, gid = last_stage()["USER"].partition(":")

    assert uid.isdecimal()
    assert gid.isdecimal()
    assert int(uid) > 0


def test_nothing_is_added_from_elsewhere_and_no_secret_is_baked_in() -> None:
    words = [word for word, _ in instructions()]

    assert "ADD" not in words
    assert "ARG" not in words
    assert not re.search(r"TOKEN|SECRET|PASSWORD|MASTER_KEY|DATABASE_URL", (HOUSE / "Dockerfile").read_text())


def test_data_and_key_are_two_volumes_and_the_process_looks_there() -> None:
    stage = last_stage()

    assert stage["VOLUME"] == '["/data", "/keys"]'
    assert "SPENDBOT_DATA_DIR=/data" in stage["ENV"]
    assert "SPENDBOT_CONFIG_DIR=/keys" in stage["ENV"]


def test_the_health_check_asks_the_port_that_is_opened() -> None:
    stage = last_stage()
    port = re.search(r"SPENDBOT_HTTP_PORT=(\d+)", stage["ENV"])

    assert port
    assert f"http://127.0.0.1:{port[1]}/healthz" in stage["HEALTHCHECK"]
    assert stage["ENTRYPOINT"] == '["spendbot"]'
    assert stage["CMD"] == '["run"]'


def is_ignored(path: str) -> bool:
    """Tell whether .dockerignore keeps a path out of the image: the last rule that matches it or a parent decides."""
    ignored = False
    for rule in (HOUSE / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = rule.removeprefix("!")
        if rule and not rule.startswith("#") and (pattern == "*" or pattern == path.split("/")[0]):
            ignored = not rule.startswith("!")
    return ignored


@pytest.mark.parametrize("path", PRIVATE)
def test_nothing_private_enters_the_image(path: str) -> None:
    assert is_ignored(path)


def test_everything_that_set_up_and_run_need_enters_the_image() -> None:
    wanted = [
        "spendbot",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "requirements.txt",
        "requirements-door.txt",
    ]
    wanted += [
        p.relative_to(HOUSE).as_posix() for p in tracked_files() if p.relative_to(HOUSE).parts[0] in ROOMS
    ]

    assert [path for path in wanted if is_ignored(path)] == []


def test_the_composed_service_is_locked_down_and_comes_back() -> None:
    text = (HOUSE / "compose.yaml").read_text(encoding="utf-8")

    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        "restart: unless-stopped",
        "- data:/data",
        "- keys:/keys",
        'tmpfs: ["/tmp:size=64m"]',
        'security_opt: ["no-new-privileges:true"]',
    ):
        assert f"    {line}\n" in text
    assert "privileged: true" not in text
    assert "ports:" not in text
