"""`feelback backup` and `feelback restore`."""

import sys
from datetime import UTC
from pathlib import Path

import click

from app.backups import backup as making
from app.backups import manifests
from app.backups import restore as restoring
from app.backups.manifests import Manifest
from app.backups.stores import Store, store
from app.config import Settings
from app.database.embedded import cluster

PLACE = "A folder, or s3://bucket/prefix; BACKUP_URL by default."


@click.group(invoke_without_command=True)
@click.option("--to", "place", help=PLACE)
@click.pass_context
def backup(context: click.Context, place: str | None) -> None:
    """Back up the database, read the backup back, and thin out older ones by BACKUP_KEEP.

    Needs pg_dump of the server's version or newer. Any number may be started: one of them works.
    """
    if context.invoked_subcommand is None:
        run(context.obj, place)


def run(settings: Settings, place: str | None = None) -> Manifest:
    """Makes a backup and thins out older ones; prints both."""
    at = _store(settings, place)
    with cluster.use(settings) as dsn:
        made = making.make(dsn, settings.pgbin, at, settings.backup_encryption)
    click.echo(f"{made.name}  {made.bytes:,} bytes, {sum(made.rows.values()):,} rows; read back and found whole")
    for name in making.thin_out(at, settings.backup_keep):
        click.echo(f"{name}  deleted: BACKUP_KEEP does not keep it")
    return made


@backup.command("list")
@click.option("--from", "place", help=PLACE)
@click.pass_obj
def backup_list(settings: Settings, place: str | None) -> None:
    """List the backups that are there, the newest first. Times are UTC."""
    at = _store(settings, place)
    there = at.names()
    for name in sorted((name for name in there if manifests.time_of(name)), reverse=True):
        if f"{name}.json" not in there:
            click.echo(f"{name}  broken off, or being made")
            continue
        found = restoring.read_manifest(at, name)
        click.echo(
            f"{name}  {found.created_at.astimezone(UTC):%Y-%m-%d %H:%M}  {found.bytes:>15,} bytes"
            f"  {sum(found.rows.values()):>13,} rows  {found.encryption or 'not encrypted'}"
        )


@backup.command("verify")
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@click.pass_obj
def backup_verify(settings: Settings, name: str, place: str | None) -> None:
    """Read a backup to its end and hold it against what was noted when it was made. NAME is the newest by default."""
    at = _store(settings, place)
    found = restoring.verify(at, restoring.latest(at) if name == "latest" else name)
    click.echo(f"{found.name}  {found.bytes:,} bytes; whole")


@click.command()
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For a backup that is encrypted with age: the file of your keys. gpg asks its keyring.",
)
@click.pass_obj
def restore(settings: Settings, name: str, place: str | None, identity: Path | None) -> None:
    """Bring a backup back into an empty database, and prove it. NAME is the newest by default.

    Every table's rows are counted and held against what was noted, then every count against its rows, as `feelback
    reconcile` does. Exits with 1 where something differed. SECRET_KEY must be the one that the backup was made under.
    """
    at = _store(settings, place)
    with cluster.use(settings) as dsn:
        chosen = restoring.latest(at) if name == "latest" else name
        done = restoring.restore(dsn, settings.pgbin, at, chosen, identity, settings.secret_key)
    click.echo(f"{done.manifest.name}  brought back: {done.rows:,} rows in {len(done.manifest.rows):,} tables")
    for table, noted, found in done.differed:
        click.echo(f"{table:<28} {noted:>12,} rows noted  {found:>12,} found")
    for what, looked_at, differed in done.reconciled:
        click.echo(f"{what:<28} {looked_at:>12,} looked at  {differed:>8,} differed")
    if done.differed or any(differed for _, _, differed in done.reconciled):
        sys.exit(1)
    click.echo("Proved: every table has the rows that were noted, and every count equals its rows.")


def _store(settings: Settings, place: str | None) -> Store:
    return store(place or settings.backup_url or str(settings.feelback_data / "backups"))
