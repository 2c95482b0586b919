"""Identity: which identifiers are one person, by stored evidence, and why.

In: `event`, `event_identifier`, `event_object`, `email_domain` (keyed hashes), and what the project overrides. Out:
`identifier_edge`, `person_identifier`, `person`, `event_person`, `identity_review`, `account`, `account_person`. Stands
between `sources` and `journeys`.
"""

from __future__ import annotations

from journey_mining.identity.evidence import Link
from journey_mining.identity.explain import (
    Explanation,
    KnownIdentifier,
    PersonExplanation,
    Verdict,
    explain,
    explain_person,
    explanation_text,
    person_text,
)
from journey_mining.identity.kinds import DEFAULT_KINDS, Kind
from journey_mining.identity.quality import Quality, measure_quality
from journey_mining.identity.review import Finding, review, review_text
from journey_mining.identity.stitching import stitch

__all__ = [
    "DEFAULT_KINDS",
    "Explanation",
    "Finding",
    "Kind",
    "KnownIdentifier",
    "Link",
    "PersonExplanation",
    "Quality",
    "Verdict",
    "explain",
    "explain_person",
    "explanation_text",
    "measure_quality",
    "person_text",
    "review",
    "review_text",
    "stitch",
]
