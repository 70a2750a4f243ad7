"""What all areas of the panel use: authentication, CSRF, forms, rendering, paging."""
