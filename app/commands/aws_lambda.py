"""The same as `feelback backup`, for AWS Lambda: name `app.commands.aws_lambda.handler` as the function's handler.

Settings are the function's environment; BACKUP_URL must be a bucket. The image must have pg_dump.
"""

from typing import Any

from app import config
from app.commands import backups
from app.errors import ConfigError


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Makes one backup; what was made. Whatever goes wrong is raised, so that Lambda counts it as a failure."""
    settings = config.load()
    if not settings.database_url or not settings.backup_url.startswith("s3://"):
        raise ConfigError("DATABASE_URL, BACKUP_URL: in Lambda they must be set, the latter to s3://bucket/prefix.")
    made = backups.run(settings)
    return {"name": made.name, "bytes": made.bytes, "sha256": made.sha256, "rows": sum(made.rows.values())}
