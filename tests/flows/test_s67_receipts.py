"""Another calendar moves the receipts of papers that are still due (S67; rules A1, H5)."""

from __future__ import annotations

from pathlib import Path

from .calendar_import import import_days
from .city import says
from .conftest import OpenCity
from .test_s44_supervision_letter import NUMBER, issued
from .told import one_about, told

DAYS = "date,kind,holiday\n2026-09-30,off,国庆节\n" + "".join(
    f"2026-10-0{day},off,国庆节\n" for day in range(1, 8)
)


async def test_s67_open_receipts_move_and_owners_hear_it_once(open_city: OpenCity, tmp_path: Path) -> None:
    city = await issued(open_city)
    city.mark()
    out = await import_days(city, tmp_path, DAYS, "2026-09-29 09:00")
    assert f"{NUMBER} 市林业局 09-30 18:00 → 10-08 18:00" in out
    assert "云攻坚提" not in out  # was due 09-28
    await city.clock("2026-09-29 09:05")
    for name in ("苏静", "谭勇"):
        says(one_about(city, name, NUMBER), "10-08 18:00", "09-30 18:00")
    assert "无变化" in await import_days(city, tmp_path, DAYS, "2026-09-29 09:00")
    await city.say("苏静", "/我的")
    city.mark()
    await city.clock("2026-10-08 17:59")
    assert told(city, NUMBER) == set()
    await city.clock("2026-10-09 08:30")
    assert told(city, NUMBER) == {"苏静"}
