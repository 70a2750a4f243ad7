"""The account: settings, members, invitations, ownership, deletion, audit log."""
