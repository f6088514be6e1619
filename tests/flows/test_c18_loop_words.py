"""Verbs of the closed loop as officials say them: with the number in front, other words for the same (rule C18)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity
from .test_items import dispatched, raised
from .told import iso, told

LINHE_WANG = "王磊(临河区发改局)"


async def test_f11_who_helps_is_said_with_peihe(open_city: OpenCity) -> None:
    """Rules F4, F11: 「临河区配合」 of a ruling is 协办; 部门 that nobody knows is no unit."""
    city = await raised(open_city)
    await city.say("孙晓雯", "交办W0191责任人彭倩，督办专员马德胜，措施 并联审查，请各部门配合")
    lacks(city.last("孙晓雯"), "协办")
    await city.say("孙晓雯", "确认")
    await city.say("彭倩", "/退回 W0191 消防设计审查权限在区住建局 建议 临河区住建局")
    await city.press("孙晓雯", "改交办", contains="W0191", input=f"责任人 {LINHE_WANG}")
    await city.say(LINHE_WANG, "/退回 W0191 属市级审查范围 建议 市住建局")
    city.mark()
    await city.say("陈立新", "裁定W0191市住建局主办，临河区配合")
    says(city.only(LINHE_WANG), "【协办】W0191", "主办：市住建局 彭倩")
    says(city.only("彭倩"), "陈立新裁定由你单位主办", "协办：临河区")
    item = await city.item("W0191")
    assert [one["unit_name"] for one in item["assists"] if one["state"] == "open"] == ["临河区"]


async def test_d4_a_name_alone_beside_labelled_ones(open_city: OpenCity) -> None:
    """Rules C18, D4: 「交办W0191 高原，…；督办 马德胜」: the name without a label is the 责任人."""
    city = await raised(open_city)
    await city.say("孙晓雯", "交办W0191 高原，措施 联合会审；督办 马德胜；标签 涉河；10月12日前办结")
    says(
        city.last("孙晓雯"),
        "责任单位：市生态环境局",
        "责任人：高原",
        "督办专员：马德胜",
        "10-12 18:00",
        "标签：涉河",
    )


async def test_f9_ready_to_be_closed(open_city: OpenCity) -> None:
    """Rules B10, C16, F9: 「可以销号了」 of the 责任单位 is 报办结; of 综合专班 the verb is asked for."""
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "W0186可以销号了，手续都批了")
    says(city.last("苏静"), "请附批复文件或填写文号")
    await city.say("苏静", "文号是云林审（2026）第88号")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("孙晓雯", "W0186可以销号了")
    says(city.last("孙晓雯"), "当前待审核，不能销号（苏静 09-22 09:00 报办结）")
    await city.say("马德胜", "审核不通过W0186，只批了一期")
    item = await city.item("W0186")
    assert (item["state"], item["refusals"]) == ("办理中", 1)
    await city.say("苏静", "W0186可以销号了，云林审〔2026〕91号")
    await city.say("马德胜", "审核通过W0186")
    assert (await city.item("W0186"))["state"] == "待销号"
    await city.say("孙晓雯", "W0186可以销号了")
    says(city.last("孙晓雯"), "请回：销号 W0186")
    assert (await city.item("W0186"))["state"] == "待销号"


@pytest.mark.parametrize(
    "said", ["W0186 办结时限 11月6日", "W0186 时限定在11月6日", "W0186定到11月6日前办结"]
)
async def test_f1_the_new_date_behind_the_number(open_city: OpenCity, said: str) -> None:
    """Rule F1: what the 督办专员 is asked for after a reopening; before and after that it is nobody's to say."""
    city = await open_city("2026-09-22 09:00")
    await city.say("马德胜", said)
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-20 18:00")
    await city.say("苏静", "/办结 W0186 都批了 文号 云林审〔2026〕91号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")
    await city.say("李娜", "重开W0186 现场又停工了")
    await city.say("李娜", said)
    assert (await city.item("W0186"))["due_at"] is None
    await city.say("马德胜", said)
    assert (await city.item("W0186"))["due_at"] == iso("2026-11-06 18:00")


async def test_g2_raised_in_words(open_city: OpenCity) -> None:
    """Rule G2: one level at a time however it is said; what is no 提级 stays a feedback."""
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "W0186 已提到局长办公会研究")
    says(city.last("苏静"), "【反馈草稿1】")
    await city.say("苏静", "取消")
    await city.say("苏静", "W0186 我们解决不了，请提级")
    says(city.last("苏静"), "提级建议（2级）已送陈立新决定")
    await city.say("陈立新", "W0186提到3级")
    says(city.last("陈立新"), "一次一级", "只能提2级")
    assert (await city.item("W0186"))["level"] == 1
    await city.say("陈立新", "W0186 省局审批慢，提到2级")
    item = await city.item("W0186")
    assert item["level"] == 2
    says(city.last("郑海峰"), "W0186", "省局审批慢")
    await city.say("陈立新", "W0190 铁路方案只有省里能定，提到省级")
    assert (await city.item("W0190"))["level"] == 4
    says(city.last("孙晓雯"), "原因：铁路方案只有省里能定")
    city.mark()
    await city.say("孙晓雯", "W0190省里批复：已协调国铁，10月30日前批复")
    says(city.only("孙晓雯"), "请回：批示 W0190 省里批复")


async def test_g4_a_leader_names_the_item(open_city: OpenCity) -> None:
    """Rules C16, G4: a sentence decides nothing; the leader is told how to say it, and no task is made."""
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/提级 W0186 2级")
    await city.say("郑海峰", "W0186请林业局苏静9月28日前报结果")
    says(city.last("郑海峰"), "请回：批示 W0186 请林业局苏静9月28日前报结果")
    await city.say("郑海峰", "W0186我看了，请林业局抓紧")
    says(city.last("郑海峰"), "请回：批示 W0186 我看了，请林业局抓紧")
    await city.say("郑海峰", "W0186召开协调会，9月24日上午9点")
    says(city.last("郑海峰"), "请回：召开专项协调 W0186")
    await city.say("孙晓雯", "郑市长批示W0186：请林业局9月28日前报结果")
    says(city.last("孙晓雯"), "写全姓名后回：批示 W0186")
    assert await city.rows("SELECT number FROM items WHERE number = 'W0191'") == []
    await city.say("郑海峰", "退回，理由不充分")
    says(city.last("陈立新"), "郑海峰退回 W0186", "理由不充分")
    assert (await city.item("W0186"))["level"] == 1


@pytest.mark.parametrize("said", ["特别重大 W0191", "W0191特别重大", "W0191定为特别重大"])
async def test_g7_grave_with_the_number(open_city: OpenCity, said: str) -> None:
    city: City = await open_city("2026-09-26 22:10")
    await city.say("吴迪", "紧急：云白快速跨铁路桥位垮塌，已停工撤人")
    await city.press("吴迪", "确认", to="吴迪")
    city.mark()
    await city.say("孙晓雯", said)
    says(city.only("孙晓雯"), "综合专班负责人")
    city.mark()
    await city.say("陈立新", said)
    assert told(city) == {"陈立新", "沈国栋", "郑海峰", "郭卫东", "吴迪"}
    assert (await city.item("W0191"))["level"] == 3


async def test_c3_a_supplier_behind_the_name(open_city: OpenCity) -> None:
    """Rules C3, F1: 「污水处理厂厂家…」: 厂家 is no end of the name."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂厂家设备到不了货，要停工，请工信局协调")
    says(city.last("张伟"), "ZX0031", "问题：厂家设备到不了货，要停工")


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("3日内办结", "09-25 18:00"),
        ("5个工作日内完成", "09-30 18:00"),
        ("月底前", "09-30 18:00"),
        ("10月12日", "10-12"),
    ],
)
async def test_a2_a_term_alone_in_a_dispatch(open_city: OpenCity, said: str, due: str) -> None:
    """Rules A2, D4: 「…，3日内办结」 is the 办结时限; in the 措施 it belongs to them."""
    city = await raised(open_city)
    await city.say("孙晓雯", f"交办W0191 责任人彭倩，马德胜督办，{said}，措施 并联审查")
    says(city.last("孙晓雯"), f"办结时限：{due}", "推进措施：并联审查")
    await city.say("孙晓雯", "取消")
    await city.say("孙晓雯", "交办W0191 责任人彭倩，马德胜督办，措施 3日内完成；")
    says(city.last("孙晓雯"), "推进措施：3日内完成", "办结时限：10-15 18:00")


async def test_f11_a_date_behind_the_task_of_a_helper(open_city: OpenCity) -> None:
    """Rules D4, F11: 「协办 市林业局 移栽 时限 10月8日」 is the helper's date; the item keeps its own."""
    city = await raised(open_city)
    await city.say(
        "孙晓雯",
        "交办W0191 责任人彭倩，马德胜督办，措施 并联审查；协办 市林业局 移栽 时限 10月8日；协办 市水利局 排水口审批",
    )
    card = city.last("孙晓雯")
    says(card, "办结时限：10-15 18:00", "目标任务：10-15 前")
    await city.say("孙晓雯", "确认")
    says(city.last("苏静"), "任务：移栽", "10-08 18:00 前完成")
    says(city.last("唐静"), "任务：排水口审批", "10-15 18:00 前完成")
    assert (await city.item("W0191"))["due_at"] == iso("2026-10-15 18:00")
    await city.say("彭倩", "签收")
    await city.say("彭倩", "/办结 W0191 已批 许可证号 (2026)0921")
    says(city.last("彭倩"), "存为草稿1")
    await city.say("苏静", "完成协办 W0191 移栽完成")
    await city.say("马德胜", "免除协办 W0191 市水利局 并入验收")
    await city.say("彭倩", "/办结 W0191 已批 许可证号 (2026)0921")
    city.mark()
    await city.clock("2026-09-23 18:30")
    assert not told(city, "草稿1"), "the 办结 was handed in; its draft is over"


async def test_f1_a_supplement_without_its_button(open_city: OpenCity) -> None:
    """Rules C1, C4, F1: the answer to 退回补充 typed as it is becomes a draft, and only the first."""
    city = await raised(open_city)
    await city.press("孙晓雯", "退回补充", contains="W0191", input="缺审查受理单")
    await city.say("魏然", "收到")
    assert not city.last("魏然").text.startswith("【问题草稿")
    await city.say("魏然", "审查单位9月10日收件，受理号2026-118")
    says(city.last("魏然"), "W0191", "受理号2026-118")
    city.mark()
    await city.say("魏然", "确认")
    says(city.only("孙晓雯"), "W0191", "受理号2026-118")
    await city.say("魏然", "下午几点开会来着我忘了")
    says(city.last("魏然"), "没看懂")


async def test_f7_an_extension_is_not_taken_back(open_city: OpenCity) -> None:
    """Rules C4, F7: 「W0186延期申请撤回」 is no feedback and no second application."""
    city = await open_city("2026-10-13 09:00")
    await city.say("苏静", "W0186申请延期到10月27日，省里还没批")
    city.mark()
    await city.say("苏静", "W0186延期申请撤回")
    says(city.only("苏静"), "延期申请报出后不能撤回", "告知审批人不同意")


@pytest.mark.parametrize("said", ["延期", "/延期", "申请延期", "我们想申请延期"])
async def test_f7_more_time_for_the_only_item(open_city: OpenCity, said: str) -> None:
    """Rules C4, F7: who works on one item is asked until when and why; who works on none is shown how."""
    city = await open_city("2026-10-13 09:00")
    await city.say("苏静", said)
    says(city.last("苏静"), "新的办结时限和原因")
    await city.say("苏静", "10月27日，省局要求补正")
    says(city.last("马德胜"), "W0186", "10-20 → 10-27")
    await city.say("张伟", said)
    says(city.last("张伟"), "后面还缺内容", "/延期 W0186")


@pytest.mark.parametrize(
    "said", ["收到，W0191我们签收了", "W0191 已签收，谢谢", "确认签收W0191", "收到，W0191已签收，马上办理"]
)
async def test_f3_signed_among_other_words(open_city: OpenCity, said: str) -> None:
    """Rules C16, F3: of who is asked to sign; the words of others and 「收到」 alone sign nothing."""
    city = await dispatched(open_city)
    for who, words in (("魏然", said), ("马德胜", said), ("彭倩", "W0191收到"), ("彭倩", "W0191谁签收的")):
        await city.say(who, words)
        assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", said)
    assert (await city.item("W0191"))["state"] == "办理中"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("W0191退回，消防审查权限在区里，应由临河区住建局办理", "消防审查权限在区里"),
        ("退回W0191，原因：权限在区，建议单位：临河区住建局", "权限在区"),
        ("W0191退回 建议临河区住建局 理由是权限在区里", "权限在区里"),
        ("退回 W0191 权限在区里，请改由临河区住建局承办", "权限在区里"),
        ("W0191请退回，权限在区里，转给临河区住建局", "权限在区里"),
        ("这个W0191退给综合专班，建议临河区住建局办，我们没有权限", "我们没有权限"),
    ],
)
async def test_f4_reason_and_unit_in_other_words(open_city: OpenCity, said: str, reason: str) -> None:
    """Rules C18, F4: 应由, 改由, 转给 name the unit as 建议 does."""
    city = await dispatched(open_city)
    city.mark()
    await city.say("彭倩", said)
    assert (await city.item("W0191"))["returns"] == 1
    says(city.only("孙晓雯"), f"市住建局退回原因：{reason}；建议 临河区住建局")


async def test_f2_tags_are_set_apart(open_city: OpenCity) -> None:
    """Rules B10, F2: 综合专班 sets tags on an item at work, with audit; a tag that is none is refused."""
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", "W0190 标签 跨区域")
    assert (await city.item("W0190"))["tags"] == ["涉铁", "跨区域"]
    await city.say("孙晓雯", "W0190去掉涉铁标签")
    assert (await city.item("W0190"))["tags"] == ["跨区域"]
    await city.say("孙晓雯", "把W0186的标签加上涉河")
    assert (await city.item("W0186"))["tags"] == ["涉河"]
    rows = await city.audit("item", "W0186")
    assert [(row["field"], row["by_name"]) for row in rows][-1] == ("tags", "孙晓雯")
    await city.say("孙晓雯", "W0190 标签 重要")
    says(city.last("孙晓雯"), "可用：涉铁、涉军、涉河、涉电、跨区域")
    for who in ("马德胜", "李娜", "郑海峰"):
        await city.say(who, "W0186 标签 涉铁")
    assert (await city.item("W0186"))["tags"] == ["涉河"]


async def test_h3_a_letter_asked_for_behind_the_number(open_city: OpenCity) -> None:
    """Rules B10, H3: 「W0186发督办函」 drafts; nothing is numbered or sent, and who may not is told who may."""
    city = await open_city("2026-09-22 09:00")
    await city.say("马德胜", "W0186 起草提醒函")
    says(city.last("马德胜"), "【提醒函草稿】W0186", "未编号、未发出")
    await city.say("陈立新", "W0186给市林业局发督办函")
    says(city.last("陈立新"), "【督办函草稿】W0186", "未编号、未发出")
    await city.say("苏静", "W0186发督办函")
    says(city.last("苏静"), "综合专班联络员、负责人、督办专员")
    assert told(city, "公文送达") == set()


@pytest.mark.parametrize("asked", ["有什么需要我协调的", "今天有什么要我定的", "有没有什么事项要我批示的？"])
async def test_s18_what_waits_for_a_decision(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/提级 W0186 2级")
    await city.say("郑海峰", asked)
    says(city.last("郑海峰"), "W0186")
    lacks(city.last("郑海峰"), "问题草稿")


@pytest.mark.parametrize(
    ("said", "unit", "person"),
    [
        ("W0191请住建局办，彭倩负责，马德胜督办，措施 开辟绿色通道", "市住建局", "彭倩"),
        ("交办 W0191 给 临河区 王磊，马德胜督办，措施 现场协调，月底前", "临河区", "王磊(临河区发改局)"),
    ],
)
async def test_d4_handed_to_a_unit_and_its_person(
    open_city: OpenCity, said: str, unit: str, person: str
) -> None:
    """Rules B1, D4: the unit that is named decides between two people of one name."""
    city = await raised(open_city)
    await city.say("孙晓雯", said)
    says(
        city.last("孙晓雯"),
        "【交办草稿1】W0191",
        f"责任单位：{unit}",
        f"责任人：{person}",
        "督办专员：马德胜",
    )
    city.mark()
    await city.say("马德胜", "W0191交给住建局彭倩")
    says(city.only("马德胜"), "您不能交办 W0191", "综合专班")


@pytest.mark.parametrize(
    "said", ["请市自然资源局10月20日前出具意见", "W0191请市自然资源局10月20日前出具意见"]
)
async def test_f1_a_supplement_that_asks_for_somebody(open_city: OpenCity, said: str) -> None:
    """Who was asked what is wanted of whom answers with 「请…」: neither a new problem nor an urging (rules C4, F1)."""
    city = await raised(open_city)
    await city.press("孙晓雯", "退回补充", contains="W0191", input="请写明需要哪个单位做什么")
    await city.say("魏然", said)
    says(city.last("魏然"), "补充 W0191", "市自然资源局10月20日前出具意见")
    city.mark()
    await city.say("魏然", "确认")
    says(city.only("孙晓雯"), "W0191 待甄别（已补充）", "市自然资源局10月20日前出具意见")
    await city.say("魏然", "W0191请尽快交办")  # nothing is wanted any more: it is shown where it stands
    lacks(city.last("魏然"), "补充 W0191")


async def test_f1_another_problem_is_no_supplement(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.press("孙晓雯", "退回补充", contains="W0191", input="请写明需要哪个单位做什么")
    await city.say("魏然", "ZY0009施工便道被堵，请市公安局10月20日前协调")
    says(city.last("魏然"), "问题草稿", "ZY0009")
    lacks(city.last("魏然"), "补充 W0191")
