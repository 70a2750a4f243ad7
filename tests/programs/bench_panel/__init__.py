"""What the panel's pages cost where a project has a million responses: `make bench-panel`."""
