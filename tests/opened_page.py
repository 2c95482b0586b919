"""A page in Chromium with its charts drawn, and questions that several tests ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OVERLAPS = """() => [...document.querySelectorAll('.plot')].flatMap(plot => {
  const boxes = [...plot.querySelectorAll('g.annotation text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([, q]) =>
    Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 &&
    Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1
  ).map(([b]) => a + ' | ' + b));
})"""
DRAWN = "() => [...document.querySelectorAll('.plot[data-fig]')].every(e => e.dataset.done)"
WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"


@contextmanager
def opened(
    chromium: Any, page: Path, *, width: int = 1440, height: int = 4200, theme: str = "light", **context: Any
) -> Iterator[Any]:
    """A page with its charts drawn, as far down as `height`; errors and requests outside are in `page.faults`."""
    place = chromium.new_context(viewport={"width": width, "height": height}, offline=True, **context)
    tab = place.new_page()
    tab.faults = []
    tab.on("console", lambda m: tab.faults.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda fault: tab.faults.append(str(fault)))
    tab.on("request", lambda r: tab.faults.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    tab.goto(f"{page.as_uri()}?theme={theme}")
    if context.get("java_script_enabled", True):
        tab.wait_for_function(DRAWN)
    yield tab
    place.close()
