"""Numbers about paths: how far they follow the intended way, where they leave it, what is not seen, how many there are.

In: the tables of layer 60 and `journey_time`. Out: `conformance`, `path_deviation`, `variant_summary`,
`variant_outcome`, `blind_spot`.
"""

from __future__ import annotations

from journey_mining.scoring.path_scores.tables import score_paths

__all__ = ["score_paths"]
