"""The plugin for WordPress on stand-ins of its functions; `make site-tools` installs it in the real one."""

import asyncio
import json
import re
import shutil
import subprocess

import pytest

from app.config import ROOT
from tests.support.needs import needs_both
from tests.support.sdk_pages import browsing
from tests.support.sdk_website import Watch, Website

FOLDER = ROOT / "static/packages/wordpress"
needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="php is missing")
# The functions that the plugin calls; what they know is in global variables.
FUNCTIONS = r"""
const ABSPATH = '/';
$filters = array(); $scripts = array();
function get_option($name) { return $GLOBALS['settings']; }
function wp_parse_url($url) { return parse_url($url); }
function __($text, $domain = '') { return $domain === '' ? $GLOBALS['words'][$text] ?? $text : $text; }
function _x($text, $context) { return __($text); }
function esc_html__($text, $domain) { return esc_html($text); }
function esc_attr($text) { return htmlspecialchars($text, ENT_QUOTES); }
function esc_html($text) { return htmlspecialchars($text, ENT_QUOTES); }
function esc_url($url) { return htmlspecialchars($url, ENT_QUOTES); }
function esc_url_raw($url) { return $url; }
function add_action($name, $do) { add_filter($name, $do); }
function add_filter($name, $do, $priority = 10, $arguments = 1) { global $filters; $filters[$name][] = $do; }
function add_shortcode($name, $do) {}
function register_block_type($folder, $arguments) {}
function is_singular($types = '') { return $GLOBALS['singular'] ?? true; }
function in_the_loop() { return false; }
function wp_is_json_request() { return false; }
function get_permalink() { return $GLOBALS['link']; }
function get_post() { return (object) array('ID' => 7, 'post_content' => $GLOBALS['post']); }
function get_queried_object_id() { return 7; }
function has_shortcode($content, $name) { return strpos($content, "[$name") !== false; }
function has_block($name, $post) { return strpos($post->post_content, "wp:$name") !== false; }
function doing_filter($name) { return false; }
function doing_action($name) { return false; }
function get_bloginfo($name) { return 'de-DE'; }
function is_rtl() { return false; }
function is_feed() { return $GLOBALS['feed']; }
function current_user_can($right) { return false; }
function home_url($path = '') { return "https://blog.example/$path"; }
function get_block_wrapper_attributes() { return 'class="wp-block-feelback-widget"'; }
function wp_enqueue_script($name, $src) { global $scripts; $scripts[$name] = $src; }
"""
MODULES = r"""
function wp_enqueue_script_module($name, $src) { echo "<script type=\"module\" src=\"$src\"></script>"; }
"""
WITHOUT_TAG = "function wp_enqueue_script_module($name, $src) {}"
PRINT_SCRIPTS = r"""
foreach ($scripts as $name => $src) {
    $tag = "<script type='text/javascript' src='$src' id='$name-js'></script>\n";
    foreach (array_unique($filters['script_loader_tag'] ?? array()) as $do) $tag = $do($tag, $name);
    echo $tag;
}
"""


async def php(
    program: str, settings: dict[str, str], link: str = "https://blog.example/post/", modules: str = MODULES
) -> str:
    """What a program prints after the plugin has been loaded."""
    values = f"$settings = json_decode({_quoted(json.dumps(settings))}, true); $link = {_quoted(link)};"
    load = "".join(f"require '{FOLDER}/includes/{name}.php';" for name in ("settings", "element", "placement"))
    code = f"<?php {values} $post = ''; $feed = false; {FUNCTIONS}{modules}{load}{program}{PRINT_SCRIPTS}"
    result = await asyncio.to_thread(subprocess.run, ["php"], input=code, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    return result.stdout


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SETTINGS = {"server": "https://your.host", "widget": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "placement": "after"}


@needs_php
@needs_both
@pytest.mark.parametrize("modules", ["", MODULES], ids=["6.1", "6.5"])
async def test_a_visitor_responds_once_with_and_without_a_script(website: Website, modules: str) -> None:
    widget = await website.add_widget("yesno")
    settings = {"server": website.server.url, "widget": widget, "placement": "after", "label": "Hilfreich?"}
    body = await php("echo feelback_after_content('<p>Words.</p>');", settings, link=website.url, modules=modules)
    assert body.count("<feelback-yesno") == 1
    website.pages.add("/page", f'<!doctype html><meta charset="utf-8"><title>A post</title><body>{body}')
    async with browsing() as page:
        watch = Watch(page, website.server)
        await page.goto(f"{website.url}?utm_source=mail")
        await page.get_by_role("button", name="Ja").click()
        await website.holds(("yesno", "y", None, None))
        assert watch.errors == []
    async with browsing(java_script_enabled=False, user_agent="Mozilla/5.0 (without JavaScript)") as page:
        await page.goto(f"{website.url}?utm_source=mail")
        await page.get_by_role("button", name="No").click()
        await page.wait_for_url(website.url)
        await website.holds(("yesno", "y", None, None), ("yesno", "n", None, None))
    assert await website.pool.fetchval("select count(*) from placement") == 1


@needs_php
async def test_nothing_that_an_author_writes_is_markup() -> None:
    hostile = _quoted('"><script>alert(1)</script>')
    texts = "".join(
        f"echo feelback_shortcode(array('{name}' => {hostile}));"
        for name in ("label", "thanks", "options", "page", "lang", "look")
    )
    html = await php(f"{texts} echo feelback_shortcode(array('label' => '1 &gt; 0'));", SETTINGS, modules=WITHOUT_TAG)
    assert html.count("<feelback-yesno") == 7
    assert "<script" not in html
    assert 'label="1 &gt; 0"' in html
    chosen = f"echo feelback_block(array('type' => {hostile})), feelback_block(array('widget' => {hostile}));"
    assert "<feelback" not in await php(chosen, SETTINGS)  # which must be one that there is


@needs_php
async def test_a_post_with_its_own_question_gets_no_second_one() -> None:
    program = """
        foreach (array('[feelback]', '<!-- wp:feelback/widget {"label":"Good?"} /-->', 'Words.') as $post)
            echo feelback_after_content('|');
        $feed = true; echo feelback_after_content('feed '), feelback_shortcode(array());
        $feed = false; $settings['placement'] = 'none'; echo feelback_after_content('none ');
        $settings = array(); echo feelback_shortcode(array());"""
    html = await php(program, SETTINGS, modules=WITHOUT_TAG)
    before, _, after = html.partition('<div class="feelback-after">')
    assert before == "|||"
    assert after.count("<feelback-yesno") == 1
    assert after.endswith("</div>feed none ")


@needs_php
async def test_each_type_has_its_element_and_form() -> None:
    parts = {
        "pulse": 'value="+"', "reaction": 'preset="widget"', "message": "<textarea", "form": "<feelback-form",
        "tagged": "<feelback-tagged-message", "nps": 'value="10"',
    }  # fmt: skip
    program = "".join(f"echo feelback_shortcode(array('type' => '{type}', 'label' => 'Words')), '|';" for type in parts)
    for html, part in zip(
        (await php(program, SETTINGS, modules=WITHOUT_TAG)).split("</feelback-")[:-1], parts.values(), strict=True
    ):
        assert part in html
        assert 'lang="de-DE"' in html


@needs_php
async def test_a_form_returns_to_the_page_it_is_on() -> None:
    program = """
        echo feelback_shortcode(array('page' => 'shop')), '|';
        $wp = (object) array('request' => 'category/news'); $singular = false;
        echo feelback_shortcode(array('page' => 'shop')), '|', feelback_shortcode(array());"""
    post, archive, path = (await php(program, SETTINGS, modules=WITHOUT_TAG)).split("|")
    assert 'name="return" value="https://blog.example/post/"' in post
    for form, key in ((archive, "shop"), (path, "https://blog.example/category/news")):
        assert f'name="page" value="{key}"' in form
        assert 'name="return" value="https://blog.example/category/news"' in form


@needs_php
async def test_a_form_has_the_options_of_its_element_in_words_of_wordpress() -> None:
    program = """
        $words = array('Yes' => 'Ja', 'Comment' => 'Kommentar', 'Submit' => 'Senden');
        foreach (array('yesno', 'updown', 'message') as $type) echo feelback_shortcode(array('type' => $type)), '|';"""
    yesno, updown, message, _ = (await php(program, SETTINGS, modules=WITHOUT_TAG)).split("|")
    assert '<button name="value" value="y">👍 Ja</button>' in yesno
    assert '<button name="value" value="+1">⬆️ Upvote</button>' in updown
    assert '<button name="value" value="-1">⬇️ Downvote</button>' in updown
    assert 'aria-label="Kommentar"></textarea> <button>Senden</button>' in message


@needs_php
async def test_each_label_of_the_settings_has_its_field() -> None:
    program = f"""
        function settings_fields($group) {{}}
        function submit_button() {{}}
        function selected($value, $current, $print) {{ return ''; }}
        function checked($value, $current, $print) {{ return ''; }}
        function get_post_types($of, $kind) {{
            return array((object) array('name' => 'page', 'label' => 'Pages'));
        }}
        require '{FOLDER}/includes/settings-page.php'; feelback_page();"""
    html = await php(program, SETTINGS)
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert len(ids) == 5
    assert set(re.findall(r' for="([^"]+)"', html)) == ids
    for legend, name in (("Counts", "feelback[count]"), ("After the content of", "feelback[post_types][]")):
        group = re.search(rf"<fieldset><legend[^>]*>(?:<span>)?{legend}<.*?</fieldset>", html)
        assert group, legend
        assert f'name="{name}"' in group[0]


@needs_php
async def test_settings_keep_what_is_valid() -> None:
    program = """
        if (!function_exists('mb_substr')) { function mb_substr($text, $at, $to) { return substr($text, $at, $to); } }
        function add_settings_error($of, $name, $words) { echo "$name: $words\n"; }
        function sanitize_text_field($text) { return trim(strip_tags($text)); }
        function get_post_types($of) { return array('post' => 'post', 'page' => 'page'); }
        echo json_encode(feelback_sanitize_settings(array('server' => 'https://other.host:8443/panel?x',
            'widget' => '12', 'type' => 'x', 'label' => ' <b>Good?</b>', 'placement' => 'after',
            'post_types' => array('page', 'secret'))));
        echo feelback_origin('javascript:alert(1)'), feelback_origin('your host');"""
    error, _, stored = (await php(program, SETTINGS)).partition("\n")
    assert error.startswith("widget: The widget must be the ID")
    assert json.loads(stored) == {
        "server": "https://other.host:8443", "widget": SETTINGS["widget"], "type": "yesno", "label": "Good?",
        "count": False, "placement": "after", "post_types": ["page"],
    }  # fmt: skip
