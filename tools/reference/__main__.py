"""Write the pages of the reference, or say which are not current."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from reference.cli_page import cli_page
from reference.decisions_page import decisions_page
from reference.errors_page import errors_page
from reference.keys_page import settings_page, spec_page
from reference.raised import Code

ROOT = Path(__file__).resolve().parents[2]
PAGES: dict[str, Callable[[], str]] = {
    "errors.md": lambda: errors_page(Code(ROOT / "src" / "journey_mining")),
    "cli.md": cli_page,
    "settings.md": settings_page,
    "spec.md": spec_page,
    "adr/index.md": lambda: decisions_page(ROOT / "docs" / "adr"),
}
"""file in docs/, and what writes it"""


def stale_pages() -> list[str]:
    """Pages that say something else than the code."""
    return [name for name, made in PAGES.items() if not _is_current(ROOT / "docs" / name, made())]


def _is_current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main() -> int:
    """Write, or with --check only look."""
    stale = stale_pages()
    if "--check" in sys.argv[1:]:
        print(f"Not current: {', '.join(stale)}. Run `make reference`." if stale else "The reference is current.")
        return bool(stale)
    for name in stale:
        (ROOT / "docs" / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"Wrote docs/{name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
