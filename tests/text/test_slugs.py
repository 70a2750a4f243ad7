"""Slugs and origins from what people enter."""

import pytest

from app.text import slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My Blog!", "my-blog"),
        ("Über Straße", "uber-strasse"),
        ("Блог о еде", "blog-o-ede"),
        ("مدونتي", "mdwnty"),
        ("x" * 80, "x" * 63),
        ("—", "project"),
    ],
)
def test_a_slug_is_in_latin_letters(name: str, slug: str) -> None:
    assert slugs.slug(name) == slug


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("example.com", ["https://example.com", "https://www.example.com"]),
        ("https://www.example.com/a?b", ["https://www.example.com", "https://example.com"]),
        ("https://blog.example.com", ["https://blog.example.com"]),
        ("localhost:3000", ["http://localhost:3000", "http://127.0.0.1:3000"]),
        ("http://127.0.0.1:3000/x", ["http://127.0.0.1:3000", "http://localhost:3000"]),
        ("http://192.0.2.7", ["http://192.0.2.7"]),
        ("*", ["*"]),
        ("Bücher.example", ["https://xn--bcher-kva.example", "https://www.xn--bcher-kva.example"]),
    ],
)
def test_a_site_is_allowed_by_each_name_it_has(text: str, origins: list[str]) -> None:
    assert slugs.site_origins(text) == origins


@pytest.mark.parametrize(
    ("text", "name"),
    [("https://www.example.com/a", "example.com"), ("http://localhost:3000", "localhost:3000"), ("*", ""), ("", "")],
)
def test_a_project_is_named_after_its_site(text: str, name: str) -> None:
    assert slugs.site_name(text) == name
