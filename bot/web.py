"""The HTTP surface: platform callbacks, the web chat page, liveness, readiness and metrics."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.app import Product
from bot.page import page_routes
from models.db import DatabaseUnavailable
from models.tables.inbox import InboxMessage
from models.tables.lights import LightState
from models.tables.outbox import UNENDED, OutboxNotice
from models.types import InboxState

log = structlog.get_logger()

PRODUCT: Final = web.AppKey("product", Product)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MAX_BODY: Final = 64 * 1024 * 1024
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def build(product: Product) -> web.Application:
    """The aiohttp application over a running product."""
    application = web.Application(client_max_size=MAX_BODY, middlewares=[_guard])
    application[PRODUCT] = product
    application.add_routes(
        [web.get("/healthz", _healthz), web.get("/readyz", _readyz), web.get("/metrics", _metrics)]
    )
    for platform in product.platforms.values():
        application.add_routes(platform.routes())
    if "webchat" in product.platforms:
        application.add_routes(page_routes(product.services))
    return application


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on everything; an unexpected error is logged and answered without its details."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    except DatabaseUnavailable as error:
        log.warning("database unavailable", path=request.path, cause=str(error))
        response = web.json_response(
            {"error": "数据库暂时读不出来，请稍后再试，或告诉系统管理员"}, status=503
        )
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            raise web.HTTPNotFound(headers=HEADERS) from None  # a name that no file of the page can have
        log.exception("request failed", path=request.path, method=request.method)
        response = web.json_response({"error": "内部错误，已记录"}, status=500)
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


async def _healthz(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def _readyz(request: web.Request) -> web.Response:
    """Ready: the database answers and took the last write, the workers run."""
    product = request.app[PRODUCT]
    problems = [f"任务停止：{name}" for name in product.tasks.failed]
    if not product.started:
        problems.append("尚未启动或正在停止")
    try:
        await product.database.read(lambda session: session.execute(select(1)).scalar_one())
    except (DatabaseUnavailable, SQLAlchemyError, OSError):
        problems.append("数据库不可用")
    if product.database.unwritable is not None:
        problems.append(f"数据库不能写入（{product.database.unwritable}）")
    if problems:
        return web.json_response({"ready": False, "problems": problems}, status=503)
    return web.json_response({"ready": True})


async def _metrics(request: web.Request) -> web.Response:
    product = request.app[PRODUCT]
    now = product.clock.now()

    def look(session: Session) -> None:
        gauges = product.metrics
        for queue, at, waits in (
            ("inbox", InboxMessage.received_at, InboxMessage.state == InboxState.WAITING.value),
            ("outbox", OutboxNotice.due_at, UNENDED),
        ):
            count, oldest = session.execute(select(func.count(), func.min(at)).where(waits, at <= now)).one()
            gauges.queue_length.labels(queue).set(count)
            gauges.queue_age.labels(queue).set((now - oldest).total_seconds() if oldest else 0)
        for light, count in session.execute(
            select(LightState.shown, func.count()).group_by(LightState.shown)
        ):
            gauges.lights.labels(light).set(count)

    await product.database.read(look)
    return web.Response(body=product.metrics.exposition(), content_type="text/plain", charset="utf-8")
