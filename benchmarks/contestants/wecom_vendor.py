"""The vendor's server as far as replies need it: hands out a token and takes every message."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web


async def gettoken(_request: web.Request) -> web.Response:
    return web.json_response({"errcode": 0, "access_token": "token", "expires_in": 7200})


async def take(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": "1", "invaliduser": ""})


async def main(told: Path) -> None:
    application = web.Application()
    application.router.add_get("/cgi-bin/gettoken", gettoken)
    application.router.add_route("*", "/cgi-bin/{rest:.*}", take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.with_suffix(".part").write_text(str(runner.addresses[0][1]), encoding="utf-8")
    told.with_suffix(".part").rename(told)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
