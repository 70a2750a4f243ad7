"""What the panel's pages cost where a project has a million signals: `make bench-panel`."""
