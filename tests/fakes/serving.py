"""A stand-in's routes at an address of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def serving(routes: Iterable[web.AbstractRouteDef], *, port: int = 0) -> AsyncIterator[str]:
    """Serve routes while the block runs; gives their address, `host:port`. port: 0 for a free one."""
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
