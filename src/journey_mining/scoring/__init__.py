"""Scores: every number of the map with its interval, its n and its method.

Reads the tables of journeys and the sentiment of texts, writes the tables of layer 70.
"""

from __future__ import annotations

from journey_mining.scoring.scores import score

__all__ = ["score"]
