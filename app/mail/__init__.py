"""Email messages and how they are sent."""
