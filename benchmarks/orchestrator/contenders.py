"""One first night of a small project without Prefect, with a Prefect server that runs, or with Prefect's embedded one.

    python benchmarks/orchestrator/contenders.py prefect_embedded build/bench/days_300

Costs are those of the process of the night and of what it starts; a server that ran before is not counted. Found are
the number of built tables and their rows.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "night"))

from days import deliver, new_project  # noqa: E402

PIPELINE = HERE.parents[1] / "pipelines" / "nightly.py"
_LINE = "import sys; from journey_mining.cli import app; app(['run', sys.argv[1]])"
_PATIENCE = 180
"""seconds for a server to answer"""


def line(root: Path) -> Any:
    """`journey run`."""
    return _spent([sys.executable, "-c", _LINE, str(root)], {})


def prefect_embedded(root: Path) -> Any:
    """The flow, which starts Prefect's embedded server."""
    return _spent([sys.executable, str(PIPELINE), "--project", str(root)], {})


def prefect_server(root: Path) -> Any:
    """The flow under a server that runs."""
    with _server(root.parent / "prefect") as address:
        return _spent([sys.executable, str(PIPELINE), "--project", str(root)], {"PREFECT_API_URL": address})


@contextmanager
def _server(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    command = [str(Path(sys.executable).with_name("prefect")), "server", "start", "--port", str(port)]
    with subprocess.Popen(
        command, env={**os.environ, **quiet}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/health")
            yield f"http://127.0.0.1:{port}/api"
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise SystemExit("the server did not answer") from None
            time.sleep(1)
        else:
            return


def _spent(command: list[str], places: dict[str, str]) -> Any:
    """Resources that a process and those it waited for have used.

    Raises:
        SystemExit: the night failed.
    """
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env={**os.environ, **places}, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        # 3 is "done, with something to look at"
        if os.waitstatus_to_exitcode(status) not in (0, 3):
            said.seek(0)
            raise SystemExit(said.read()[-2000:])
    return used


def measured(name: str, days: Path) -> dict[str, Any]:
    """Run the night; what it cost, and how much it built."""
    from journey_mining.project import load_project
    from journey_mining.warehouse import DuckDBWarehouse

    with tempfile.TemporaryDirectory() as folder:
        root = new_project(Path(folder) / "project")
        deliver(root, days / "delivery_1")
        start = time.perf_counter()
        used = CONTENDERS[name](root)
        seconds = time.perf_counter() - start
        with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
            tables = warehouse.tables()
            rows = sum(warehouse.count(table) for table in tables if table != "published_state")
    costs = {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "seconds": round(seconds, 3),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
    }
    return {"costs": costs, "tables": len(tables), "rows": rows}


CONTENDERS = {"line": line, "prefect_server": prefect_server, "prefect_embedded": prefect_embedded}

if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
