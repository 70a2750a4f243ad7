"""Background work: mails, recaps, exports and billing."""
