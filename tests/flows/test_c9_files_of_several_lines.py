"""Files sent with a text about several projects belong to the entry of each of its lines (rules C8, C9)."""

from __future__ import annotations

from .city import City, says
from .conftest import OpenCity

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


async def _files(city: City) -> dict[str, list[str]]:
    rows = await city.rows(
        "SELECT p.code, a.name, f.sha256 FROM attachments a JOIN stored_files f ON f.id = a.file_id"
        " JOIN entries e ON e.id = a.owner_id JOIN projects p ON p.id = e.project_id"
        " WHERE a.owner_kind = 'entry' ORDER BY a.id"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["code"], []).append(row["name"])
    return found


async def test_c9_each_line_has_the_files(open_city: OpenCity) -> None:
    """The first line that was entered took them all, and the card did not say so."""
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "", files=[("IMG_1.png", PNG + b"1"), ("IMG_2.png", PNG + b"2")])
    await city.say("张伟", "污水处理厂设备到货，累计5350；管网累计2000")
    says(city.last("张伟"), "共2项", "附件 2", "IMG_1.png", "IMG_2.png")
    await city.say("张伟", "①确认")
    assert await _files(city) == {"ZX0031": ["IMG_1.png", "IMG_2.png"]}
    await city.say("张伟", "②确认")
    assert await _files(city) == {"ZX0031": ["IMG_1.png", "IMG_2.png"], "ZX0032": ["IMG_1.png", "IMG_2.png"]}
    assert len(await city.rows("SELECT id FROM stored_files")) == 2
    assert not await city.rows("SELECT id FROM attachments WHERE owner_kind IS NULL")


async def test_c9_one_line_takes_them(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say("张伟", "污水处理厂累计5350", files=[("IMG_1.png", PNG)])
    await city.say("张伟", "确认")
    assert await _files(city) == {"ZX0031": ["IMG_1.png"]}
    assert not await city.rows("SELECT id FROM attachments WHERE owner_kind = 'draft'")
