"""The public site: documentation, API reference and changelog, served by Quart or built by `feelback site build`."""
