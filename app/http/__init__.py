"""HTTP helpers shared by the panel, the API and the site."""
