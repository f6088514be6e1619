"""A 提级 stated in one breath: whom and until when are not asked for again (rules C4, G2, G3)."""

from __future__ import annotations

from .city import City, lacks, says
from .conftest import OpenCity
from .told import one_about


async def _of_county(city: City) -> None:
    await city.say("张伟", "城南污水处理厂进场道路被村民堵了，请乡镇协调")
    await city.say("张伟", "确认")
    await city.say("张伟", "提级 县W0045")


async def test_g3_the_whole_in_one_breath(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _of_county)
    city.mark()
    await city.say(
        "张伟", "已协调3次没谈下来，症结是进场道路占了国有林场的地，要市林业局办临时用地，10月20日前"
    )
    card = one_about(city, "陈立新", "县W0045")
    says(card, "已协调3次没谈下来", "进场道路占了国有林场的地", "责任部门：市林业局", "办临时用地", "10-20")


async def test_c4_only_what_was_not_said_is_asked_for(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _of_county)
    city.mark()
    await city.say("张伟", "已协调3次没谈下来；症结 进场道路占了国有林场的地，10月20日前")
    says(city.only("张伟"), "请补：责任部门、化解路径")
    lacks(city.only("张伟"), "建议时限、", "请补：已采取措施")
    city.mark()
    await city.say("张伟", "请市林业局办临时使用林地手续")
    says(one_about(city, "陈立新", "县W0045"), "责任部门：市林业局", "办临时使用林地手续", "10-20")


async def test_g2_a_day_within_what_is_told_is_no_deadline(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _of_county)
    await city.say("张伟", "9月15日协调过一次；症结 占用林场土地；责任部门 市林业局；路径 临时用地")
    says(city.last("张伟"), "请补：建议时限")


async def test_c4_several_gaps_in_one_answer(open_city: OpenCity) -> None:
    """Asked for the three that are left, one sentence answers them all: nothing of it is asked for again."""
    city = await open_city("2026-09-22 08:40", _of_county)
    await city.say("张伟", "已经协调过3次，没谈成；症结 要占国有林场")
    says(city.last("张伟"), "请补：责任部门、化解路径、建议时限")
    city.mark()
    await city.say("张伟", "找市林业局，走临时使用林地手续，10月20日前")
    card = one_about(city, "陈立新", "县W0045")
    says(card, "责任部门：市林业局\n", "走临时使用林地手续", "建议时限：10-20")


async def test_g2_two_units_stay_two_units(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40", _of_county)
    await city.say(
        "张伟", "已协调3次；症结 占国有林场；路径 临时使用林地；时限 10月20日；责任部门 林业局、自然资源局"
    )
    says(one_about(city, "陈立新", "县W0045"), "责任部门：市林业局、市自然资源局", "化解路径：临时使用林地")


async def test_q3_whose_it_is_in_words(open_city: OpenCity) -> None:
    """「改为县级办理」 of a draft that is the county's already is no wish (rule C1)."""
    city = await open_city("2026-09-22 08:40")
    await city.say("张伟", "污水处理厂进场道路被村民堵了，请城关镇3天内协调好")
    await city.say("张伟", "改为县级办理")
    says(city.last("张伟"), "希望协调：城关镇3天内协调好", "县级自行解决")
    await city.say("张伟", "改报市级")
    says(city.last("张伟"), "希望协调：城关镇3天内协调好", "云川市综合专班")
    await city.say("张伟", "改为县级办理")
    await city.say("张伟", "确认")
    assert (await city.item("县W0045"))["wanted"] == "城关镇3天内协调好"
