"""Limit 2: bare aiohttp, one raw sqlite3 INSERT and one commit for each event, synchronous=NORMAL."""

from __future__ import annotations

import json
import sqlite3
import sys

from aiohttp import web

from benchmarks.events import PATH


def build(database: str) -> web.Application:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, message_id TEXT UNIQUE, body BLOB)"
    )

    async def receive(request: web.Request) -> web.Response:
        content = await request.read()
        try:
            body = json.loads(content)
            message_id = body["message_id"]
            whole = all(isinstance(body[name], str) for name in ("from", "text", "message_id"))
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            return web.Response(status=400)
        connection.execute(
            "INSERT OR IGNORE INTO inbox (message_id, body) VALUES (?, ?)", (message_id, content)
        )
        return web.Response(status=202, body=b"{}", content_type="application/json")

    application = web.Application()
    application.router.add_post(PATH, receive)
    return application


if __name__ == "__main__":
    web.run_app(build(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
