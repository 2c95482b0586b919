"""Handouts: a segment as files for those who do not open the site, and for other programs.

In: a published project. Out: workbooks, summaries, diagrams, tables, one-file pages, event logs, prints. All are made
of the values that pages are made of, so nothing too small to be shown is in any of them.
"""

from __future__ import annotations

from journey_mining.handouts.prints import Paper
from journey_mining.handouts.published import Published, published_state
from journey_mining.handouts.site_places import FIGURES, STAGE_FIGURES, page_names
from journey_mining.handouts.writing import DRAWN, LOGS, PLAIN_FORMS, Form, Wish, Written, form_named, write_handouts

__all__ = [
    "DRAWN",
    "FIGURES",
    "LOGS",
    "PLAIN_FORMS",
    "STAGE_FIGURES",
    "Form",
    "Paper",
    "Published",
    "Wish",
    "Written",
    "form_named",
    "page_names",
    "published_state",
    "write_handouts",
]
