"""One step of the work while the next one is busy, such as decoding beside the pose model."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Thread

from movecheck.types import Frame

ROOM = 2
"""Pictures that wait: enough to be ahead; each is up to 3 MB (our choice)."""
_LISTEN_S = 0.1  # so often a full queue asks whether to go on (our choice)


def ahead(frames: Iterable[Frame], room: int = ROOM) -> Generator[Frame]:
    """Give the same frames in the same order, read in a thread of their own.

    FFmpeg decodes and scales without holding Python's lock, and so does the pose model.

    Parameters
    ----------
    frames : iterable of Frame
        Read by that thread alone while this generator is open; close the generator before them.
    room : int, optional
        Frames that may wait.

    Raises
    ------
    Exception
        What reading raises, after the frames that came before it.
    """
    waiting: Queue[Frame | BaseException | None] = Queue(room)
    stop = Event()

    def put(item: Frame | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=_LISTEN_S)
            except Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for frame in frames:
                if not put(frame):
                    return
        except BaseException as error:  # handed over, and raised where the frames are used
            put(error)
        else:
            put(None)

    # The thread speaks the language of who asked.
    reader = Thread(target=copy_context().run, args=(read,), name="movecheck-reader", daemon=True)
    reader.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        while reader.is_alive():
            try:
                waiting.get_nowait()
            except Empty:
                reader.join(_LISTEN_S)
