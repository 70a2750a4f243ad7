"""The person who is signed in: profile, security, two-factor authentication."""
