"""The account: members, invitations, ownership, audit log."""
