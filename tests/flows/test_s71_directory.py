"""通讯录: who leads and who answers, with numbers for those whose post allows it (S71; rules B3, B4, B9)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity
from .test_standing_in import newcomer

UNKNOWN = "未找到，或您无权查看"


async def test_s71_lead_and_members_of_a_task_force(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("李娜", "/通讯录 要素保障")
    answer = city.only("李娜")
    says(answer, "要素保障专班：牵头 市自然资源局 带班领导 韩志刚 联络员 林芳；成员")
    says(answer, "市生态环境局 带班领导 未确定 联络员 高原")  # a gap is said, not left out (rule B9)
    lacks(answer, "内线")


@pytest.mark.parametrize("who", ["孙晓雯", "苏静"])
async def test_s71_numbers_for_whose_post_allows_it(open_city: OpenCity, who: str) -> None:
    """综合专班, and who serves in the task force; in a group nobody sees numbers."""
    city = await open_city("2026-09-22 09:00")
    await city.say(who, "/通讯录 要素保障")
    says(city.last(who), "林芳（内线8012）")
    for other in ("吴迪", "张伟", "李娜"):
        await city.say(other, "/通讯录 要素保障")
        lacks(city.last(other), "内线", "8012")
    await city.say("孙晓雯", "/通讯录 要素保障", group="综合专班")
    says(city.last("综合专班"), "林芳")
    lacks(city.last("综合专班"), "内线", "8012")


async def test_s71_a_bank_sees_its_task_force_alone(open_city: OpenCity) -> None:
    """Rule B3: what it may not see and what is not there get the same answer."""
    city = await open_city("2026-09-22 09:00")
    await city.say("曹颖", "/通讯录")
    says(city.last("曹颖"), "财政金融专班")
    lacks(city.last("曹颖"), "要素保障", "综合专班", "水利")
    await city.say("曹颖", "/通讯录 财政金融")
    says(city.last("曹颖"), "市财政局 带班领导 许建平 联络员 周敏")
    lacks(city.last("曹颖"), "8041", "8042")  # numbers of no other unit
    for asked in ("要素保障", "市水利局", "唐静", "陈立新", "不存在局"):
        await city.say("曹颖", f"/通讯录 {asked}")
        says(city.last("曹颖"), UNKNOWN)
    assert len({message.text.strip() for message in city.heard("曹颖")[2:]}) == 1


async def test_s71_after_a_handover_the_new_liaison_stands_there(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00", newcomer)
    await city.say("孙晓雯", "/交接 市自然资源局联络员 林芳 → 周杭")
    says(city.last("孙晓雯"), "名册上没有「周杭」", "导入名册")
    await city.say("孙晓雯", "/交接 市自然资源局联络员 林芳 → 周航")
    await city.say("苏静", "/通讯录 要素保障")
    says(city.last("苏静"), "牵头 市自然资源局 带班领导 韩志刚（内线8011） 联络员 周航")
    lacks(city.last("苏静"), "林芳")
