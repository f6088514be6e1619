"""Weekly feedback, 小结, 汇总 and its publication (S46, S66; rules A4, A5, B10, C19, I1, I2)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import about, on, one_about, told

GIVERS = (
    "孙晓雯", "林芳", "周敏", "吴迪", "唐静", "程凯", "彭倩", "魏然", "张伟", "李娜",
    "王磊(临河区发改局)", "王磊(高新区管委会)",
)  # fmt: skip
GROUPS = {
    "综合专班", "要素保障专班", "财政金融专班", "交通专班", "水利专班", "能源专班", "市政设施专班", "社会事业专班",
    "青禾县", "白石县", "临河区", "高新区", "市攻坚办",
}  # fmt: skip


async def fed_back(city: City) -> None:
    """S01's report, then everybody but 程凯 has given feedback by 09-23 18:00."""
    await city.say("张伟", "城南污水处理厂累计完成投资5500万,主体结构封顶")
    await city.press("张伟", "确认", to="张伟")
    await city.clock("2026-09-23 10:00")
    await city.press("彭倩", "从台账生成")
    await city.say("彭倩", "下周计划 完成设备安装")
    for name in GIVERS:
        if name not in ("彭倩", "程凯"):
            await city.press(name, "本周无变化", to=name)
    await city.clock("2026-09-24 08:29")


async def test_s46_calls_and_feedback(open_city: OpenCity) -> None:
    """S46 I1 C19: asked at 10:00, given by button and by word, missing named the next morning."""
    city = await open_city("2026-09-22 10:02", fed_back)
    says(
        [one for one in city.ever() if one.to == "彭倩" and "本周" in one.text and "转绿" in one.text][-1],
        "转绿 1(ZX0031)", "下周计划", "完成设备安装",
    )  # fmt: skip
    city.mark()
    await city.clock("2026-09-24 08:30")
    missing = one_about(city, "孙晓雯", "未反馈")
    says(missing, "未反馈: 能源专班(程凯)")
    lacks(missing, "交通专班", "市政设施专班")
    rows = await city.rows("SELECT body_kind, unchanged, submitted_at FROM weekly_reports")
    assert len(rows) == len(GIVERS) - 1


async def test_s46_summaries(open_city: OpenCity) -> None:
    """S46 I1 I2: 孙晓雯 has 4 categories, 周敏 one; ledger figures, 本周无新增, plans; handed in by 12:00."""
    city = await open_city("2026-09-22 10:02", fed_back)
    city.mark()
    await city.clock("2026-09-24 08:30")
    mine = one_about(city, "孙晓雯", "本周工作小结")
    says(mine, "三个一批", "省市重点", "中央预算内", "基金", "本周无新增", on("09-24", "12:00"))
    lacks(mine, "专项债券")
    bonds = one_about(city, "周敏", "本周工作小结")
    says(bonds, "专项债券", "转绿 1(ZX0031)", "完成设备安装")
    offers(bonds, "提交小结", "补充计划")
    assert told(city, "本周工作小结") == {"孙晓雯", "周敏"}
    await city.press("周敏", "提交小结")
    says(city.last("周敏"), "专项债券", "已提交")
    await city.say("孙晓雯", "/小结 省市重点 循环园道路复工")
    says(city.last("孙晓雯"), "下周计划：循环园道路复工")
    await city.press("孙晓雯", "提交小结")
    await city.say("张伟", "/小结 专项债券 乱填")
    says(city.last("张伟"), "类别牵头专班的联络员")


async def test_s46_the_digest_is_published_by_the_hub(open_city: OpenCity) -> None:
    """S46 I1 I2 B10: 17:00 draft, [发布] by 孙晓雯 to all groups, 能源专班 named as 未反馈, once."""
    city = await open_city("2026-09-22 10:02", fed_back)
    await city.clock("2026-09-24 09:00")
    await city.press("周敏", "提交小结")
    await city.press("孙晓雯", "提交小结")
    await city.clock("2026-09-24 16:59")
    city.mark()
    await city.clock("2026-09-24 17:00")
    draft = one_about(city, "孙晓雯", "本周汇总草稿")
    says(draft, "2026-09-21", "09-27", "未反馈：能源专班(程凯)", "专项债券", "本周无新增", "转绿 1(ZX0031)")
    offers(draft, "发布")
    assert told(city, "汇总") == {"孙晓雯"}, "nothing is published by itself"
    city.mark()
    await city.press("孙晓雯", "发布")
    assert told(city, "每周汇总通报") == GROUPS
    published = one_about(city, "青禾县", "每周汇总通报")
    says(published, "未反馈：能源专班(程凯)", "本周无新增", "孙晓雯")
    assert published.actions == ()
    city.mark()
    await city.press_on(draft, "孙晓雯", "发布")
    says(city.only("孙晓雯"), "没有重复发布")
    silent(city, *GROUPS)


async def test_s46_late_reports_and_an_older_draft(open_city: OpenCity) -> None:
    """S46: 程凯's report of 17:10 is late; the draft of 17:00 shows it before anything is published."""
    city = await open_city("2026-09-22 10:02", fed_back)
    await city.clock("2026-09-24 17:00")
    await city.clock("2026-09-24 17:10")
    await city.say("程凯", "本周无变化")
    says(city.last("程凯"), "迟报")
    city.mark()
    await city.press("孙晓雯", "发布")
    assert not told(city, "每周汇总通报")
    says(city.only("孙晓雯"), "本周汇总草稿", "能源专班：本周无变化（迟报）")
    await city.press("孙晓雯", "发布")
    assert told(city, "每周汇总通报") == GROUPS
    lacks(one_about(city, "能源专班", "每周汇总通报"), "未反馈：")


async def test_s66_who_is_in_the_grace_is_not_missing(open_city: OpenCity) -> None:
    """S66: down over the call; the 汇总 of 17:00 names them as 顺延至18:00, not as 未反馈."""
    city = await open_city("2026-09-22 08:00")
    await city.restart("2026-09-24 10:00")
    city.mark()
    await city.clock("2026-09-24 17:00")
    draft = one_about(city, "孙晓雯", "本周汇总草稿")
    says(draft, "顺延至18:00", "能源专班(程凯)")
    lacks(draft, "未反馈：")
    await city.press("孙晓雯", "发布")
    says(about(city, "能源专班", "每周汇总通报")[0], "顺延至18:00")


async def test_b8_restricted_items_are_in_no_weekly_text(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出,待审计核")
    await city.press("周敏", "确认", to="周敏")
    city.mark()
    await city.clock("2026-09-24 17:00")
    await city.press("孙晓雯", "发布")
    for message in city.heard_by_anyone():
        if "汇总" in message.text or "小结" in message.text:
            lacks(message, "超范围", "新增问题 1", "受限")


async def test_the_weeks_words_are_taken_as_the_call_says(open_city: OpenCity) -> None:
    """「可直接发送本周情况」: what is sent is the feedback, with the plan named in it (rule I1)."""
    city = await open_city("2026-09-23 10:01")
    await city.say("林芳", "本周反馈 完成用地组卷2宗")
    says(city.last("林芳"), "已提交，09-23 10:01", "要素保障专班 本周：完成用地组卷2宗")
    await city.say("魏然", "本周情况：选址论证完成。下周计划：报批规划")
    says(city.last("魏然"), "社会事业专班 本周：选址论证完成", "下周计划：报批规划")
    await city.clock("2026-09-24 08:31")
    late = next(one.text for one in city.heard("孙晓雯") if "已截止" in one.text)
    assert "要素保障专班" not in late.partition("未反馈")[2]
    assert "水利专班(唐静)" in late


async def test_i2_a_category_that_handed_nothing_in_shows_the_ledger(open_city: OpenCity) -> None:
    """Rule I2: nobody reports: the 汇总 names who is missing and still says what the ledger knows of the week."""
    city = await open_city("2026-09-22 09:00")
    await city.say("李娜", "ZD0108循环园供电线路迁改卡住了，请供电公司10月20日前完成线路迁改")
    await city.say("李娜", "确认")
    city.mark()
    await city.clock("2026-09-24 17:00")
    draft = next(one for one in city.heard("孙晓雯") if "汇总草稿" in one.text)
    says(
        draft,
        "【省市重点】综合专班：未报小结，台账：转绿 0、新增问题 1",
        "【基金】综合专班：未报小结，台账：本周无新增",
    )
    assert "\n本周无新增" not in draft.text
