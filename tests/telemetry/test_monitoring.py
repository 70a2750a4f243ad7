"""The alert rules and the dashboard in docs/ name metrics that exist."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from app.config import ROOT
from tests.support import factories
from tests.support.serving import Api, running, settings

FOLDER = ROOT / "docs/monitoring"
TOKEN = "for-prometheus-for-prometheus"
NAME = re.compile(r"\bfeelback_[a-z0-9_]+")
Pool = asyncpg.Pool


def expressions(path: Path) -> list[str]:
    if path.suffix == ".json":
        panels = json.loads(path.read_text())["panels"]
        return [target["expr"] for panel in panels for target in panel["targets"]]
    return [rule["expr"] for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]


@pytest.fixture
async def api(
    database: str, pool: "Pool[asyncpg.Record]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Api]:
    async with running(settings(database, metrics_token=TOKEN), pool) as api:
        yield api


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
async def test_each_metric_exists(api: Api, pool: "Pool[asyncpg.Record]", name: str) -> None:
    widget = await factories.widget(pool)
    await api.stored(widget.id, "+")
    assert (await api.create(widget.id, "no such value")).status == 422
    await api.send("GET", "/healthz")
    await pool.execute("insert into job_run (job, due_at, finished_at) values ('refresh stats', now(), now())")
    answer = await api.send("GET", "/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    families = list(text_string_to_metric_families(answer.body.decode()))
    # The supervisor counts starts; here there is none, so that the metric has a name and no samples.
    names = {sample.name for family in families for sample in family.samples} | {"feelback_process_starts_total"}
    assert {family.name for family in families} >= {"feelback_process_starts"}
    texts = expressions(FOLDER / name)
    assert len(texts) > 10
    used = {metric for text in texts for metric in NAME.findall(text)}
    assert used - names == set()


# Their usual numbers depend on the traffic.
WITHOUT_ALERT = {"feelback_refusals_total", "feelback_pool_connections", "feelback_pool_idle_connections"}


def test_each_explanation_has_an_alert() -> None:
    names = {metric for text in expressions(FOLDER / "alerts.yml") for metric in NAME.findall(text)}
    plain = {re.sub("_(bucket|count|sum)$", "", name) for name in names}
    rows = re.findall(r"^\| (`feelback_.+?) \| ", (ROOT / "docs/watching.md").read_text(), re.M)
    assert len(rows) > 20
    for row in rows:
        metrics = set(NAME.findall(row))
        assert metrics & plain or metrics <= WITHOUT_ALERT, row


def test_each_alert_is_explained() -> None:
    names = {metric for text in expressions(FOLDER / "alerts.yml") for metric in NAME.findall(text)}
    page = (ROOT / "docs/watching.md").read_text()
    plain = {re.sub("_(bucket|count|sum)$", "", name) for name in names}
    assert {name for name in plain if name not in page} == set()
