"""The web chat page at / and its static assets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.services import Services
from scheduler.jobs import JOBS

STATIC: Final = Path(__file__).parent / "static"
PAGES: Final = Environment(
    loader=PackageLoader("templates", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page_routes(services: Services) -> list[web.RouteDef | web.StaticDef]:
    """GET / and /static/."""

    async def index(_request: web.Request) -> web.Response:
        html = PAGES.get_template("webchat.html.j2").render(
            simulated=services.clock.simulated,
            token_needed=services.settings.webchat_token is not None,
            job_titles={job.name: job.title for job in JOBS},
        )
        return web.Response(text=html, content_type="text/html")

    return [web.get("/", index), web.static("/static", STATIC)]
