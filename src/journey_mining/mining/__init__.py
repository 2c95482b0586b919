"""Paths: what customers really did, in which order. Reads journeys, writes the path tables and process models."""

from __future__ import annotations

from journey_mining.mining.paths import mine_paths

__all__ = ["mine_paths"]
