"""The panel: what customers see after they sign in. One folder per area."""
