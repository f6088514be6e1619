"""Who somebody is and who is liaison, asked for in words: as /通讯录 answers (rules B4, S71)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity


async def test_the_address_book_asked_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    for asked, told in (
        ("住建局联络员是谁", "彭倩"),
        ("请问水利局带班领导是谁？", "罗平"),
        ("李娜电话多少", "内线8212"),
        ("给我要素保障专班的通讯录", "林芳"),
        ("污水厂联系人是谁", "责任人 张伟"),
    ):
        city.mark()
        await city.say("陈立新", asked)
        says(city.only("陈立新"), told)


async def test_no_more_is_told_in_words_than_by_the_command(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "李娜电话多少")
    lacks(city.last("张伟"), "8212")  # another county's number
    city.mark()
    await city.say("张伟", "循环园联系人是谁")
    says(city.only("张伟"), "未找到，或您无权查看")
