"""Recap schedules, recipients and consent."""
