"""Environments of other makers' tools, made under build/peers when first needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "build" / "peers"


def peer_python(name: str) -> Path:
    """The Python that has the versions of `peers/NAME.txt`; its environment is made where it is not there yet."""
    wanted = HERE / "peers" / f"{name}.txt"
    home = PEERS / name
    python, mark = home / "bin" / "python", home / "installed.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted.read_text(encoding="utf-8"):
        print(f"making {home.relative_to(HERE.parent)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)]
        subprocess.run(install, check=True)
        mark.write_text(wanted.read_text(encoding="utf-8"), encoding="utf-8")
    return python
