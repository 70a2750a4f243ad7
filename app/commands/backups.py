"""`feelback backup` and `feelback restore`."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from app.backups import backup as backup_module
from app.backups import base as base_backups
from app.backups import drill as drills
from app.backups import manifests, point_in_time, wal
from app.backups import restore as restore_module
from app.backups.manifests import Manifest
from app.backups.stores import Store, store
from app.commands import backup_records as records
from app.commands.database import database
from app.config import Settings, parse
from app.database.embedded import cluster, postgres
from app.errors import ConfigError, FeelbackError

PLACE = "A folder, or s3://bucket/prefix. Default: BACKUP_URL."
IDENTITY = click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of your age keys, for a backup encrypted with age. gpg uses its keyring. Default: BACKUP_IDENTITY.",
)


@click.group(invoke_without_command=True)
@click.option("--to", "place", help=PLACE)
@click.pass_context
def backup(context: click.Context, place: str | None) -> None:
    """Back up the database, verify the backup, and delete older ones as BACKUP_KEEP says.

    Needs pg_dump of the server's version or newer. Only one backup of a database runs at a time.
    """
    if context.invoked_subcommand is None:
        run(context.obj, place)


def run(settings: Settings, place: str | None = None) -> Manifest:
    """Create a backup and thin out older ones; prints both.

    Raises:
        ConfigError: it would leave the machine, and nothing says whether it is encrypted; or nothing says where to.
    """
    _refuse_unencrypted(settings, place)
    location = _store(settings, place)
    with cluster.use(settings) as dsn:
        try:
            manifest = backup_module.create(dsn, settings.pgbin, location, settings.backup_encryption)
        except FeelbackError as error:
            if error.status != 409:  # another one runs
                records.failure(settings, dsn, error.text)
            raise
        records.backup(settings, dsn, manifest)
    click.echo(f"{manifest.name}  {manifest.bytes:,} bytes, {sum(manifest.rows.values()):,} rows; verified")
    for name in backup_module.thin_out(location, settings.backup_keep):
        click.echo(f"{name}  deleted by BACKUP_KEEP")
    return manifest


@backup.command("list")
@click.option("--from", "place", help=PLACE)
@click.pass_obj
def backup_list(settings: Settings, place: str | None) -> None:
    """List the backups, newest first. Times are UTC."""
    location = _store(settings, place)
    files = location.names()
    for name in sorted((name for name in files if manifests.time_of(name)), reverse=True):
        if f"{name}.json" not in files:
            click.echo(f"{name}  interrupted, or in progress")
            continue
        manifest = restore_module.read_manifest(location, name)
        click.echo(
            f"{name}  {manifest.created_at.astimezone(UTC):%Y-%m-%d %H:%M}  {manifest.bytes:>15,} bytes"
            f"  {sum(manifest.rows.values()):>13,} rows  {manifest.encryption or 'not encrypted'}"
        )


@backup.command("verify")
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@click.pass_obj
def backup_verify(settings: Settings, name: str, place: str | None) -> None:
    """Read a backup to its end and compare it with its manifest. NAME is the newest by default."""
    location = _store(settings, place)
    manifest = restore_module.verify(location, restore_module.latest(location) if name == "latest" else name)
    click.echo(f"{manifest.name}  {manifest.bytes:,} bytes; verified")


@backup.command("base")
@click.option("--to", "place", help=PLACE)
@click.option("--full", is_flag=True, help="Not incremental.")
@click.pass_obj
def backup_base(settings: Settings, place: str | None, full: bool) -> None:
    """Make a base backup of the Postgres server, from which its archived WAL leads to any later moment.

    Since Postgres 17 it is incremental for a week after a full one, if the server has summarize_wal on. Then deletes
    what no moment of the days of BACKUP_KEEP needs. The database's user needs the attribute REPLICATION.
    docs/recovery.md has the steps.
    """
    _refuse_unencrypted(settings, place)
    bases, archive = _store(settings, place, "base"), _store(settings, place, "wal")
    with cluster.use(settings) as dsn:
        base = base_backups.create(dsn, settings.pgbin, bases, settings.backup_encryption, full=full)
    kind = f"incremental to {base.parent}" if base.parent else "full"
    click.echo(f"{base.name}  {base.bytes:,} bytes, {kind}; verified")
    for name in base_backups.delete_old(bases, archive, settings.backup_keep.days):
        click.echo(f"{name}  deleted by BACKUP_KEEP")


@backup.command("wal")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", "place", help=PLACE)
@click.pass_obj
def backup_wal(settings: Settings, path: Path, place: str | None) -> None:
    """Store a file of the server's write-ahead log: the server's archive_command, as `feelback backup wal %p`.

    It is compressed, and encrypted as BACKUP_ENCRYPTION says. Does nothing if it is stored already.
    """
    _refuse_unencrypted(settings, place)
    wal.archive(_store(settings, place, "wal"), path, settings.backup_encryption)


@backup.command("drill")
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@IDENTITY
@click.pass_obj
def backup_drill(settings: Settings, name: str, place: str | None, identity: Path | None) -> None:
    """Restore a backup into a scratch database beside DATABASE_URL's, check it, and drop it.

    NAME is the newest by default. A worker does this each week where BACKUP_URL is set. The result is shown on the
    installation's page. Without --identity a backup encrypted with age is only read to its end.
    """
    location, identity, done = _store(settings, place), identity or settings.backup_identity, None
    with database(settings) as dsn:
        started, backup_name, error = time.monotonic(), None, None
        try:
            backup_name = restore_module.latest(location) if name == "latest" else name
            done = drills.run(settings, dsn, location, backup_name, identity)
            if done.differed:
                error = f"{done.differed:,} tables and counts differ from the backup."
        except FeelbackError as refusal:
            if refusal.status == 409:
                raise
            error = refusal.text
        seconds, rows, differed = time.monotonic() - started, done.rows if done else None, done.differed if done else 0
        records.drill(settings, dsn, backup_name, seconds, rows, differed, error)
    if error:
        raise FeelbackError(500, error)
    outcome = "verified, not restored: no --identity" if rows is None else f"{rows:,} rows restored and compared"
    click.echo(f"{backup_name}  {outcome} in {seconds:.1f} s")


@click.command()
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@IDENTITY
@click.option("--to", "target", help="A moment, such as 2026-11-24T09:41:00Z, or latest: from a base backup and WAL.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="With --to: Postgres' new data folder.")
@click.pass_obj
def restore(
    settings: Settings, name: str, place: str | None, identity: Path | None, target: str | None, data: Path | None
) -> None:
    """Restore a backup into an empty database and check it. NAME is the newest by default.

    With --to it restores the whole Postgres server as it was at a moment, into the folder --data (by default that of
    the embedded Postgres), migrates and checks it. Start Postgres on that folder afterwards.

    Compares the number of rows of each table with the manifest, then every count with its rows, as `feelback reconcile`
    does. Exits with 1 if something differs. SECRET_KEY, or SECRET_KEY_PREVIOUS, must be as when the backup
    was created.
    """
    if target is not None:
        _restore_to(settings, place, identity or settings.backup_identity, target, data)
        return
    location = _store(settings, place)
    with cluster.use(settings) as dsn:
        backup_name = restore_module.latest(location) if name == "latest" else name
        result = restore_module.restore(settings, dsn, location, backup_name, identity or settings.backup_identity)
    click.echo(f"{result.manifest.name}  restored: {result.rows:,} rows in {len(result.manifest.rows):,} tables")
    for table, expected, actual in result.differences:
        click.echo(f"{table:<28} {expected:>12,} rows in the manifest  {actual:>12,} restored")
    click.echo("\n".join(result.reconciled.lines()))
    if result.differences or result.reconciled.differed or result.reconciled.failed:
        sys.exit(1)
    click.echo("Checked: every table has the rows of the manifest, and every count equals its rows.")


def _restore_to(settings: Settings, place: str | None, identity: Path | None, target: str, data: Path | None) -> None:
    if data is None and settings.database_url:
        raise ConfigError("--data: it is missing. With DATABASE_URL, name the folder that Postgres will run on.")
    try:
        moment = None if target == "latest" else datetime.fromisoformat(target)
    except ValueError:
        raise ConfigError(f"--to: {target} is not a moment, such as 2026-11-24T09:41:00Z.") from None
    if moment is not None and moment.tzinfo is None:
        raise ConfigError("--to: it has no time zone: add Z for UTC.")
    bases, archive = _store(settings, place, "base"), _store(settings, place, "wal")
    settings.feelback_data.mkdir(parents=True, exist_ok=True)
    folder = data.absolute() if data else postgres.home(settings.feelback_data) / "data"
    result = point_in_time.restore(settings, bases, archive, folder, moment, identity)
    sources = f"{len(result.parts)} base backups and {result.wal_files:,} files of WAL"
    click.echo(f"{folder}  restored to {target} from {sources}")
    click.echo("\n".join(result.reconciled.lines()))
    if result.reconciled.differed or result.reconciled.failed:
        sys.exit(1)
    click.echo("Checked: every count equals its rows.")


def _refuse_unencrypted(settings: Settings, place: str | None) -> None:
    if not place and not settings.backup_url and settings.database_url:
        # The data folder of a container ends with it, and nobody would notice.
        raise ConfigError("BACKUP_URL: it is missing. With DATABASE_URL, say where backups go, or add --to.")
    if (place or settings.backup_url).startswith("s3://") and settings.backup_encryption == parse.NO_ENCRYPTION:
        raise ConfigError(parse.NEEDS_ENCRYPTION)


def _store(settings: Settings, place: str | None, folder: str = "") -> Store:
    location = (place or settings.backup_url or str(settings.feelback_data / "backups")).rstrip("/")
    return store(f"{location}/{folder}" if folder else location)
