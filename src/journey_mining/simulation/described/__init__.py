"""Companies that a file describes: stages, ways out, touches and texts in TOML, exports of real systems out of it.

`write_world` simulates one hosting company with a planted truth for the tests. Here anybody's company is told by a
`company.toml` and simulated by the same mechanism of stays and ways out; the examples are made so.
"""

from __future__ import annotations

from journey_mining.simulation.described.exports import write_company
from journey_mining.simulation.described.plan import CompanyPlan, read_company

__all__ = ["CompanyPlan", "read_company", "write_company"]
