"""The words of the pages: one TOML file per language with the same keys.

In: `words/ru.toml`, `words/en.toml`. Out: `Words`, which fails on a missing key instead of printing it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.formats import Language, typography
from journey_mining.errors import SpecError

_FOLDER = Path(__file__).resolve().parent / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of one language by dotted key."""

    language: Language
    texts: dict[str, str | tuple[str, ...]]

    def __call__(self, key: str, **values: object) -> Markup:
        """The text of a key as markup; values are escaped, the text's own tags stand.

        Raises:
            SpecError: there is no such key.
        """
        return Markup(self._text(key)).format(**values)  # noqa: S704 - the catalogue is ours, values are escaped

    def plain(self, key: str, **values: object) -> str:
        """The text of a key as plain text, for attributes, figures and files."""
        return self._text(key).format(**values)

    def forms(self, key: str) -> Sequence[str]:
        """Forms of a noun, for `Formats.plural`."""
        forms = self.texts.get(key)
        if not isinstance(forms, tuple):
            raise _missing(key, self.language)
        return forms

    def has(self, key: str) -> bool:
        """Whether there is such a text; for names that come out of data, such as codes."""
        return isinstance(self.texts.get(key), str)

    def _text(self, key: str) -> str:
        text = self.texts.get(key)
        if not isinstance(text, str):
            raise _missing(key, self.language)
        return text


@cache
def words_of(language: Language) -> Words:
    """The catalogue of a language.

    Raises:
        SpecError: the two languages do not have the same keys.
    """
    catalogues = {name: _read(name) for name in ("ru", "en")}
    lonely = sorted(set(catalogues["ru"]) ^ set(catalogues["en"]))
    if lonely:
        raise SpecError(
            f"The page texts {', '.join(lonely)} stand in one language only.",
            expected="the same keys in words/ru.toml and words/en.toml.",
            todo="Add the missing texts.",
        )
    return Words(language, catalogues[language])


def _read(language: str) -> dict[str, str | tuple[str, ...]]:
    content = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    flat = dict(_flat("", content))
    if language == "en":
        return flat
    return {key: typography(text) if isinstance(text, str) else text for key, text in flat.items()}


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str | tuple[str, ...]]]:
    found: list[tuple[str, str | tuple[str, ...]]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{key}.", value)
        else:
            found.append((prefix + key, tuple(value) if isinstance(value, list) else str(value)))
    return found


def _missing(key: str, language: str) -> SpecError:
    return SpecError(
        f"There is no page text {key!r} in {language}.",
        expected=f"a text with that key in words/{language}.toml.",
        todo="Add it in both languages.",
    )
