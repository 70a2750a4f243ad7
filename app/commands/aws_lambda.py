"""`feelback backup` for AWS Lambda: set the function's handler to `app.commands.aws_lambda.handler`.

Settings come from the function's environment. BACKUP_URL must be a bucket. The image must have pg_dump.
"""

from typing import Any

from app import config
from app.commands import backups
from app.errors import ConfigError


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Create a backup; returns the main fields of its manifest. Errors are raised: Lambda counts them as failures."""
    settings = config.load()
    if not settings.database_url or not settings.backup_url.startswith("s3://"):
        raise ConfigError("DATABASE_URL, BACKUP_URL: in Lambda they must be set, the latter to s3://bucket/prefix.")
    manifest = backups.run(settings)
    rows = sum(manifest.rows.values())
    return {"name": manifest.name, "bytes": manifest.bytes, "sha256": manifest.sha256, "rows": rows}
