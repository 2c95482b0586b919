"""What only some systems have is asked for only there: Windows and macOS are not locked out."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "journey_mining"
MODULES = {"fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty", "winreg"}
CALLS = {
    "chroot",
    "fork",
    "forkpty",
    "geteuid",
    "getpgid",
    "getuid",
    "killpg",
    "mkfifo",
    "posix_spawn",
    "setsid",
    "uname",
}
DRAWS = PACKAGE / "handouts" / "chromium.py"
"""speaks to a browser as POSIX does; `found_chromium` refuses elsewhere before anything of it runs"""


def guarded(tree: ast.AST) -> set[int]:
    """Lines that run on one system only: inside of an `if` that asks for the system."""
    asks = [
        node for node in ast.walk(tree) if isinstance(node, ast.If) and {"platform", "name"} & attributes(node.test)
    ]
    return {line for node in asks for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def attributes(node: ast.AST) -> set[str]:
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def unguarded(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    safe = guarded(tree)
    for node in ast.walk(tree):
        names: set[str] = set()
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").partition(".")[0]} & MODULES
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            names = {node.attr} & CALLS if path != DRAWS else set()
        if names and node.lineno not in safe:
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {', '.join(names)}"


def test_what_only_one_system_has_stands_behind_a_question_for_the_system() -> None:
    assert [found for path in sorted(PACKAGE.rglob("*.py")) for found in unguarded(path)] == []


def test_the_rule_sees_what_it_forbids() -> None:
    bad = ROOT / "build" / "bad.py"
    bad.parent.mkdir(exist_ok=True)
    bad.write_text("import os\nimport fcntl\nif os.name == 'posix':\n    import pwd\nos.fork()\n", encoding="utf-8")
    assert [line.split(":")[1] for line in unguarded(bad)] == ["2", "5"]
    bad.unlink()


AS_ON_WINDOWS = """
import sys, types
calls = []
taken = types.ModuleType("msvcrt")
taken.LK_NBLCK = 2
def locking(descriptor, mode, size):
    if calls:
        raise OSError("held")
    calls.append((mode, size))
taken.locking = locking
import journey_mining.handouts.chromium, journey_mining.runs  # what others bring in has asked for the system by now
for name in ("file_lock", "runs", "handouts.chromium"):
    sys.modules.pop(f"journey_mining.{name}")
sys.modules.update(fcntl=None, msvcrt=taken)
sys.platform = "win32"
from pathlib import Path
from journey_mining.errors import NotFoundError, ProjectLockedError
from journey_mining.handouts.chromium import found_chromium
from journey_mining.runs import project_lock
root = Path(sys.argv[1])
with project_lock(root):
    try:
        with project_lock(root):
            print("both")
    except ProjectLockedError:
        print("one holds it")
try:
    found_chromium()
except NotFoundError as fault:
    print(fault.todo)
"""


def test_where_there_is_no_fcntl_a_project_is_locked_all_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_ON_WINDOWS, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[:1] == ["one holds it"], done.stderr
    assert "html, xlsx" in done.stdout
