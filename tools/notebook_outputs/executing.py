"""A notebook executed from top to bottom, with outputs that are the same wherever it runs.

In: a notebook and a published project. Out: the notebook with outputs of text, and of each figure of plotly its JSON
and a digest. Folders of temporary projects and run times are written as `…`; nothing else is changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FIGURE = "application/vnd.plotly.v1+json"
DIGEST = "figure"
"""key in the metadata of an output: which figure the picture shows"""
_DIGITS = 6
"""significant digits of numbers that a figure is recognised by; processors differ in the last ones"""
_PATIENCE = 300
"""seconds until a cell counts as hanging"""
_SECONDS = re.compile(r" +\d+(?:\.\d+)? s\b")
_CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\r")
"""colours, and what a progress line does to its cursor"""
_LANGUAGE = {"name": "python"}


def executed(path: Path, project: Path) -> nbformat.NotebookNode:
    """The notebook with outputs of now.

    Args:
        path: the notebook
        project: the published project that it opens where it makes none itself

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="notebook-") as home:
        client = NotebookClient(
            notebook,
            timeout=_PATIENCE,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": path.parent}},
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of the event loop of the client, not of ours
            client.execute(env=_environment(project, home))
        for cell in code_cells(notebook):
            cell.outputs = list(_tidied(cell.outputs, home))
    notebook.metadata["language_info"] = _LANGUAGE
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Its cells of code, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def differences(stored: nbformat.NotebookNode, fresh: nbformat.NotebookNode) -> list[str]:
    """Cells whose outputs are not those of now, with both; pictures are held against each other by their figures."""
    pairs = zip(code_cells(stored), code_cells(fresh), strict=True)
    said = [(before.source, words_of(before), words_of(now)) for before, now in pairs]
    return [f"{source}\n--- stored\n{old}\n--- now\n{new}" for source, old, new in said if old != new]


def words_of(cell: nbformat.NotebookNode) -> str:
    """Everything that a cell shows but for pixels: printed lines, tables, digests of figures."""
    return json.dumps([_wordly(output) for output in cell.outputs], ensure_ascii=False, indent=1)


def _wordly(output: nbformat.NotebookNode) -> Any:
    if output.output_type == "stream":
        return {output.name: output.text.splitlines()}
    if DIGEST in output.metadata:
        return {DIGEST: output.metadata[DIGEST]}
    return {kind: str(text).splitlines() for kind, text in sorted(output.data.items())}


def _environment(project: Path, home: str) -> dict[str, str]:
    # commands of notebooks are those of this Python; their projects get one key and one folder for temporary files
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    own = {
        "JOURNEY_PROJECT": str(project.resolve()),
        "JOURNEY_KEY": "7" * 64,
        "PLOTLY_RENDERER": "plotly_mimetype",
        "PATH": path,
        "TMPDIR": home,
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "TZ": "UTC",
    }
    return {**os.environ, **own}


def _tidied(outputs: list[nbformat.NotebookNode], home: str) -> Iterator[nbformat.NotebookNode]:
    for output in _joined(outputs):
        if output.output_type == "stream":
            output.text = _same_everywhere(output.text, home)
            if not output.text.strip():
                continue
        elif FIGURE in output.data:
            figure = output.data[FIGURE]
            output.data = nbformat.NotebookNode({FIGURE: figure, "text/plain": "a picture"})
            output.metadata = nbformat.NotebookNode({DIGEST: _digest(figure)})
        else:
            output.data = nbformat.NotebookNode(
                {kind: _same_everywhere(text, home) for kind, text in sorted(output.data.items())}
            )
        yield output


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Pieces of one stream as one output: how many there are and how they mix depends on how busy the machine is."""
    streams: dict[str, nbformat.NotebookNode] = {}
    whole = []
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        whole.append(output)
    return sorted(whole, key=_place)


def _place(output: nbformat.NotebookNode) -> int:
    """Printed lines, then messages, then values."""
    return {"stdout": 0, "stderr": 1}.get(output.get("name", ""), 2)


def _same_everywhere(text: str, home: str) -> str:
    places = re.compile(re.escape(os.path.realpath(home)) + r"(?:/tmp[\w]+)?|" + re.escape(home) + r"(?:/tmp[\w]+)?")
    lines = _SECONDS.sub(" … s", places.sub("…", _CONTROL.sub("", text))).split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _digest(figure: Any) -> str:
    text = json.dumps(_rounded(figure), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rounded(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _rounded(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_rounded(value) for value in part]
    return float(f"{part:.{_DIGITS}g}") if isinstance(part, float) else part
