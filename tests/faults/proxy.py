"""A small TCP proxy on loopback that misbehaves on demand: late, cut off, half open, or drop by drop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

BLOCK = 65536
MODES = ("plain", "late", "cut", "half-open", "drip")


class FaultProxy:
    """Passes bytes between its port and a target. `mode` holds for connections that are open already, too.

    late: `seconds` before each block; cut: connections end at once, new ones as well; half-open: they are accepted and stay open, and
    nothing passes; drip: a byte every `seconds`.
    """

    def __init__(self, target: tuple[str, int] | str, *, seconds: float = 0.2) -> None:
        """`target`: a host and port, or the path of a unix socket."""
        self.target, self.seconds, self.mode = target, seconds, "plain"
        self.port = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def set(self, mode: str) -> None:
        """Misbehave that way from now on."""
        assert mode in MODES, mode
        self.mode = mode
        if mode == "cut":
            self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "cut":
            writer.transport.abort()
            return
        self._open.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            while self.mode == "half-open":
                await asyncio.sleep(0.05)
            if isinstance(self.target, str):
                back, far = await asyncio.open_unix_connection(self.target)
            else:
                back, far = await asyncio.open_connection(*self.target)
            self._open.add(far)
            await asyncio.gather(self._pass(reader, far), self._pass(back, writer))
        except (OSError, asyncio.CancelledError):
            pass  # either side went away, or the proxy ends: that is what this is for
        finally:
            for one in (writer, far):
                if one is not None:
                    self._open.discard(one)
                    one.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while block := await source.read(BLOCK):
            while self.mode == "half-open":
                await asyncio.sleep(0.05)
            if self.mode == "late":
                await asyncio.sleep(self.seconds)
            pieces = [block[n : n + 1] for n in range(len(block))] if self.mode == "drip" else [block]
            for piece in pieces:
                sink.write(piece)
                await sink.drain()
                if self.mode == "drip":
                    await asyncio.sleep(self.seconds)
        with contextlib.suppress(OSError):
            sink.write_eof()

    @contextlib.contextmanager
    def running(self) -> Iterator[FaultProxy]:
        """Serve from a thread of its own until the block ends."""
        ready = threading.Event()

        async def serve() -> None:
            self._stop = asyncio.Event()
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await self._stop.wait()
            server.close()
            self._cut()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        thread = threading.Thread(target=self._loop.run_until_complete, args=(serve(),), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)
            self._loop.close()
