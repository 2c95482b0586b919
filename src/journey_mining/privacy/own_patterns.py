"""What a project's own patterns find, replaced by their names in brackets.

In: texts as they were delivered, and the patterns of `[privacy.patterns]`. Out: the same texts, to be redacted further.
The patterns see what a reader sees: entities decoded, runs of spaces as one, invisible signs gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.privacy.redaction import Redacted, redact, typed_plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPatterns:
    """The patterns of one project."""

    patterns: Mapping[str, str] = field(default_factory=dict)
    """regular expression (RE2) by name"""

    def replaced(self, texts: Sequence[str]) -> tuple[list[str], list[int]]:
        """The texts without what is found, and how many finds were replaced in each; untouched without patterns."""
        counts = [0] * len(texts)
        if not self.patterns:
            return list(texts), counts
        plain = [typed_plainly(text) for text in texts]
        column = pa.array(plain, pa.large_string())
        for name, pattern in sorted(self.patterns.items()):
            found = pc.count_substring_regex(column, pattern=pattern).to_pylist()
            counts = [count + more for count, more in zip(counts, found, strict=True)]
            column = pc.replace_substring_regex(column, pattern=pattern, replacement=f"[{name}]")
        # whatever was not found stays as it was delivered
        return [
            new if count else text for text, new, count in zip(texts, column.to_pylist(), counts, strict=True)
        ], counts

    def text(self, text: str) -> str:
        """One text."""
        return self.replaced([text])[0][0]

    def redacted(self, texts: Sequence[str]) -> list[Redacted]:
        """The texts without what is found, and without all that `redact` finds."""
        plain, counts = self.replaced(texts)
        found = [redact(text) for text in plain]
        return [Redacted(text=one.text, count=one.count + count) for one, count in zip(found, counts, strict=True)]
