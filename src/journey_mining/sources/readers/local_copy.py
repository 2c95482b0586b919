"""A delivered file as one that libraries can seek in: itself, or a private copy where it is packed.

In: `Delivered`. Out: a path that is sound as long as the block runs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from journey_mining.sources.delivered import Delivered

_PIECE = 1 << 20


@contextmanager
def local_copy(delivered: Delivered) -> Iterator[Path]:
    """The path of the decompressed file; a copy is readable by nobody else and gone when the block ends.

    Raises:
        FileRejectedError: the archive around it is damaged.
    """
    if not delivered.member and delivered.path.suffix != ".gz":
        yield delivered.path
        return
    with tempfile.NamedTemporaryFile(prefix="journey_") as copy:
        with delivered.open() as packed:
            shutil.copyfileobj(packed, copy, _PIECE)
        copy.flush()
        yield Path(copy.name)


def first_bytes(delivered: Delivered, count: int) -> bytes:
    """The beginning of the decompressed file; shorter where the file is."""
    with delivered.open() as stream:
        return stream.read(count)
