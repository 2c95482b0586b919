"""Figures of executed notebooks as PNG, drawn by the Chromium of this machine with plotly's own library.

In: a notebook with figures as JSON, and the one stored before. Out: the same with pictures. A picture whose figure did
not change is taken over, so that a newer browser alone changes no file.
"""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image

from journey_mining.dashboards.site import plotly_script
from journey_mining.handouts.chromium import Chromium, Page, found_chromium
from notebook_outputs.executing import DIGEST, FIGURE, code_cells

PICTURE = "image/png"
WIDTH = 1200
"""CSS pixels, for which flows have room for their words; code hosts shrink it to their column"""
SHARP = 1.25
_COLOURS = 256
"""a picture of so many colours takes a fifth of the bytes, and ours have fewer but for overlaps of ribbons"""
_DRAW = "Plotly.toImage(%s, {format: 'png', width: %d, height: %d, scale: %s})"


def drawn(notebook: nbformat.NotebookNode, stored: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with pictures in place of figures.

    Raises:
        NotFoundError: a picture has to be drawn, and there is no Chromium.
    """
    known = dict(_pictures(stored))
    figures = [output for output in _outputs(notebook) if FIGURE in output.get("data", {})]
    missing = {output.metadata[DIGEST]: output.data[FIGURE] for output in figures}
    wanted = {digest: figure for digest, figure in missing.items() if digest not in known}
    if wanted:
        with canvas() as page:
            known |= {digest: picture_of(page, figure) for digest, figure in wanted.items()}
    for output in figures:
        words = output.data["text/plain"]
        output.data = nbformat.NotebookNode({PICTURE: known[output.metadata[DIGEST]], "text/plain": words})
    return notebook


@contextmanager
def canvas() -> Iterator[Page]:
    """An empty page that knows plotly."""
    with tempfile.TemporaryDirectory() as folder, Chromium(found_chromium()) as browser:
        blank = Path(folder) / "blank.html"
        script = plotly_script().as_uri()
        blank.write_text(f'<!doctype html><meta charset="utf-8"><script src="{script}"></script>', encoding="utf-8")
        with browser.page(blank.as_uri(), width=WIDTH, height=WIDTH) as page:
            yield page


def picture_of(page: Page, figure: dict[str, Any]) -> str:
    """A figure of plotly as PNG in base64, wrapped as notebooks keep it."""
    asked = json.dumps({"data": figure["data"], "layout": {**figure["layout"], "paper_bgcolor": "#FFFFFF"}})
    address = str(page.value(_DRAW % (asked, WIDTH, figure["layout"].get("height", 400), SHARP)))
    return base64.encodebytes(_small(base64.b64decode(address.partition(",")[2]))).decode()


def _small(picture: bytes) -> bytes:
    drawn_one = Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    drawn_one.save(written, "PNG", optimize=True)
    return written.getvalue()


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    for cell in code_cells(notebook):
        yield from cell.outputs


def _pictures(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    for output in _outputs(notebook):
        if PICTURE in output.get("data", {}) and DIGEST in output.metadata:
            yield output.metadata[DIGEST], output.data[PICTURE]
