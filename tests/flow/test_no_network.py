"""Nothing needs a network, and nothing tells anybody that it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
LOOPBACK_ONLY = """
import fcntl, runpy, socket, struct, sys
assert [name for _, name in socket.if_nameindex()] == ["lo"], socket.if_nameindex()
with socket.socket() as any_socket:
    # up: the orchestrator's embedded server speaks to itself
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x49))
for place in ("192.0.2.1", "2001:db8::1"):
    try:
        socket.create_connection((place, 443), timeout=1)
    except OSError:
        continue
    raise SystemExit("there is a network")
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""
TELEMETRY = """
import json, os, sys
from pathlib import Path
from nightly import keep_prefect_quiet
keep_prefect_quiet(Path(sys.argv[1]))
from prefect.settings import get_current_settings
print(json.dumps([get_current_settings().server.analytics_enabled, os.environ["DO_NOT_TRACK"]]))
"""


def may_unshare() -> bool:
    """Whether this machine lets us have a network of our own."""
    program = shutil.which("unshare")
    done = subprocess.run([program, "-rn", "true"], capture_output=True, check=False) if program else None
    return done is not None and done.returncode == 0


@pytest.mark.skipif(not may_unshare(), reason="this machine permits no namespaces of networks (unshare -rn)")
def test_the_whole_line_runs_without_a_network(small_project: Path) -> None:
    script = str(ROOT / "pipelines" / "nightly.py")
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-c", LOOPBACK_ONLY, script, "--project", str(small_project)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        cwd=small_project,
    )
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert "Open file://" in done.stdout
    assert (small_project / "site" / "index.html").is_file()


def test_no_telemetry_of_the_orchestrator_is_on(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DO_NOT"))}
    done = subprocess.run(
        [sys.executable, "-c", TELEMETRY, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "pipelines",
        env={**inherited, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [False, "1"]
