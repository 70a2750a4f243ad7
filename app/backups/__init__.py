"""Backups: made by pg_dump, streamed to a folder or S3-compatible storage, read back, thinned out, brought back."""
