"""The load: `wrk`, in a process of its own, with a script that makes each request."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HEADERS = (
    "Origin: https://www.example.com\\r\\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\\r\\n"
    "Accept: */*\\r\\n"
)

DONE = """
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'BENCH {"requests": %d, "us": %d, "p50": %d, "p99": %d, "failed": %d, "refused": %d}\\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.timeout, errors.status
    ))
    for _, thread in ipairs(threads) do
        if thread:get("bad") then io.write("BAD " .. thread:get("bad"):gsub("%s+", " ") .. "\\n") end
    end
end
threads = {}
setup = function(thread) threads[#threads + 1] = thread end
"""

# Costs wrk time, so only warm-ups look at every answer; a measured window counts the statuses from 400 up.
LOOK = """
response = function(status, headers, body)
    if status < 200 or status > 299 then bad = bad or (status .. " " .. body:sub(1, 300)) end
end
"""


class BrokenCaseError(Exception):
    """A case did not do what it is there to measure."""


@dataclass(frozen=True)
class Load:
    """What wrk saw: answered requests, microseconds, and latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float


def missing() -> str | None:
    """What to say where there is no wrk."""
    if shutil.which("wrk"):
        return None
    return "wrk is missing, which makes the load: `apt-get install wrk` (tests/install does where it may)."


def post(port: int, path: str, body: str) -> str:
    """The script of a POST; `body` is a Lua expression in which n is a new number at every request."""
    return f"""
local head = "POST {path} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n{HEADERS}" ..
    "Content-Type: application/json\\r\\nContent-Length: "
local n = 0
request = function()
    n = n + 1
    local body = {body}
    return head .. #body .. "\\r\\n\\r\\n" .. body
end
"""


def get(port: int, paths: list[str]) -> str:
    """The script of a GET of each of `paths` in turn."""
    listed = ",\n".join(json.dumps(path) for path in paths)
    return f"""
local head, tail = "GET ", " HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n{HEADERS}\\r\\n"
local requests = {{{listed}}}
for i, path in ipairs(requests) do requests[i] = head .. path .. tail end
local n = 0
request = function()
    n = n % #requests + 1
    return requests[n]
end
"""


def run(script: str, port: int, connections: int, seconds: float, *, look: bool = False) -> Load:
    """Send what `script` says for `seconds` over kept-alive connections.

    Raises:
        BrokenCaseError: a request failed, or was answered other than 2xx.
    """
    with tempfile.TemporaryDirectory(prefix="feelback-bench-") as folder:
        path = Path(folder, "script.lua")
        path.write_text(script + DONE + (LOOK if look else ""))
        process = subprocess.run(
            [
                "wrk", "--threads=1", f"--connections={connections}", f"--duration={max(1, round(seconds))}s",
                "--timeout=20s", f"--script={path}", f"http://127.0.0.1:{port}/",
            ],
            capture_output=True, text=True, timeout=seconds + 60,
        )  # fmt: skip
    lines = [line for line in process.stdout.splitlines() if line.startswith(("BENCH ", "BAD "))]
    if process.returncode or not lines or "PANIC" in process.stdout + process.stderr:
        raise BrokenCaseError(f"wrk failed: {(process.stderr or process.stdout).strip()[-500:]}")
    figures = json.loads(lines[0].removeprefix("BENCH "))
    bad = f" The first: {lines[1].removeprefix('BAD ')}" if len(lines) > 1 else ""
    if bad or figures["failed"] or figures["refused"]:
        raise BrokenCaseError(
            f"{figures['failed']} requests failed and {figures['refused']} were refused, of {figures['requests']}.{bad}"
        )
    if not figures["requests"]:
        raise BrokenCaseError("No request was answered.")
    return Load(figures["requests"], figures["us"] / 1e6, figures["p50"] / 1e3, figures["p99"] / 1e3)
