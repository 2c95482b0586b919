"""JSON text of what no column claims."""

from __future__ import annotations

import json

as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
"""one spelling for equal values"""
