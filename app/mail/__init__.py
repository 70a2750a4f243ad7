"""Email messages and SMTP."""
