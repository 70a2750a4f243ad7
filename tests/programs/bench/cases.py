"""What is measured, in the order in which every round does it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from tests.programs.bench import load
from tests.programs.bench.seed import KEYS

CONNECTIONS = 64
BATCH = 100
KEYS_A_READ = 50
POLICIES = {  # of the widgets, each the ground of one case
    "v0_one": "open",
    "v0_many": "open",
    "v1_one": "visitor",
    "v1_many": "visitor",
    "v1_open": "open",
    "v1_batch": "open",
    "v1_single": "visitor",
    "v0_uvicorn": "open",
    "v1_uvicorn": "visitor",
    "least": "open",
    "least_uvicorn": "open",
    "reads": "visitor",
}


@dataclass(frozen=True)
class Case:
    """One line of the table.

    `script` makes wrk's script from the port, the widgets' ids and a text that no other run has. `widget` or
    `table` is where a request leaves `rows` rows; `items` is how many responses or pages a request is about.
    `is_lossy`: another's server, which may count less than it acknowledges.
    """

    name: str
    title: str
    server: str
    script: Callable[[int, dict[str, UUID], str], str]
    connections: int = CONNECTIONS
    widget: str | None = None
    table: str | None = None
    items: int = 1
    is_lossy: bool = False


KEY_OF_MANY = f'string.format("{KEYS[0].replace("0000", "%04d")}", n % {len(KEYS)})'
KEY_OF_ONE = f'"{KEYS[0]}"'
VALUE = '(n % 4 == 0 and "-1" or "+1")'


def _v0(name: str, key: str) -> Callable[[int, dict[str, UUID], str], str]:
    def script(port: int, widgets: dict[str, UUID], _run: str) -> str:
        body = (
            f'\'[{{"contentSetId":"{widgets[name]}","key":"\' .. {key} .. \'","value":"\' .. {VALUE} .. '
            '\'","revokable":true}]\''
        )
        return load.post(port, "/v0/feelbacks/create", body)

    return script


def _item(widget: UUID, key: str, run: str) -> str:
    return (
        f'\'{{"widget":"{widget}","page":"\' .. {key} .. \'","value":"\' .. {VALUE} .. '
        f"'\",\"visitor\":\"' .. string.format('{run}%08d', n) .. '\"}}'"
    )


def _v1(name: str, key: str, path: str = "/v1/responses") -> Callable[[int, dict[str, UUID], str], str]:
    return lambda port, widgets, run: load.post(port, path, _item(widgets[name], key, run))


def _batch(port: int, widgets: dict[str, UUID], run: str) -> str:
    item = _item(widgets["v1_batch"], KEY_OF_MANY, run)
    body = f"""(function()
        local items = {{}}
        for i = 1, {BATCH} do
            items[i] = {item}
            n = n + 1
        end
        return '{{"items":[' .. table.concat(items, ",") .. ']}}'
    end)()"""
    return load.post(port, "/v1/responses", body)


def _reaction(key: str) -> Callable[[int, dict[str, UUID], str], str]:
    body = f'\'{{"path":"\' .. {key} .. \'","type":"reaction0","action":"inc"}}\''
    return lambda port, _widgets, _run: load.post(port, "/api/article", body)


def _reactions(port: int, _widgets: dict[str, UUID], _run: str) -> str:
    return load.get(port, [f"/api/article?type=reaction0&path={quote(key, safe='')}" for key in KEYS])


def _aggregates(port: int, widgets: dict[str, UUID], _run: str) -> str:
    # Escaped as a browser escapes what an SDK put into the address as it is.
    paths = [
        f"/v0/feelbacks/getAggregates?$p=[{{%22contentSetId%22:%22{widgets['reads']}%22,%22key%22:%22{key}%22}}]"
        for key in KEYS
    ]
    return load.get(port, paths)


def _stats(keys: int) -> Callable[[int, dict[str, UUID], str], str]:
    def script(port: int, widgets: dict[str, UUID], _run: str) -> str:
        named = [f"&page={quote(key, safe='')}" for key in KEYS]
        paths = [
            f"/v1/stats?widget={widgets['reads']}" + "".join((named + named)[at : at + keys])
            for at in range(0, len(KEYS), 1 if keys == 1 else 7)
        ]
        return load.get(port, paths)

    return script


CASES = [
    Case("noop", "(a) no-op ASGI app", "noop", _v1("v1_many", KEY_OF_MANY, "/")),
    Case("create_v0", "(b) POST /v0/feelbacks/create, 1,000 pages", "main", _v0("v0_many", KEY_OF_MANY),
         widget="v0_many"),
    Case("create_v0_hot", "(b) POST /v0/feelbacks/create, one page", "main", _v0("v0_one", KEY_OF_ONE),
         widget="v0_one"),
    Case("create_v1", "(b) POST /v1/responses, each visitor once, 1,000 pages", "main", _v1("v1_many", KEY_OF_MANY),
         widget="v1_many"),
    Case("create_v1_hot", "(b) POST /v1/responses, each visitor once, one page", "main", _v1("v1_one", KEY_OF_ONE),
         widget="v1_one"),
    Case("create_v1_open", "(b) POST /v1/responses, open, 1,000 pages", "main", _v1("v1_open", KEY_OF_MANY),
         widget="v1_open"),
    Case("naive", "(c) Quart route, one INSERT a request", "naive", _v1("v1_many", KEY_OF_MANY, "/responses"),
         table="bench_naive"),
    Case("read_v0", "(d) GET /v0/feelbacks/getAggregates", "main", _aggregates),
    Case("read_v1", "(d) GET /v1/stats, one page", "main", _stats(1)),
    Case("read_v1_50", "(d) GET /v1/stats, 50 pages", "main", _stats(KEYS_A_READ), items=KEYS_A_READ),
    Case("pgbench", "(e) pgbench, one INSERT a commit", "", lambda *_: "", table="bench_pgbench"),
    Case("batch", "(f) POST /v1/responses, 100 items", "main", _batch, connections=32, widget="v1_batch",
         items=BATCH),
    Case("stats_small", "(g) 50 pages' stats beside few rows", "small", _stats(KEYS_A_READ), items=KEYS_A_READ),
    Case("stats_large", "(g) the same beside 100 times the rows", "large", _stats(KEYS_A_READ), items=KEYS_A_READ),
    Case("noop_uvicorn", "(i) (a) on uvicorn", "noop_uvicorn", _v1("v1_many", KEY_OF_MANY, "/")),
    Case("create_v0_uvicorn", "(i) POST /v0/feelbacks/create, 1,000 pages, on uvicorn", "uvicorn",
         _v0("v0_uvicorn", KEY_OF_MANY), widget="v0_uvicorn"),
    Case("create_v1_uvicorn", "(i) POST /v1/responses, each visitor once, on uvicorn", "uvicorn",
         _v1("v1_uvicorn", KEY_OF_MANY), widget="v1_uvicorn"),
    Case("read_v0_uvicorn", "(i) GET /v0/feelbacks/getAggregates, on uvicorn", "uvicorn", _aggregates),
    Case("read_v1_uvicorn", "(i) GET /v1/stats, one page, on uvicorn", "uvicorn", _stats(1)),
    Case("read_v1_50_uvicorn", "(i) GET /v1/stats, 50 pages, on uvicorn", "uvicorn", _stats(KEYS_A_READ),
         items=KEYS_A_READ),
    Case("least", "(k) JSON in, a row stored, no check", "least", _v1("least", KEY_OF_MANY, "/"), widget="least"),
    Case("least_uvicorn", "(k) the same on uvicorn", "least_uvicorn", _v1("least_uvicorn", KEY_OF_MANY, "/"),
         widget="least_uvicorn"),
    Case("stock", "(l) (a) on Hypercorn as it ships", "stock", _v1("v1_many", KEY_OF_MANY, "/")),
    Case("stock_uvicorn", "(l) (a) on uvicorn as it ships", "stock_uvicorn", _v1("v1_many", KEY_OF_MANY, "/")),
    Case("waline", "(j) POST /api/article of Waline, 1,000 pages", "waline", _reaction(KEY_OF_MANY),
         is_lossy=True),
    Case("waline_hot", "(j) POST /api/article of Waline, one page", "waline", _reaction(KEY_OF_ONE),
         is_lossy=True),
    Case("waline_read", "(j) GET /api/article of Waline, one page", "waline", _reactions),
    Case("single", "(h) POST /v1/responses, one connection", "main", _v1("v1_single", KEY_OF_MANY), connections=1,
         widget="v1_single"),
    Case("single_naive", "(h) (c) with one connection", "naive", _v1("v1_many", KEY_OF_MANY, "/responses"),
         connections=1, table="bench_naive"),
]  # fmt: skip
