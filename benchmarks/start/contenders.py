"""`journey --help`, or a Python that does nothing, in a process of its own.

python benchmarks/start/contenders.py help build/bench/start
"""

from __future__ import annotations

import contextlib
import io
import json
import sys


def help_text() -> None:
    """Say how `journey` is used, to nobody."""
    from journey_mining.cli import app

    with contextlib.redirect_stdout(io.StringIO()) as said:
        app(["--help"], standalone_mode=False)
    if "simulate" not in said.getvalue():
        raise SystemExit("journey --help said something else")


CONTENDERS = {"help": help_text, "python": lambda: None}

if __name__ == "__main__":
    CONTENDERS[sys.argv[1]]()
    print(json.dumps({}))
