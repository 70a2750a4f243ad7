"""The sites that `make sites` builds with the real tools: one row each, with what is in the folder of that name."""

from dataclasses import dataclass, field

REACT = {"react": "19.3.1", "react-dom": "19.3.1"}
VITE = ("vite/bin/vite.js", "build")


@dataclass(frozen=True)
class Site:
    """A site with our package of that name in the version at hand.

    `snippet` is where the code of the package's README goes. `build` is a script of node_modules with its arguments,
    `output` the folder of the built site, `one` and `two` its pages, and `locale` a page in German. `context` is what a
    response from page one carries, `%` standing for the path of its file. `is_rendered` is false where nothing is
    rendered without JavaScript, `is_module` where the tool's files are no ES modules.
    """

    package: str
    snippet: str
    dependencies: dict[str, str]
    build: tuple[str, ...]
    output: str
    one: str = "/one"
    two: str = "/two"
    locale: str = ""
    context: dict[str, str | int] = field(default_factory=dict)
    is_rendered: bool = True
    is_module: bool = True


SITES = [
    Site("react", "main.jsx", {**REACT, "vite": "7.3.8"}, VITE, "dist", "/one.html", two="", is_rendered=False),
    Site("vue", "main.js", {"vue": "3.5.45", "vite": "7.3.8"}, VITE, "dist", "/one.html", two="", is_rendered=False),
    Site("astro", "src/Question.astro", {"astro": "7.3.5"}, ("astro/bin/astro.mjs", "build"), "dist", "/one/", "/two/"),
    Site(
        "docusaurus",
        "snippet.js",
        {"@docusaurus/core": "3.10.2", "@docusaurus/preset-classic": "3.10.2", **REACT},
        ("@docusaurus/core/bin/docusaurus.mjs", "build"),
        "build",
        locale="/de/one",
        context={
            "locale": "en",
            "version": "2.1",
            "editUrl": "https://git.example/edit/versioned_docs/version-2.1/one.md",
        },
        is_module=False,
    ),
    Site(
        "starlight",
        "snippet.js",
        {"@astrojs/starlight": "0.42.4", "@astrojs/markdown-remark": "7.3.1", "astro": "7.3.5"},
        ("astro/bin/astro.mjs", "build"),
        "dist",
        "/one/",
        "/two/",
        "/de/one/",
        {"locale": "en", "editUrl": "https://git.example/edit/src/content/docs/one.md"},
    ),
    Site(
        "vitepress",
        ".vitepress/theme/index.js",
        {"vitepress": "1.6.4", "vue": "3.5.45"},
        ("vitepress/bin/vitepress.js", "build"),
        ".vitepress/dist",
        "/one.html",
        "/two.html",
        "/de/one.html",
        {"locale": "en", "editUrl": "https://git.example/edit/one.md"},
    ),
    Site(
        "nuxt",
        "nuxt.config.js",
        {"nuxt": "4.5.2"},
        ("nuxt/bin/nuxt.mjs", "generate"),
        ".output/public",
        context={"section": 1},
    ),
    Site(
        "nextra",
        "snippet.js",
        {"nextra": "4.6.1", "nextra-theme-docs": "4.6.1", "next": "15.5.29", **REACT},
        ("next/dist/bin/next", "build"),
        "out",
        context={"editUrl": "https://git.example/edit/content/one.mdx"},
    ),
]
