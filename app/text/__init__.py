"""Text helpers: numbers, slugs, strict JSON."""
