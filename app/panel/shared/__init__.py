"""Shared by all areas of the panel: authentication, CSRF, forms, rendering, paging."""
