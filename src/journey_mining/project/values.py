"""Shared pieces of settings: the strict base, durations with a unit, names in two languages, reading TOML."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from journey_mining.errors import SettingsError, did_you_mean

_DURATION = re.compile(r"^(\d{1,5})\s*(s|m|h|d|w)$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Strict(BaseModel):
    """Frozen values; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def parse_duration(value: object) -> timedelta:
    """A duration such as "30m" or "45d" as a timedelta; a bare number is refused because its unit is unknown.

    >>> parse_duration("45d").days
    45
    """
    if isinstance(value, timedelta):
        return value
    match = _DURATION.match(str(value)) if isinstance(value, str) else None
    if match is None:
        message = f"{value!r} is not a duration; write a number with a unit, such as '30m', '12h' or '45d'"
        raise ValueError(message)
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _is_positive(value: timedelta) -> timedelta:
    if not value:
        message = "a threshold of nothing would end everything at once; write at least '1s'"
        raise ValueError(message)
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
PositiveDuration = Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_is_positive)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
"""an id that can stand in file names and tables"""


class Named(Strict):
    """Something that has a name in both languages."""

    id: Slug
    """name in tables, rules and links"""
    ru: str
    """name in Russian"""
    en: str
    """name in English"""


ModelT = TypeVar("ModelT", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        SettingsError: the file is missing or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as missing:
        raise SettingsError(
            f"{path} does not exist.",
            expected="a project folder made by `journey init`.",
            todo="Run `journey init FOLDER`, or name the right folder.",
        ) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(
            f"{path} is not TOML: {fault}.",
            expected="a UTF-8 file in TOML 1.0.",
            todo="Correct the line named.",
        ) from fault


def validated(model: type[ModelT], data: dict[str, Any], *, where: str) -> ModelT:
    """`data` as a `model`, with every fault of the file in one error.

    Raises:
        SettingsError: a key is unknown, missing or of the wrong type.
    """
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        raise SettingsError(
            f"{where}: " + "; ".join(_worded(model, error) for error in fault.errors()) + ".",
            expected="the keys and types described in docs/settings.md.",
            todo="Correct the keys named.",
        ) from fault


def _worded(model: type[BaseModel], error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key {place!r}.{did_you_mean(str(error['loc'][-1]), _keys(model, error['loc'][:-1]))}"
    if error["type"] == "value_error":
        # the words of our own validators name the value; the input would be the whole file
        return f"{place}: {error['ctx']['error']}".removeprefix(": ")
    return f"{place}: {error['msg']} (found {error['input']!r})"


def _keys(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    """Names allowed at `place`, following nested models as far as they are plain."""
    current: Any = model
    for part in place:
        if isinstance(part, int):
            continue
        annotation = getattr(current, "model_fields", {}).get(part)
        current = _inner(annotation.annotation) if annotation else None
    return list(getattr(current, "model_fields", {}))


def _inner(annotation: Any) -> Any:
    for candidate in (*getattr(annotation, "__args__", ()), annotation):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return annotation
