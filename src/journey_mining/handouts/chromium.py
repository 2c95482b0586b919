"""A Chromium that is on this machine, spoken to through a pipe: no package, no port, no network.

In: pages on disk. Out: what the browser says of them (PDF, pictures, values of scripts). The protocol is the one of the
developer tools (https://chromedevtools.github.io/devtools-protocol/), JSON with a zero byte after each message.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from journey_mining.errors import JourneyMiningError, NotFoundError

if sys.platform != "win32":
    import fcntl

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""names under which systems keep it, tried in this order"""
WHERE = "JOURNEY_CHROMIUM"
"""environment variable that names another one"""
_PATIENCE = 60.0
"""seconds until an answer counts as missing"""
_HIGH = 16
"""our ends of the pipes are kept away from the numbers that the browser takes"""
_READS, _WRITES = 3, 4
_MARGIN = 0.39
"""inches, a centimetre"""
_SAME_DICE = "(() => { let n = 1; Math.random = () => (n = (n * 16807) % 2147483647) / 2147483647; })()"
"""plotly names parts of its drawings at random; the same names make the same bytes"""
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)


def found_chromium() -> Path:
    """The browser of this machine.

    Raises:
        NotFoundError: there is none, or none that could be spoken to.
    """
    if sys.platform == "win32":
        raise NotFoundError(
            "A browser on Windows has no pipe that it could be spoken to through.",
            expected="Linux or macOS; pdf, png and svg are drawn by a browser.",
            todo="Take html, xlsx, md or csv, which need none, or print the page from your own browser.",
        )
    named = os.environ.get(WHERE)
    candidates = (named,) if named else NAMES
    path = next((found for name in candidates if (found := shutil.which(name))), None)
    if path is None:
        raise NotFoundError(
            f"No {named or 'Chromium'} was found on this machine.",
            expected=f"one of {', '.join(NAMES)} on the search path, or its path in {WHERE}; pdf, png and svg are "
            "drawn by it.",
            todo="Install Chromium (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), or "
            "take html, xlsx, md or csv, which need no browser.",
        )
    return Path(path)


class Chromium:
    """One running browser; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._home = tempfile.mkdtemp(prefix="journey-chromium-")
        self._asked = 0
        self._rest = b""
        self._waiting: list[dict[str, Any]] = []
        self._process, self._to, self._from = _started(path, self._home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def page(self, address: str, *, width: int, height: int, scale: float = 1.0) -> Iterator[Page]:
        """An open page in a window of that many CSS pixels."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened = Page(self, session, scale)
        opened.resize(width, height)
        opened.call("Page.enable")
        opened.call("Page.addScriptToEvaluateOnNewDocument", source=_SAME_DICE)
        opened.call("Page.navigate", url=address)
        self.event("Page.loadEventFired", session)
        try:
            yield opened
        finally:
            self._call("Target.closeTarget", targetId=target)

    def ask(self, method: str, session: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
        """Send a command; its answer.

        Raises:
            JourneyMiningError: the browser refuses, went away, or does not answer.
        """
        self._asked += 1
        message: dict[str, Any] = {"id": self._asked, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._send(json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _PATIENCE
        while (answer := self._next(deadline)).get("id") != self._asked:
            self._waiting.append(answer)
        if "error" in answer:
            raise _trouble(f"{method}: {answer['error'].get('message', '')}")
        result: dict[str, Any] = answer["result"]
        return result

    def event(self, name: str, session: str) -> None:
        """Wait until something happened."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            for place, message in enumerate(self._waiting):
                if message.get("method") == name and message.get("sessionId") == session:
                    del self._waiting[place]
                    return
            self._waiting.append(self._next(deadline))

    def close(self) -> None:
        """End the browser and everything that it started; nothing of it stays on the disk."""
        for end in (self._to, self._from):
            os.close(end)
        with suppress(ProcessLookupError):
            os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        shutil.rmtree(self._home, ignore_errors=True)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.ask(method, None, parameters)

    def _send(self, message: bytes) -> None:
        try:
            while message:
                message = message[os.write(self._to, message) :]
        except BrokenPipeError:
            raise _trouble("it ended") from None

    def _next(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(deadline - time.monotonic(), 0.0))
            if not ready:
                raise _trouble(f"no answer within {_PATIENCE:.0f} s")
            piece = os.read(self._from, 1 << 20)
            if not piece:
                raise _trouble("it ended")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message


class Page:
    """An open page."""

    def __init__(self, browser: Chromium, session: str, scale: float) -> None:
        self._browser, self._session, self._scale = browser, session, scale

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the developer tools about this page."""
        return self._browser.ask(method, self._session, parameters)

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=self._scale,
            mobile=False,
        )

    def value(self, script: str) -> Any:
        """What an expression comes to, promises waited for.

        Raises:
            JourneyMiningError: the script fails.
        """
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise _trouble(str(answer["exceptionDetails"].get("text", "")))
        return answer["result"].get("value")

    def pdf(self, sheet: tuple[float, float] | None = None) -> bytes:
        """The page on the paper that its own style asks for, or shrunk to a sheet of so many inches."""
        size: dict[str, Any] = {"preferCSSPageSize": True}
        if sheet:
            margins = dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), _MARGIN)
            size = {"preferCSSPageSize": False, "paperWidth": sheet[0], "paperHeight": sheet[1], **margins}
        answer = self.call("Page.printToPDF", printBackground=True, **size)
        return base64.b64decode(answer["data"])

    def picture(self, box: dict[str, float] | None = None) -> bytes:
        """The whole page, or a box of it, as PNG."""
        area = {"clip": {**box, "scale": 1}} if box else {}
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, **area)
        return base64.b64decode(answer["data"])


def _started(path: Path, home: str) -> tuple[int, int, int]:
    """The browser's process, where to write to it and where to read from it."""
    # without a sandbox of its own, as in most containers, the superuser's browser does not start with one
    flags = [*_FLAGS, f"--user-data-dir={home}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    ends = [end for pair in (os.pipe(), os.pipe()) for end in pair]
    its_input, ours_to, ours_from, its_output = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _HIGH) for end in ends)
    for end in ends:
        os.close(end)
    quiet = os.open(os.devnull, os.O_RDWR)
    process = os.posix_spawn(
        path,
        [os.fspath(path), *flags, "about:blank"],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, quiet, 0),
            (os.POSIX_SPAWN_DUP2, quiet, 1),
            (os.POSIX_SPAWN_DUP2, quiet, 2),
            (os.POSIX_SPAWN_DUP2, its_input, _READS),
            (os.POSIX_SPAWN_DUP2, its_output, _WRITES),
        ],
        setpgroup=0,
    )
    for end in (its_input, its_output, quiet):
        os.close(end)
    return process, ours_to, ours_from


def _trouble(what: str) -> JourneyMiningError:
    return JourneyMiningError(
        f"Chromium could not draw: {what}.",
        expected="a browser that starts and answers.",
        todo=f"Try it by hand with --headless, or name another one in {WHERE}.",
        code="CHROMIUM",
    )
