"""A browser on the page of a running product. Chromium is found, or named by CHROMIUM; without it tests fail.

CHROMIUM=none says that there is none by design: then the tests that need it are not selected.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.flows.city import City, city_at

PLACES: Final = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
)
AT: Final = "2026-09-22 10:02"
LISTEN_FOR_VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""

OpenPage = Callable[..., Awaitable[Page]]

expect.set_options(timeout=30_000)  # milliseconds; a busy machine is no fault of the page


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CHROMIUM") != "none":
        return
    kept = [item for item in items if item.get_closest_marker("browser") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def chromium() -> str:
    """The path of the browser. Fails the test when there is none."""
    named = os.environ.get("CHROMIUM")
    for place in (named,) if named else PLACES:
        if Path(place).is_file():
            return place
    pytest.fail(
        f"没有 Chromium（找过 {named or '、'.join(PLACES)}）："
        "apt install chromium fonts-noto-cjk，或设 CHROMIUM=none"
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests, because it starts slowly; `open_page` gives each a profile of its own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def city(tmp_path: Path) -> AsyncIterator[City]:
    """The fictional 云川市 on the morning of the main job."""
    async with city_at(tmp_path, AT) as opened:
        yield opened


async def let_go(page: Page) -> None:
    """A poll may be under way in a route of the test."""
    if not page.is_closed():
        await page.unroute_all(behavior="ignoreErrors")


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """`page = await open_page(address)`: in a browser that was never here before.

    After the test, whatever the page complained about on its console fails it, save what `expected` names.
    """
    complaints: list[str] = []
    allowed: list[str] = []
    async with AsyncExitStack() as stack:

        async def opened(
            address: str, *, width: int = 1440, height: int = 900, scheme: str = "light",
            expected: tuple[str, ...] = (), ready: bool = True,
        ) -> Page:  # fmt: skip
            allowed.extend(expected)
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
                locale="zh-CN",
            )
            stack.push_async_callback(context.close)
            await context.add_init_script(LISTEN_FOR_VIOLATIONS)
            page = await context.new_page()
            stack.push_async_callback(let_go, page)
            page.on(
                "console",
                lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None,
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(address)
            if ready:
                await expect(page.locator("#link-state")).to_have_attribute("data-state", "live")
            return page

        yield opened
    unexpected = [line for line in complaints if not any(part in line for part in allowed)]
    assert not unexpected, unexpected
