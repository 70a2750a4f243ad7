"""Sign-up, sign-in, emailed links and confirmation."""
