"""Customer journey maps drawn from the events a company already has."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__"]
