"""Backups by pg_dump, streamed to a folder or S3-compatible storage, verified, thinned out and restored."""
