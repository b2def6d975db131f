"""What can be wrong with a page that somebody looks at; each function returns complaints."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TALL = 900
SMALLEST_TARGET = 24
NODES = 1200

#: WCAG 1.4.12, as a constructed style sheet: the policy refuses an inline one.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
PLAIN = "() => { document.adoptedStyleSheets = [] }"
#: What is wider than the window, and the first thing that makes it so.
WIDTH = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return null;
  const wide = [...document.body.querySelectorAll("*")].find(e => e.getBoundingClientRect().right > room + 1
    && !e.closest(".table-wrap, [tabindex='0'], svg"));
  return `${document.documentElement.scrollWidth} px at ${room}: ${wide?.outerHTML.slice(0, 160)}`;
}"""
#: Targets below 24 px; links within a sentence and boxes whose label is the target are exempt.
SMALL = """smallest => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(e => e.type !== "hidden" && e.checkVisibility({ visibilityProperty: true }) && !e.closest(".vh, .skip"))
  .filter(e => {
    const label = e.labels?.[0], inText = e.tagName === "A" && getComputedStyle(e).display === "inline"
      && e.parentElement.textContent.trim() !== e.textContent.trim();
    const box = (e.matches("[type=checkbox], [type=radio]") && label ? label : e).getBoundingClientRect();
    return !inText && (box.width < smallest || box.height < smallest) && box.width > 0;
  }).map(e => { const b = e.getBoundingClientRect();
    return `${Math.round(b.width)}x${Math.round(b.height)} ${e.outerHTML.slice(0, 140)}` })"""
MOVING = """() => document.getAnimations().filter(a => a.playState === "running")
  .map(a => a.effect.target.outerHTML.slice(0, 100))"""
#: The ring around whatever has the focus, and whether something covers it.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const ring = [e, e.closest("article"), e.labels?.[0], e.parentElement].filter(Boolean).some(x => {
    const s = getComputedStyle(x), a = getComputedStyle(x, "::after");
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)
      || (a.outlineStyle !== "none" && parseFloat(a.outlineWidth) >= 2);
  });
  const box = e.getClientRects()[0] ?? e.getBoundingClientRect();
  const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const seen = !top || e.contains(top) || top.contains(e) || [...(e.labels ?? [])].some(l => l.contains(top));
  const inside = y >= 0 && y <= innerHeight && x >= 0 && x <= innerWidth;
  return { what: e.outerHTML.slice(0, 120), ring, seen: seen && inside, by: top?.outerHTML.slice(0, 90) };
}"""
#: Colours are judged once they have faded over from the other theme.
SETTLE = "() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))"


def axe(page: Any, *, within: str = "html") -> list[str]:
    """Violations, each with its rule and the first element that breaks it."""
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
        "elementRef": False,
        "ancestry": False,
    }
    page.evaluate(SETTLE)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("([part, options]) => axe.run(part, options).then(r => r.violations)", [within, options])
    return [f"axe {rule['id']} x{len(rule['nodes'])}: {rule['nodes'][0]['html'][:160]}" for rule in found]


def at_width(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": TALL})


def sideways(page: Any) -> list[str]:
    """Whether the page scrolls sideways, as it is and with the spacing that a reader may ask for."""
    found = []
    if wide := page.evaluate(WIDTH):
        found.append(f"wider than the window: {wide}")
    page.evaluate(SPACED)
    if wide := page.evaluate(WIDTH):
        found.append(f"wider with spaced text: {wide}")
    page.evaluate(PLAIN)
    return found


def small_targets(page: Any) -> list[str]:
    return [f"small target: {target}" for target in page.evaluate(SMALL, SMALLEST_TARGET)]


def moving(page: Any) -> list[str]:
    """Animations that run although the system asks for none; the page must have been loaded with that wish."""
    return [f"moves: {what}" for what in page.evaluate(MOVING)]


def nodes(page: Any) -> list[str]:
    count = page.evaluate("() => document.querySelectorAll('*').length")
    return [f"{count} nodes"] if count > NODES else []


def focus_ring(page: Any, *, stops: int = 40) -> list[str]:
    """Tab through the page: every stop has a ring, and nothing covers it."""
    found: list[str] = []
    seen: set[str] = set()
    page.evaluate("() => { window.scrollTo(0, 0); document.activeElement?.blur() }")
    for _ in range(stops):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        if not stop["ring"]:
            found.append(f"no ring: {stop['what']}")
        if not stop["seen"] and stop["what"] not in seen:
            found.append(f"covered: {stop['what']} by {stop['by']}")
        seen.add(stop["what"])
    return found
