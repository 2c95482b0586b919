"""One column of a spec: where its text stands in a file, and what value it is turned into."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from journey_mining.project.values import Strict
from journey_mining.sources.spec_values import ColumnFormat, JsonPath, Pattern, Replacement, Zone

ColumnType = Literal[
    "id",
    "text",
    "label",
    "text_list",
    "int",
    "decimal",
    "bool",
    "date",
    "datetime",
    "datetime_tz",
    "epoch_s",
    "epoch_ms",
    "epoch_us",
    "phone",
    "phone_list",
    "email",
    "email_list",
    "currency",
    "url",
    "url_host",
    "url_path",
    "json",
]


class Column(Strict):
    """One typed column of staging."""

    from_: tuple[str, ...] = Field(default=(), alias="from")
    """headings it may have; list types join all that are present, others take the first"""
    path: tuple[JsonPath, ...] = ()
    """place in a JSON record, or inside the JSON text of the cell; of several the first that is there"""
    type: ColumnType = "text"
    """what the cell becomes; docs/adding-a-source.md says what each type is"""
    required: bool = False
    """rows without a sound value are quarantined, files without the heading are rejected"""
    formats: tuple[ColumnFormat, ...] = ()
    """formats of times in the manner of strptime (%Y %y %m %b %d %H %I %p %M %S %f %z), or "excel"; tried in order"""
    timezone: Zone | None = None
    """zone of its times, where it is another than that of the source"""
    allowed: tuple[str, ...] = ()
    """the only values there are; others are a fault"""
    not_in: tuple[str, ...] = ()
    """values that stand for nothing"""
    map: dict[str, str] = Field(default_factory=dict)
    """values, and what is written in their place"""
    split: Pattern = r"[,;\n]"
    """pattern between the values of a list"""
    clean: Literal["", "html", "bbcode"] = ""
    """markup to take away"""
    replace: tuple[Replacement, ...] = ()
    """regular expressions and what to put in their place, applied in order to the parsed text"""
    minimum: float | None = None
    """smaller numbers are a fault"""
    maximum: float | None = None
    """larger numbers are a fault"""

    @field_validator("path", mode="before")
    @classmethod
    def _are_paths(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _formats_fit(self) -> Column:
        if self.type == "datetime_tz" and any("%z" not in text for text in self.formats):
            message = "formats of a datetime_tz need %z; without an offset the type is datetime"
            raise ValueError(message)
        return self

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several values."""
        return self.type.endswith("_list")
