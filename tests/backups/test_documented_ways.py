"""The ways to back up that the documentation and the workflows describe, run as a user or GitHub runs them.

Docker, fly and flyctl are programs of ours here. They take the arguments that the real ones take, fail at others, and
run the entry point with just the environment that a container would have.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.backups import restore
from app.backups.stores import store
from app.config import ROOT
from tests.support.settings import PGBIN, SECRET

WORKFLOWS = ROOT / ".github" / "workflows"
CONTAINER = f"""#!{sys.executable}
import argparse, json, os, subprocess, sys
ENTRY = [{sys.executable!r}, "-m", "app"]
def entry(arguments, names):
    environ = {{name: os.environ[name] for name in names if name in os.environ}}
    environ |= {{"PATH": os.environ["PATH"], "PGBIN": {PGBIN!r}, "FEELBACK_DATA": os.environ["TEST_FOLDER"] + "/data"}}
    sys.exit(subprocess.run([*ENTRY, *arguments], cwd={str(ROOT)!r}, env=environ, stdin=subprocess.DEVNULL).returncode)
def log(*words):
    with open(os.environ["TEST_FOLDER"] + "/calls", "a") as file:
        print(json.dumps(words), file=file)
"""
DOCKER = """
command, *rest = sys.argv[1:]
if command == "login":
    assert sys.stdin.read().strip(), "no password"
elif command == "run":
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for flag in ("--rm", "--read-only"):
        parser.add_argument(flag, action="store_true")
    for option in ("--tmpfs", "--cap-drop", "--env"):
        parser.add_argument(option, action="append", default=[])
    parser.add_argument("image")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args(rest)
    assert not any("=" in name for name in options.env), "a value on the command line is visible to every user"
    log("docker", options.image)
    entry(options.arguments, options.env)
else:
    assert command == "logout", command
"""
FLY = """
SECRETS = os.environ["TEST_FOLDER"] + "/secrets"
words, options = [], argparse.ArgumentParser(allow_abbrev=False)
for option in ("--app", "--schedule", "--restart", "--vm-memory", "--image"):
    options.add_argument(option)
for flag in ("--json", "--skip-start", "--yes"):
    options.add_argument(flag, action="store_true")
given, words = options.parse_known_args(sys.argv[1:])
assert not any(word.startswith("-") for word in words), words
log("fly", *words, given.image)
match words:
    case ["secrets", "set", *pairs]:
        with open(SECRETS, "w") as file:
            json.dump(dict(pair.split("=", 1) for pair in pairs), file)
    case ["machine", "list"]:
        image = "registry.fly.io/my-feelback:"
        backups = {"image": image + "old", "schedule": "daily", "metadata": {}}
        web = {"image": image + "abc", "metadata": {"fly_process_group": "web"}}
        print(json.dumps([{"id": "2", "config": backups}, {"id": "1", "config": web}]))
    case ["machine", "run", image, *arguments]:
        assert (given.schedule, given.restart, given.app) == ("daily", "no", "my-feelback")
        assert image == "registry.fly.io/my-feelback:abc", image
        # Of the app's settings such a machine has the secrets, and not what fly.toml sets.
        secrets = {name: text for name, text in json.load(open(SECRETS)).items()}
        os.environ |= secrets
        entry(arguments, [*secrets, "DATABASE_URL", "SECRET_KEY"])
    case ["machine", "update", _] | ["deploy"] | ["auth", "docker"]:
        pass
    case _:
        raise SystemExit(f"fly: {words}")
"""


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """The environment in which a shell finds our docker, fly and flyctl, and no settings of this installation."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {"docker": DOCKER, "fly": FLY, "flyctl": FLY}.items():
        (folder / name).write_text(CONTAINER + text)
        (folder / name).chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "TEST_FOLDER": str(tmp_path)}


def calls(environ: dict[str, str]) -> list[list[str | None]]:
    path = Path(environ["TEST_FOLDER"], "calls")
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def bash(script: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a script as GitHub's `run:` does."""
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, env=environ, cwd=environ["HOME"], capture_output=True, text=True, timeout=120)


def step(workflow: str, job: str, **contexts: dict[str, str]) -> tuple[str, dict[str, str], dict[str, Any]]:
    """The script of a job's last step, its environment with each expression evaluated, and the job.

    What a context lacks is empty, as at GitHub.
    """
    document = yaml.safe_load((WORKFLOWS / f"{workflow}.yml").read_text())["jobs"][job]
    last = document["steps"][-1]
    environ = {}
    for name, text in last["env"].items():
        match = re.fullmatch(r"\$\{\{ ([\w.-]+) \}\}", text)
        assert match, text
        context, _, key = match[1].rpartition(".")
        environ[name] = contexts.get(context, {}).get(key, "")
    return last["run"], environ, document


def backup_step(programs: dict[str, str], **contexts: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    script, environ, job = step("backup", "backup", github={"token": "a-token"}, **contexts)
    # GitHub evaluates it before it knows the variables of the environment: the job would be skipped for ever.
    assert "if" not in job
    assert job["environment"] == "backups"
    github = {"GITHUB_ACTOR": "ann", "GITHUB_REPOSITORY": "Acme/Feelback"}
    return bash(script, {**programs, **github, **environ})


def assert_backed_up(bucket: str, encryption: str) -> None:
    place = store(bucket)
    manifest = restore.verify(place, restore.latest(place))
    assert manifest.encryption == encryption
    assert sum(manifest.rows.values()) > 5000


def test_the_workflow_makes_a_backup(full: str, bucket: str, age: tuple[str, Path], programs: dict[str, str]) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "DATABASE_URL": full, "SECRET_KEY": SECRET}
    variables = {
        "BACKUP_URL": bucket, "BACKUP_ENCRYPTION": f"age:{age[0]}",
        "AWS_ENDPOINT_URL_S3": os.environ["AWS_ENDPOINT_URL_S3"], "AWS_REGION": "us-east-1",
    }  # fmt: skip
    process = backup_step(programs, vars=variables, secrets=keys)
    assert process.returncode == 0, process.stderr
    assert "verified" in process.stdout
    assert calls(programs) == [["docker", "ghcr.io/acme/feelback:latest"]]
    assert_backed_up(bucket, "age")


def test_the_workflow_does_nothing_where_nothing_is_set(programs: dict[str, str]) -> None:
    process = backup_step(programs)
    assert (process.returncode, "::notice::" in process.stdout) == (0, True)
    assert calls(programs) == []


@pytest.mark.parametrize(("missing", "rest"), [("BACKUP_URL", "DATABASE_URL"), ("DATABASE_URL", "BACKUP_URL")])
def test_the_workflow_fails_where_only_half_is_set(missing: str, rest: str, programs: dict[str, str]) -> None:
    values = {rest: "x", "SECRET_KEY": SECRET}
    process = backup_step(programs, vars=values, secrets=values)
    assert (process.returncode, f"has no {missing}" in process.stdout) == (1, True)


def test_the_workflow_fails_where_the_backup_does(full: str, bucket: str, programs: dict[str, str]) -> None:
    variables = {"BACKUP_URL": bucket}
    process = backup_step(programs, vars=variables, secrets={"DATABASE_URL": full, "SECRET_KEY": SECRET})
    assert process.returncode != 0
    assert "BACKUP_ENCRYPTION" in process.stderr


def commands(page: str, first: str) -> str:
    """The block of commands of a documentation page that begins with `first`."""
    blocks = re.findall(r"(?:^    .*\n)+", (ROOT / "docs" / page).read_text(), re.M)
    (block,) = [block for block in blocks if block.strip().startswith(first)]
    return block


def test_a_machine_on_fly_makes_a_backup(
    full: str, bucket: str, age: tuple[str, Path], programs: dict[str, str]
) -> None:
    script = commands("fly.md", "fly secrets set --app my-feelback BACKUP_URL=")
    for documented, value in {
        "s3://my-backups/feelback": bucket, "age:age1…": f"age:{age[0]}", "AWS_REGION='auto'": "AWS_REGION='us-east-1'",
        "https://…": os.environ["AWS_ENDPOINT_URL_S3"], "KEY_ID='…'": "KEY_ID='test'",
        "ACCESS_KEY='…'": "ACCESS_KEY='test'",
    }.items():  # fmt: skip
        assert documented in script
        script = script.replace(documented, value)
    # These the documentation has set as secrets before.
    process = bash(script, {**programs, "DATABASE_URL": full, "SECRET_KEY": SECRET})
    assert process.returncode == 0, process.stderr
    assert "verified" in process.stdout
    assert_backed_up(bucket, "age")


def test_a_deploy_updates_the_machine_that_makes_backups(programs: dict[str, str]) -> None:
    script, environ, _ = step("deploy", "deploy", github={"token": "t"}, vars={"FLY_APP": "my-feelback"})
    script = script[script.index("flyctl auth docker") :]  # before it, the image is fetched from GitHub
    script = re.sub(r"docker (tag|push).*\n", "", script)
    process = bash(script, {**programs, **environ, "GITHUB_SHA": "abc"})
    assert process.returncode == 0, process.stderr
    updates = [call for call in calls(programs) if call[1:3] == ["machine", "update"]]
    assert updates == [["fly", "machine", "update", "2", "registry.fly.io/my-feelback:abc"]]


def test_a_backup_says_where_it_goes(full: str, tmp_path: Path) -> None:
    """Without BACKUP_URL it would go to the data folder, which in a container ends with it."""
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": full, "SECRET_KEY": SECRET, "FEELBACK_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "app", "backup"]
    process = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert (process.returncode, "BACKUP_URL: it is missing" in process.stderr) == (2, True)
