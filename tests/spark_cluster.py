"""A Spark standalone cluster on the loopback of this machine: a master and workers, each a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

LIGHT_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
CONF = {
    # tables of a few thousand rows: planning and compiling would take longer than computing
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": LIGHT_JVM,
    "spark.executor.extraJavaOptions": LIGHT_JVM,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "700m",
    "spark.log.level": "ERROR",
}


def what_is_missing() -> str:
    """Why no cluster can run here; empty where one can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed (make test-spark installs it), so that nothing can run on Spark."
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "There is no Java on this machine (Spark 4 needs 17 or newer), so that nothing can run on Spark."
    return ""


class Cluster:
    """A master and two workers; workers can be lost and added."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._started = 0
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        return f"spark://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._run("master.Master", "--port", str(self._port))
        wait_for(self._port)
        for _ in range(2):
            self.add_worker()

    def add_worker(self) -> None:
        work = self._folder / f"work-{self._started}"
        options = ["--cores", "1", "--memory", "1g", "--work-dir", str(work), self.address]
        self.workers.append(self._run("worker.Worker", *options))

    def lose_worker(self) -> None:
        """Kill a worker as a power cut would; its executor goes with it."""
        lost = self.workers.pop(0)
        lost.kill()
        lost.wait()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            process.kill()

    def _run(self, part: str, *options: str) -> subprocess.Popen[bytes]:
        import pyspark

        home = Path(pyspark.__file__).parent
        self._started += 1
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{part}"]
        with (self._folder / f"process-{self._started}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--webui-port", "0", *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={
                    **os.environ,
                    "SPARK_HOME": str(home),
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    "SPARK_DAEMON_MEMORY": "256m",
                    "SPARK_DAEMON_JAVA_OPTS": LIGHT_JVM,
                },
            )
        self.processes.append(process)
        return process


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, *, seconds: float = 120) -> None:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.2)
    raise TimeoutError(f"nothing answers at port {port}")
