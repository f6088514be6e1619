"""What the page is made of: nothing from elsewhere, nothing inline, no text read as markup. No browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from bot.web import HEADERS
from tests.flows.city import City, city_at

ROOT: Final = Path(__file__).resolve().parents[2]
STATIC: Final = ROOT / "bot" / "static"
TEMPLATE: Final = ROOT / "templates" / "pages" / "webchat.html.j2"
SOURCES: Final = [
    TEMPLATE,
    *sorted(path for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".svg")),
]
READS_MARKUP: Final = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function"
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|url\(|@import|@font-face", text) == []


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.suffix == ".js"], ids=lambda path: path.name
)
def test_no_script_reads_text_as_markup(path: Path) -> None:
    assert READS_MARKUP.findall(path.read_text(encoding="utf-8")) == []


def test_the_page_has_nothing_inline() -> None:
    html = TEMPLATE.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []


def test_every_asset_is_used_and_there() -> None:
    html = TEMPLATE.read_text(encoding="utf-8")
    named = {STATIC / path for path in re.findall(r'"/static/([^"]+)"', html)}
    for script in STATIC.rglob("*.js"):
        named.update(
            script.parent / path
            for path in re.findall(r'from "\./([^"]+)"', script.read_text(encoding="utf-8"))
        )
    assert named == {path for path in STATIC.rglob("*") if path.is_file()}


async def test_it_is_served_with_the_policy(tmp_path: Path) -> None:
    city: City
    async with city_at(tmp_path, "2026-09-21 18:00") as city:
        for path, kind in (
            ("/", "text/html"),
            ("/static/webchat/main.js", "javascript"),
            ("/static/webchat/base.css", "text/css"),
        ):
            async with city.client.get(city.base + path) as answer:
                assert answer.status == 200
                assert kind in answer.headers["Content-Type"]
                assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
        async with city.client.get(f"{city.base}/static/../settings.py") as answer:
            assert answer.status == 404
