"""Who should help is not asked for again when it was said: 「想请供电公司9月底前解决」 (rules C4, F2)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "wish", ["想请供电公司9月底前解决一下", "还得请供电公司9月底前装表", "能不能请供电公司9月底前解决"]
)
async def test_c4_the_wish_is_taken(open_city: OpenCity, wish: str) -> None:
    city = await open_city("2026-09-23 09:20")
    await city.say("魏然", f"ZY0007门诊综合楼临时用电批不下来，{wish}")
    says(city.only("魏然"), "建议承办：云川供电公司", "希望时限：09-30 18:00", "供电公司9月底前")
    lacks(city.only("魏然"), "请补充")
