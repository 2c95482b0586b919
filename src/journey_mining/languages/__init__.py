"""In which language and which letters a text is written: the same answer for loading and for scoring."""

from __future__ import annotations

from journey_mining.languages.letters import Told, language_of, told_language
from journey_mining.languages.transliteration import in_cyrillic

__all__ = ["Told", "in_cyrillic", "language_of", "told_language"]
