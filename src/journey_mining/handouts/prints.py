"""Pages and figures of the published site as PDF, PNG and SVG, drawn by Chromium from the pages themselves.

In: the site on disk. Out: bytes. What is printed is what readers see, so its numbers are those of the pages.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from journey_mining.errors import NotFoundError
from journey_mining.handouts.chromium import Chromium, Page

Paper = Literal["a3", "a4"]
_DRAWINGS = {"process": "svg.dfg"}
"""figures that are no plotly figures: they can be photographed, but not taken out"""
_WIDTH, _HEIGHT, _SHARP = 1440, 1000, 2.0
_INCHES = {"a4": (11.69, 8.27)}
"""width and height of a sheet that differs from the one of the pages"""
_DRAWN = """new Promise((done, failed) => {
  const waited = setTimeout(() => failed(new Error('charts are not drawn')), 30000);
  (function look() {
    const plots = [...document.querySelectorAll('.plot[data-fig]')];
    if (plots.every(plot => plot.dataset.done)) {
      clearTimeout(waited);
      document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(done)));
    } else setTimeout(look, 20);
  })();
})"""
_SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
_BOX = """(() => {
  const r = document.querySelector(%s).getBoundingClientRect();
  return [r.left + scrollX, r.top + scrollY, r.width, r.height];
})()"""
_CAPTION = "[...document.querySelectorAll('.printhd span')].map(part => part.textContent.trim()).join(' · ')"
_CAPTION_HEIGHT = 26
# the drawn figure with the names of its columns, and a line on what it is and of when: a picture travels alone
_SVG = """(() => {
  const plot = document.querySelector(%s), old = plot.layout, margin = old.margin || {};
  const above = margin.t || 0, below = margin.b || 0;
  const safe = words => words.trim().replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const line = (words, more) => Object.assign({text: safe(words), xref: 'paper', yref: 'paper', xanchor: 'left',
    showarrow: false, font: {size: 11}}, more);
  const selector = {emotion: '.cjm thead .stg bdi', 'step-flow': '.colhd > div'}[plot.id];
  const heads = selector ? [...document.querySelectorAll(selector)].map(head => head.firstChild.textContent) : [];
  const high = heads.length ? %d : 0, height = plot.clientHeight + high + %d, width = plot.clientWidth;
  const names = heads.map((head, place) => line(head.length > 24 ? head.slice(0, 23) + '…' : head,
    {x: place / heads.length, y: 1, yanchor: 'bottom', yshift: above + 4}));
  const layout = Object.assign({}, old, {width: width, height: height, paper_bgcolor: '#FFFFFF',
    margin: Object.assign({}, margin, {t: above + high, b: below + %d}),
    annotations: (old.annotations || []).concat(names,
      [line(%s, {x: 0, y: 0, yanchor: 'top', yshift: -below - 4})])});
  return Plotly.toImage({data: plot.data, layout: layout}, {format: 'svg', width: width, height: height})
    .then(address => [address, width, height]);
})()"""
_CAPTIONED = """(() => {
  const drawing = document.querySelector(%s), line = document.createElement('p');
  line.textContent = %s;
  line.style.cssText = 'margin: 4px 0 0; font-size: 11px; line-height: 18px;';
  drawing.insertAdjacentElement('afterend', line);
})()"""
_CLOCK = re.compile(rb"\(D:\d{14}[^)]*\)")
_PART = re.compile(rb"node\d{8}")
"""name of a part of the page in the structure of the document"""


def pdf_of(browser: Chromium, page: Path, as_of: datetime, *, paper: Paper = "a3") -> bytes:
    """A page on paper; its date is the cutoff of the data. The same page gives the same bytes."""
    with browser.page(f"{page.as_uri()}?theme=light", width=_WIDTH, height=_HEIGHT) as opened:
        _draw_all(opened)
        # pages are laid out for A3; on A4 the same sheets are printed at seven tenths
        return _without_accidents(opened.pdf(_INCHES.get(paper)), as_of)


def picture_of(browser: Chromium, page: Path, figure: str = "") -> bytes:
    """A whole page, or one of its figures, as PNG at twice the pixels of the screen."""
    if figure and figure not in _DRAWINGS:
        drawing, width, height = _taken_out(browser, page, figure)
        address = f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
        with browser.page(address, width=width, height=height, scale=_SHARP) as opened:
            return opened.picture()
    with browser.page(f"{page.as_uri()}?theme=light", width=_WIDTH, height=_HEIGHT, scale=_SHARP) as opened:
        width, height = _draw_all(opened)
        if not figure:
            return opened.picture({"x": 0, "y": 0, "width": width, "height": height})
        opened.value(_CAPTIONED % (json.dumps(_DRAWINGS[figure]), _CAPTION))
        left, top, wide, high = opened.value(_BOX % json.dumps(_DRAWINGS[figure]))
        return opened.picture({"x": left, "y": top, "width": wide, "height": high + _CAPTION_HEIGHT})


def drawing_of(browser: Chromium, page: Path, figure: str) -> bytes:
    """A figure as SVG with a line on what it shows and the cutoff of the data.

    Raises:
        NotFoundError: plotly does not draw this figure.
    """
    if figure in _DRAWINGS:
        raise NotFoundError(
            f"The figure {figure!r} takes its colours from its page and cannot leave it as SVG.",
            expected="a figure of plotly, such as emotion, stage-flow or step-flow.",
            todo="Take it as png, or its page as pdf, which keeps lines sharp.",
        )
    return _taken_out(browser, page, figure)[0]


def _draw_all(opened: Page) -> tuple[int, int]:
    """Make the window as high as the page, so that every chart is drawn; the size of the page."""
    width, height = opened.value(_SIZE)
    for _ in range(2):  # a page may grow when its charts appear
        opened.resize(_WIDTH, height)
        opened.value(_DRAWN)
        width, height = opened.value(_SIZE)
    return width, height


def _taken_out(browser: Chromium, page: Path, figure: str) -> tuple[bytes, int, int]:
    """A figure of plotly as SVG, with its width and height."""
    with browser.page(f"{page.as_uri()}?theme=light", width=_WIDTH, height=_HEIGHT) as opened:
        _draw_all(opened)
        script = _SVG % (json.dumps(f"#{figure}"), *[_CAPTION_HEIGHT] * 3, _CAPTION)
        address, width, height = opened.value(script)
    head, _, content = str(address).partition(",")
    drawing = base64.b64decode(content) if head.endswith("base64") else unquote(content).encode()
    return drawing, width, height


def _without_accidents(pdf: bytes, as_of: datetime) -> bytes:
    """The PDF without what differs from print to print; no byte moves.

    The cutoff of the data stands in the place of the time of printing. Parts of the page are numbered from 1 in the
    browser's order; its own numbers count whatever it happened to lay out before.
    """
    moment = f"(D:{as_of:%Y%m%d%H%M%S}+00'00')".encode()
    dated = _CLOCK.sub(lambda match: moment if len(match[0]) == len(moment) else match[0], pdf)
    numbers = {name: number for number, name in enumerate(sorted(set(_PART.findall(dated))), start=1)}
    return _PART.sub(lambda match: b"node%0*d" % (len(match[0]) - len(b"node"), numbers[match[0]]), dated)
