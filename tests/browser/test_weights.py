"""What a page weighs: bytes on the wire, elements, layout that jumps."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.browser.registry import Page
from tests.browser.test_pages import Visit, visit  # noqa: F401 - a fixture

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.xdist_group("pages 0")]
CSS, OWN_SCRIPTS, FIRST_PAGE = 12_000, 3_000, 60_000
JUMPS = 0.05  # the paint of the largest piece is printed beside it: a busy machine would fail it
HEAVY = [
    Page("home"),
    Page("jobs:job_list"),
    Page("matching:for_you", "owner"),
    Page("matching:why", "owner", "posting of A"),
]
ALREADY_SMALL = ("font/woff2", "image/png")
SLOW_4G = {"offline": False, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8, "latency": 150}
#: Both are read from what the browser kept since the page began.
PAINT = """kind => new Promise(done => { let last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (kind === "layout-shift") last += e.hadRecentInput ? 0 : e.value; else last = e.startTime;
  })).observe({ type: kind, buffered: true });
  setTimeout(() => done(last), 200); })"""


@pytest.mark.parametrize("page", HEAVY, ids=str)
def test_the_first_visit_stays_within_its_budget(visit: Visit, page: Page) -> None:  # noqa: F811
    visit.come(page.role)
    answers = []

    def keep(answer: Any) -> None:
        answers.append(answer)

    visit.tab.on("response", keep)
    line = visit.context.new_cdp_session(visit.tab)
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    visit.tab.goto(visit.office.address(page), wait_until="networkidle")
    visit.tab.remove_listener("response", keep)
    jumps, painted = visit.tab.evaluate(PAINT, "layout-shift"), visit.tab.evaluate(PAINT, "largest-contentful-paint")
    line.detach()

    sizes: dict[str, int] = {}
    for answer in answers:
        kind, body = answer.headers.get("content-type", "").partition(";")[0], answer.body()
        size = len(body) if kind in ALREADY_SMALL else len(gzip.compress(body))
        name = "own" if "/js/moirai" in answer.url else kind
        sizes[name] = sizes.get(name, 0) + size
    visit.tab.goto("about:blank")
    print(f"\n{page}: {sum(sizes.values())} bytes {sizes}, shift {jumps:.3f}, painted after {painted / 1000:.2f} s")
    assert sizes["text/css"] <= CSS
    assert sizes["own"] <= OWN_SCRIPTS
    assert sum(sizes.values()) <= FIRST_PAGE
    assert jumps < JUMPS
