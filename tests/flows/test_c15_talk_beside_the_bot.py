"""Group talk that does not address the bot leaves nothing behind, its files included (rule C15)."""

from __future__ import annotations

import hashlib

from bot.files import path_of

from .city import City
from .conftest import OpenCity
from .samples import pdf

PDF = pdf()


def _is_kept(city: City) -> bool:
    return path_of(city.folder, hashlib.sha256(PDF).hexdigest()).exists()


async def test_c15_a_file_beside_the_bot_is_not_kept(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    answer = await city.say("张伟", "大家看下", group="青禾县", addressed=False, files=[("图纸.pdf", PDF)])
    assert answer["heard"] is False
    assert not _is_kept(city)
    assert await city.rows("SELECT id FROM inbox WHERE platform = 'webchat'") == []
    await city.say("张伟", "ZX0031 开工令", group="青禾县", files=[("图纸.pdf", PDF)])
    assert _is_kept(city)
