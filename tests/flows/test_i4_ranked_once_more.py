"""A 排名通报 that was voided or dropped: ranked once more by command only (rules H2, I3, I4)."""

from __future__ import annotations

from .city import City, says, silent
from .conftest import OpenCity
from .told import on, one_about

AGAIN = "/通报 2026年9月 重新起草"


async def _voided(city: City) -> None:
    """白石县's objection was adopted, the paper issued and voided."""
    await city.press("李娜", "异议", input="报送应为2/3")
    await city.press("孙晓雯", "采纳", input="报送 2/3")
    await city.say("陈立新", "签发 通报")
    await city.say("陈立新", "作废 通01 投资口径有误")


async def test_i4_voided_and_ranked_once_more(open_city: OpenCity) -> None:
    """Looking drafts nothing; the new draft keeps what was adopted, each unit may object, number 02 is next."""
    city = await open_city("2026-10-08 09:05", _voided)
    city.mark()
    await city.say("孙晓雯", "/通报 9月")
    says(city.only("孙晓雯"), "云攻坚通〔2026〕01号", "已作废", f"请回：{AGAIN}")
    silent(city, "李娜", "陈立新")
    city.mark()
    await city.say("孙晓雯", AGAIN)
    own = one_about(city, "李娜", "白石县9月考评")
    says(own, "59.88", "2/3", "云攻坚通〔2026〕01号已作废，重新考评", on("10-09", "18:00"))
    says(one_about(city, "陈立新", "排名通报草稿"), "2026年9月")
    says(one_about(city, "张伟", "青禾县9月考评"), "63.10")
    city.mark()
    await city.say("孙晓雯", AGAIN)
    says(city.only("孙晓雯"), "排名通报草稿")
    silent(city, "李娜", "张伟", "陈立新")
    await city.say("李娜", "异议 开工也不对")
    says(one_about(city, "孙晓雯", "考评异议"), "白石县", "2/3")
    await city.say("孙晓雯", "不采纳 白石县 已核对")
    await city.say("陈立新", "签发通报")
    says(one_about(city, "白石县", "云攻坚通〔2026〕02号"), "59.88")


async def test_i4_dropped_and_ranked_once_more(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    await city.say("陈立新", "不发 9月排名 数据还要核")
    city.mark()
    await city.say("孙晓雯", "/通报 9月")
    says(city.only("孙晓雯"), "2026年9月排名通报已定不发", AGAIN)
    await city.say("孙晓雯", AGAIN)
    says(one_about(city, "李娜", "白石县9月考评"), "原草稿不发，重新考评")


async def test_b10_only_the_hub(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05", _voided)
    city.mark()
    await city.say("李娜", AGAIN)
    says(city.only("李娜"), "综合专班")
    silent(city, "孙晓雯", "陈立新", "张伟")
