"""What is told of the work: log lines and where they go, numbers for Prometheus, errors for Sentry."""
