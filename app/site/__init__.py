"""The public site: documentation, reference, changelog; what Quart answers and `feelback site build` writes out."""
