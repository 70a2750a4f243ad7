"""The profile of the person who is signed in: sessions, security, two-factor authentication, deletion."""
