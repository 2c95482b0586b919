"""docs/settings.md and docs/spec.md: every key of every file that people write, from the models that check them."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from journey_mining.project.knowledge import Knowledge
from journey_mining.project.segments import Segments
from journey_mining.project.settings import Settings
from journey_mining.project.stages import StageMap
from journey_mining.project.values import Strict
from journey_mining.sources.spec import SourceSpec

_GENERATED = "<!-- written by `make reference` from the code; do not edit -->\n"
_SETTINGS = (
    "# Settings, key by key\n\n"
    "What each file of a project may hold. [The project folder](project-folder.md) says what the files are for. An\n"
    'unknown key is an error that names the nearest known one; durations carry a unit (`"45d"`).\n\n' + _GENERATED
)
_SPEC = (
    "# spec.toml, key by key\n\n"
    "What the spec of a source may hold. [Adding a source](adding-a-source.md) says how the parts work together.\n\n"
    + _GENERATED
)
_FILES: dict[str, type[Strict]] = {
    "journey.toml": Settings,
    "stages.toml": StageMap,
    "segments.toml": Segments,
    "knowledge/*.toml": Knowledge,
}
_COLUMNS = "| key | value | default | meaning |\n|---|---|---|---|\n"
_WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "timedelta": "duration"}
_WORDS |= {"datetime": "time", "date": "date", "time": "time of day", "Any": "value", "NoneType": ""}


def settings_page() -> str:
    """Keys of the files of a project."""
    parts = [_SETTINGS]
    for name, model in _FILES.items():
        parts.append(f"\n## {name}\n")
        parts += _tables(model, "", heading="###")
    return "".join(parts)


def spec_page() -> str:
    """Keys of the spec of a source."""
    return _SPEC + "".join(_tables(SourceSpec, "", heading="##"))


def _tables(model: type[Strict], place: str, *, heading: str, above: tuple[type[Strict], ...] = ()) -> Iterator[str]:
    """A table of plain keys, then one for each table inside; a table that holds itself is shown once."""
    said = docstrings(model)
    around = (*above, model)
    inner = {
        name: found
        for name, field in model.model_fields.items()
        if (found := _model_in(field.annotation)) and found not in around
    }
    plain = [name for name in model.model_fields if name not in inner]
    if plain:
        yield f"\n{heading} {place or 'top of the file'}\n\n{_about(model)}\n\n{_COLUMNS}"
        for name in plain:
            field = model.model_fields[name]
            cells = (f"`{field.alias or name}`", kind(field.annotation), default(field), said.get(name, ""))
            yield f"| {' | '.join(cells)} |\n"
    for name, found in inner.items():
        yield from _tables(found, _below(place, model, name), heading=heading, above=around)


def _below(place: str, model: type[Strict], name: str) -> str:
    field = model.model_fields[name]
    is_list = get_origin(field.annotation) in {tuple, list}
    path = [*place.strip("[]").split("."), field.alias or name] if place else [field.alias or name]
    if get_origin(field.annotation) is dict:
        path.append("NAME")
    inside = ".".join(path)
    return f"[[{inside}]]" if is_list else f"[{inside}]"


def _about(model: type[Strict]) -> str:
    return (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " ").replace("|", r"\|").replace("*", r"\*")


@cache
def docstrings(model: type[Strict]) -> dict[str, str]:
    """The text below each field of a model, inherited ones too."""
    found: dict[str, str] = {}
    for one in reversed([base for base in model.__mro__ if issubclass(base, Strict)]):
        [body] = [
            node for node in ast.parse(textwrap.dedent(inspect.getsource(one))).body if isinstance(node, ast.ClassDef)
        ]
        for field, text in pairwise(body.body):
            is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
                found[field.target.id] = re.sub(r"\s+", " ", str(text.value.value)).replace("|", r"\|")
    return found


def _model_in(annotation: Any) -> type[Strict] | None:
    """The model inside of an annotation such as tuple[Rule, ...]; None for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def kind(annotation: Any) -> str:
    """What may stand there, for people.

    >>> kind(tuple[str, ...]), kind(Literal["a", "b"]), kind(int | None)
    ('list of text', '`a`, `b`', 'whole number')
    """
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{part}`" if part != "" else "nothing" for part in parts)
    if origin in {Union, types.UnionType}:
        return " or ".join(filter(None, dict.fromkeys(kind(part) for part in parts)))
    if parts:
        words = {tuple: "list of ", list: "list of ", dict: "table of "}.get(origin, "")
        return words + kind(parts[1] if origin is dict else parts[0])
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return "such a table again"
    return _WORDS.get(getattr(annotation, "__name__", ""), "value")


def default(field: FieldInfo) -> str:
    """The value where nothing is written; 'needed' where something must be."""
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None or value == ():
        return "none"
    if isinstance(value, timedelta):
        return f"`{_duration(value)}`"
    if isinstance(value, Mapping):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    shown = ", ".join(repr(part) for part in value) if isinstance(value, tuple) else str(value)
    return f"`{shown}`" if shown else "empty"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    units = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    unit = next(name for name, size in units.items() if seconds % size == 0 and (seconds or size == 1))
    return f"{seconds // units[unit]}{unit}"
