"""`feelback backup` and `feelback restore`."""

import sys
from datetime import UTC
from pathlib import Path

import click

from app.backups import backup as backup_module
from app.backups import manifests
from app.backups import restore as restore_module
from app.backups.manifests import Manifest
from app.backups.stores import Store, store
from app.config import Settings, parse
from app.database.embedded import cluster
from app.errors import ConfigError

PLACE = "A folder, or s3://bucket/prefix. Default: BACKUP_URL."


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
        ConfigError: it would leave the machine, and nothing says whether it is encrypted.
    """
    if (place or settings.backup_url).startswith("s3://") and settings.backup_encryption == parse.NO_ENCRYPTION:
        raise ConfigError(parse.NEEDS_ENCRYPTION)
    location = _store(settings, place)
    with cluster.use(settings) as dsn:
        manifest = backup_module.create(dsn, settings.pgbin, location, settings.backup_encryption)
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


@click.command()
@click.argument("name", default="latest")
@click.option("--from", "place", help=PLACE)
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file of your age keys, for a backup encrypted with age. gpg uses its keyring.",
)
@click.pass_obj
def restore(settings: Settings, name: str, place: str | None, identity: Path | None) -> None:
    """Restore a backup into an empty database and check it. NAME is the newest by default.

    Compares the number of rows of each table with the manifest, then every count with its rows, as `feelback reconcile`
    does. Exits with 1 if something differs. SECRET_KEY, or SECRET_KEY_PREVIOUS, must be as when the backup
    was created.
    """
    location = _store(settings, place)
    with cluster.use(settings) as dsn:
        backup_name = restore_module.latest(location) if name == "latest" else name
        result = restore_module.restore(settings, dsn, location, backup_name, identity)
    click.echo(f"{result.manifest.name}  restored: {result.rows:,} rows in {len(result.manifest.rows):,} tables")
    for table, expected, actual in result.differences:
        click.echo(f"{table:<28} {expected:>12,} rows in the manifest  {actual:>12,} restored")
    click.echo("\n".join(result.reconciled.lines()))
    if result.differences or result.reconciled.differed or result.reconciled.failed:
        sys.exit(1)
    click.echo("Checked: every table has the rows of the manifest, and every count equals its rows.")


def _store(settings: Settings, place: str | None) -> Store:
    return store(place or settings.backup_url or str(settings.feelback_data / "backups"))
