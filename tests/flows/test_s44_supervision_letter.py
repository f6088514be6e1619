"""督办函 from draft to 回执 and 作废 (S44; rules H1–H5, A3, B8, B10, F6)."""

from __future__ import annotations

import hashlib
from io import BytesIO

import docx

from .city import City, Json, Message, lacks, offers, says, silent
from .conftest import OpenCity
from .told import about, feed_back, on, one_about, told, workdays

NUMBER = "云攻坚督〔2026〕12号"


async def with_reminder(city: City) -> None:
    """提醒函 24 was issued on 09-24; no feedback on W0186; 09-29 09:00 has come."""
    await city.clock("2026-09-24 09:30")
    await city.press("马德胜", "报签", contains="W0186")
    await city.press("陈立新", "签发", contains="W0186")
    await city.clock("2026-09-29 08:59")


async def pressed(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 08:00", with_reminder)
    city.mark()
    await city.clock("2026-09-29 09:00")
    return city


async def issued(open_city: OpenCity) -> City:
    city = await pressed(open_city)
    await city.say("陈立新", "修改 限期改为 10月9日")
    city.mark()
    await city.press("陈立新", "签发", contains="W0186")
    return city


async def document(city: City, kind: str = "督办函") -> Json:
    found = [one for one in (await city.item("W0186"))["documents"] if one["kind"] == kind]
    return found[-1]


async def file_of(city: City, message: Message) -> bytes:
    assert len(message.files) == 1, message
    async with city.client.get(f"{city.base}{message.files[0][1]}") as response:
        assert response.status == 200
        return await response.read()


async def text_of(city: City, message: Message) -> str:
    paper = docx.Document(BytesIO(await file_of(city, message)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


async def test_s44_the_draft(open_city: OpenCity) -> None:
    """S44: facts, what went before with times and numbers, a 限期, no number; nobody else hears of it."""
    city = await pressed(open_city)
    card = one_about(city, "陈立新", "督办函草稿")
    says(
        card, "市林业局", "W0186", "园区道路占用林地手续未批", on("09-21"), workdays(5), on("10-10", "18:00")
    )
    says(card, "提醒", "催办", "云攻坚提〔2026〕24号")
    lacks(card, "云攻坚督")
    offers(card, "修改", "签发", "不发", "督办函草稿 W0186")
    assert told(city, "督办函") == {"陈立新"}
    city.mark()
    await city.press("陈立新", "督办函草稿 W0186")
    full = city.only("陈立新")
    says(full, "致市林业局", "关于加快办理园区道路占用林地手续的督办函", workdays(5), "云攻坚提〔2026〕24号")
    says(full, "9月20日提醒1次", "9月22日催办1次", "9月24日印发提醒函1次", "限 10-10 18:00")
    lacks(full, "云攻坚督")
    offers(full, "修改", "签发", "不发", "导出docx")
    row = await document(city)
    assert (row["state"], row["serial"], row["number"], row["sha256"]) == ("草稿", None, None, None)


async def test_s44_edited_issued_delivered(open_city: OpenCity) -> None:
    """S44: 修改, 签发: number, hash, file and [签收] to 苏静 and 谭勇, one line to the 专班's group."""
    city = await pressed(open_city)
    city.mark()
    await city.say("陈立新", "修改 限期改为 10月9日")
    card = city.only("陈立新")
    says(card, "限 10-09 18:00", "2026年10月9日18时")
    lacks(card, "10月10日", "云攻坚督")
    city.mark()
    await city.press("陈立新", "签发", contains="W0186")
    done = one_about(city, "陈立新", NUMBER)
    says(done, "市林业局", on("09-30", "18:00"))
    for name in ("苏静", "谭勇"):
        sent = one_about(city, name, NUMBER)
        says(sent, "关于加快办理园区道路占用林地手续的督办函", on("10-09", "18:00"))
        offers(sent, "签收")
        assert sent.files[0][0].endswith(".docx")
    line = one_about(city, "要素保障专班", NUMBER)
    says(line, f"已向市林业局印发 {NUMBER}")
    lacks(line, "逾期", "反馈")
    assert line.files == ()
    assert line.actions == ()
    assert told(city, NUMBER) == {"陈立新", "苏静", "谭勇", "要素保障专班"}
    row = await document(city)
    assert (row["state"], row["serial"], row["number"], row["year"]) == ("已签发", NUMBER, 12, 2026)
    assert row["facts"]["逾期"] == 5
    content = await file_of(city, one_about(city, "苏静", NUMBER))
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    text = await text_of(city, one_about(city, "苏静", NUMBER))
    assert NUMBER in text
    assert "2026年10月9日18时" in text
    assert "云攻坚提〔2026〕24号" in text
    assert "2026年9月29日" in text
    assert any(row["new"] == NUMBER for row in await city.audit("item", "W0186"))


async def test_s44_the_unit_signs_for_it(open_city: OpenCity) -> None:
    """S44: 谭勇's 已阅 is no receipt; 苏静's 签收 is, once; then no reminder."""
    city = await issued(open_city)
    city.mark()
    await city.press("谭勇", "已阅", contains=NUMBER)
    says(city.only("谭勇"), "已阅", "不算", "签收")
    assert (await document(city))["receipts"][0]["received_at"] is None
    await city.press("苏静", "签收", contains=NUMBER)
    says(city.last("苏静"), NUMBER, "已签收")
    receipt = (await document(city))["receipts"][0]
    assert receipt["received_at"].startswith("2026-09-29T09:00")
    assert receipt["receiver"] == "苏静"
    assert receipt["on_paper"] is False
    city.mark()
    await city.press("谭勇", "签收", contains=NUMBER)
    says(city.only("谭勇"), "已签收", "苏静")
    city.mark()
    await city.clock("2026-10-08 10:00")
    assert not about(city, "苏静", NUMBER)


async def test_s44_the_leader_may_sign_for_it_and_by_word(open_city: OpenCity) -> None:
    city = await issued(open_city)
    await city.say("谭勇", "签收 督12")
    says(city.last("谭勇"), NUMBER, "市林业局已签收")
    assert (await document(city))["receipts"][0]["receiver"] == "谭勇"


async def test_s44_no_receipt_is_recalled(open_city: OpenCity) -> None:
    """S44 H5: none by 09-30 18:00: 10-08 08:30, once, to the 联络员."""
    city = await issued(open_city)
    city.mark()
    await city.clock("2026-10-08 08:29")
    assert not told(city, NUMBER)
    await city.clock("2026-10-08 08:30")
    reminder = one_about(city, "苏静", NUMBER)
    says(reminder, "签收", on("09-30", "18:00"))
    offers(reminder, "签收")
    assert told(city, NUMBER) == {"苏静"}
    city.mark()
    await city.clock("2026-10-12 18:00")
    assert not told(city, NUMBER)


async def test_s44_void_keeps_the_number(open_city: OpenCity) -> None:
    """S44 H2: with a reason, by who may sign; recipients are told; the next is 13; [签收] leads nowhere."""
    city = await issued(open_city)
    for who in ("孙晓雯", "马德胜"):
        await city.say(who, "/作废 督12 事实有误")
        says(city.last(who), "综合专班负责人", "陈立新")
    await city.say("陈立新", "/作废 督12")
    says(city.last("陈立新"), "原因")
    city.mark()
    await city.say("陈立新", "/作废 督12 省局已受理,事实有误")
    for name in ("苏静", "谭勇", "要素保障专班"):
        says(one_about(city, name, NUMBER), "作废", "事实有误")
    city.mark()
    await city.press("苏静", "签收", contains="签收 云攻坚督")
    says(city.last("苏静"), "已作废")
    row = await document(city)
    assert (row["state"], row["number"], row["receipts"][0]["received_at"]) == ("已作废", 12, None)
    await city.say("陈立新", "/督办函 W0186")
    await city.say("陈立新", "/签发 督办函 W0186")
    says(city.last("陈立新"), "云攻坚督〔2026〕13号")
    city.mark()
    await city.clock("2026-10-08 09:00")
    assert not about(city, "苏静", NUMBER)


async def test_h5_a_circular_on_one_matter_goes_to_its_unit_alone(open_city: OpenCity) -> None:
    """H5 B4: the signer is told that the others whom it addresses get it on paper; no county hears of it."""
    city = await issued(open_city)
    await city.say("陈立新", "/通报 W0186")
    says(city.last("陈立新"), "各县（市、区）、市直有关单位", "市林业局")
    city.mark()
    await city.say("陈立新", "/签发 通报 W0186")
    says(city.last("陈立新"), "已送达：市林业局", "只送责任单位", "线下印发")
    assert told(city, "云攻坚通〔2026〕01号") == {"陈立新", "苏静", "谭勇", "要素保障专班"}


async def test_h3_only_who_may_sign(open_city: OpenCity) -> None:
    """H3 B10 C16: 马德胜, 孙晓雯, 苏静 may not, by word, command or free text; no number is used."""
    city = await pressed(open_city)
    for who in ("马德胜", "孙晓雯"):
        city.mark()
        await city.say(who, "/签发 督办函 W0186")
        says(city.only(who), "不能签发", "综合专班负责人", "陈立新")
    await city.say("苏静", "/签发 督办函 W0186")
    says(city.last("苏静"), "综合专班负责人")
    await city.say("陈立新", "请帮我把W0186的督办函签发了吧")
    row = await document(city)
    assert (row["state"], row["serial"]) == ("草稿", None)
    await city.say("苏静", "/督办函 W0186")
    lacks(city.last("苏静"), "致市林业局")


async def test_h2_dropped_and_withdrawn_drafts_use_no_number(open_city: OpenCity) -> None:
    """F6 H2: feedback accepted: the drafts are withdrawn, an old card issues nothing; 不发 uses no number."""
    city = await pressed(open_city)
    await feed_back(city, "苏静", "W0186 已报省林草局,组卷材料补正中,预计10月10日批复")
    city.mark()
    await city.press("陈立新", "签发", contains="督办函草稿")
    says(city.last("陈立新"), "已", "反馈", "正在审核")
    await city.press("马德胜", "采纳", contains="W0186")
    says(one_about(city, "陈立新", "已自动撤回"), "反馈已采纳", "督办函")
    await city.press("陈立新", "签发", contains="督办函草稿】")
    says(city.last("陈立新"), "已撤回", "反馈已采纳")
    assert (await document(city))["state"] == "已撤回"
    await city.say("孙晓雯", "/督办函 W0186")
    await city.press("孙晓雯", "不发", input="已电话督促")
    assert (await document(city))["state"] == "不发"
    assert (await city.rows("SELECT last FROM number_series WHERE series = 'letter:督办函:2026'"))[0][
        "last"
    ] == 11


async def test_h2_words_of_a_draft(open_city: OpenCity) -> None:
    """H2: general changes of the text; what does not fit is said, nothing is lost."""
    city = await pressed(open_city)
    await city.say("陈立新", "修改 标题改为 关于限期办结园区道路林地手续的督办函")
    says(city.last("陈立新"), "关于限期办结园区道路林地手续的督办函")
    await city.say("陈立新", "修改 把“倒排工期”改为“挂图作战”")
    says(city.last("陈立新"), "挂图作战")
    await city.say("陈立新", "修改 增加 请于每周五报送进展")
    says(city.last("陈立新"), "请于每周五报送进展")
    await city.say("陈立新", "修改 第1段改为 经核查，你单位承办的W0186至今未反馈。")
    says(city.last("陈立新"), "经核查，你单位承办的W0186至今未反馈")
    await city.say("陈立新", "修改 把“没有的话”改为“别的话”")
    says(city.last("陈立新"), "没有「没有的话」")
    await city.say("陈立新", "修改 删除第9段")
    says(city.last("陈立新"), "没有第9段")
    await city.say("陈立新", "修改 限期改为 9月20日")
    says(city.last("陈立新"), "已过")
    city.mark()
    await city.press("陈立新", "签发", contains="W0186")
    text = await text_of(city, one_about(city, "苏静", NUMBER))
    assert "经核查，你单位承办的W0186至今未反馈。" in text
    assert "挂图作战" in text
    assert "请于每周五报送进展" in text
    assert "关于限期办结园区道路林地手续的督办函" in text


async def test_h4_later_changes_leave_it_alone(open_city: OpenCity) -> None:
    """H4: the ledger goes on, the issued paper does not change."""
    city = await issued(open_city)
    before = await document(city)
    await feed_back(city, "苏静", "W0186 已报省林草局,组卷材料补正中,预计10月10日批复")
    await city.press("马德胜", "采纳", contains="W0186")
    after = await document(city)
    assert (after["sha256"], after["facts"], after["lines"]) == (
        before["sha256"], before["facts"], before["lines"],
    )  # fmt: skip
    city.mark()
    await city.say("苏静", "/督办函 督12")
    says(city.last("苏静"), NUMBER, "已签发")
    assert hashlib.sha256(await file_of(city, city.last("苏静"))).hexdigest() == before["sha256"]


async def test_h2_an_old_card_does_not_sign_what_another_changed(open_city: OpenCity) -> None:
    """Old buttons never act on a newer state: the signer sees the new words first."""
    city = await pressed(open_city)
    old = one_about(city, "陈立新", "督办函草稿")
    await city.say("孙晓雯", "/督办函 W0186")
    await city.say("孙晓雯", "修改 限期改为 10月12日")
    city.mark()
    await city.press_on(old, "陈立新", "签发")
    says(city.only("陈立新"), "孙晓雯", "改过", "10-12")
    assert (await document(city))["serial"] is None
    await city.press_on(city.only("陈立新"), "陈立新", "签发")
    assert (await document(city))["serial"] == NUMBER
    city.mark()
    await city.press_on(old, "陈立新", "签发")
    says(city.last("陈立新"), "已签发", NUMBER)
    silent(city, "苏静", "谭勇")


async def test_h5_nothing_of_a_restricted_item_to_a_group(open_city: OpenCity) -> None:
    """B8: a letter about a restricted item reaches only those who may see it."""
    city = await pressed(open_city)
    circle = [
        row["id"] for row in await city.rows("SELECT id FROM people WHERE name IN ('苏静', '谭勇', '陈立新')")
    ]
    await city.change(
        "UPDATE items SET restricted = true, visible_to = :who WHERE number = 'W0186'", who=str(circle)
    )
    city.mark()
    await city.press("陈立新", "签发", contains="督办函草稿")
    assert told(city, NUMBER) == {"陈立新", "苏静", "谭勇"}
    await city.say("孙晓雯", "/督办函 督12")
    says(city.last("孙晓雯"), "未找到,或您无权查看")


async def test_f6_no_letter_while_the_closing_is_reviewed(open_city: OpenCity) -> None:
    """Rules F6, H3: a 办结 under review holds a letter about the overdue feedback back, as a feedback does."""
    city = await open_city("2026-09-24 09:05")
    await city.say("马德胜", "报签")
    await city.say("苏静", "/办结 W0186 都批了 文号 云林审〔2026〕91号")
    city.mark()
    await city.say("陈立新", "签发")
    says(city.only("陈立新"), "W0186", "报办结，正在审核")
    silent(city, "苏静", "谭勇", "要素保障专班")
    await city.say("马德胜", "不通过 W0186 只批了一期")
    await city.say("陈立新", "签发")
    says(city.last("苏静"), "云攻坚提〔2026〕24号")
