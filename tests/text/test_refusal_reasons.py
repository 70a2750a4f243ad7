"""The reasons of refusals: ingestion and SQL know no others, and each has its texts."""

import re

import asyncpg
import pytest

from app.config import ROOT, names
from app.panel.projects.api_keys import SCOPES
from app.queries.recaps import Attention
from app.recaps import email_text
from app.text import refusal_reasons
from app.text.refusal_reasons import ACTIONS, REFUSAL_REASONS

INGEST = [ROOT / "app" / "ingest" / f"{name}.py" for name in ("admission", "responses")]
NAMES = [reason.name for reason in REFUSAL_REASONS]


def test_ingestion_records_no_other_reason() -> None:
    source = "".join(path.read_text() for path in INGEST)
    reasons = set(re.findall(r'\.refused\(\s*sender,\s*widget,\s*"(\w+)"', source))
    assert {"origin", "key", "page", "limit", "value", "quota", "archived"} == reasons <= set(NAMES)


async def test_ingestion_answers_what_sql_refuses(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    sql = "select string_agg(prosrc, '') from pg_proc where proname in ('ingest_responses', 'take_network_day')"
    outcomes = set(re.findall(r"'(unknown_widget|archived|\w+_limit|network_\w+)'", await pool.fetchval(sql)))
    assert outcomes == {reason.name for reason in REFUSAL_REASONS if reason.answer_text}


def test_actions_name_what_is_there() -> None:
    assert f"“{SCOPES['send']}”" in ACTIONS["key"]
    # Only widgets of one response per visitor have this limit.
    assert '("open", "unlimited")' in (ROOT / "templates/widgets/_rules.html").read_text()
    assert "“unlimited”" in ACTIONS["address_limit"]
    settings = {word for action in ACTIONS.values() for word in re.findall(r"\b[A-Z]+_[A-Z_]+\b", action)}
    assert {"LIMIT_VISITORS_PER_ADDRESS"} == settings <= set(names())


@pytest.mark.parametrize("name", NAMES)
def test_recap_words_every_reason(name: str) -> None:
    warning = email_text._warning(Attention("refused", None, "https://x.example", name, 24, None))
    text = refusal_reasons.BY_NAME[name].recap_text
    assert warning == f"24 responses from https://x.example were refused: {text}."
    assert " " in text
