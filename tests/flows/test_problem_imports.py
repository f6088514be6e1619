"""Problems of the provincial system come in by file (S36, rules O2 Q1 C1)."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso, told

HEADER = ("序号", "项目名称", "存在问题", "问题类型", "诉求", "完成时限", "填报日期")
ROWS = (
    (
        1,
        "青禾县城南污水处理厂扩建工程",
        "厂区临时用电未接通",
        "供电",
        "请供电公司尽快接电",
        "2026-10-20",
        "2026-09-20",
    ),
    (2, "ZD0108", "园区招商配套道路用地组卷滞后", "用地", "", "10月底前", "2026-09-20"),
    (3, "云川至白石快速通道工程", "跨既有铁路桥梁方案未获铁路部门批复", "", "", "", "2026-09-20"),
    (4, "云白高速", "征地补偿款未到位", "资金拨付", "", "", "2026-09-20"),
    (5, "JJ0003", "取水许可未批", "", "=1+1", "", "2026-09-20"),
    (6, "临河区第三人民医院门诊综合楼", "医用气体@所有人设计变更未审", "", "", "", "2026-09-20"),
)


def sheet(rows: tuple[tuple[object, ...], ...] = ROWS, header: tuple[str, ...] = HEADER) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["省系统调度反馈（9月22日）"])
    page.append(list(header))
    for row in rows:
        page.append([str(cell) for cell in row])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


async def _imported(city: City) -> None:
    await city.say("孙晓雯", "/导入", files=[("省系统调度反馈0922.xlsx", sheet())])


async def test_s36_previewed_and_nothing_written_before(open_city: OpenCity) -> None:
    """S36: rules O2 Q1. New, repeated and unknown rows; the accepted ones become 待甄别 with their source row."""
    city = await open_city("2026-09-22 10:00")
    await _imported(city)
    card = city.only("孙晓雯")
    says(
        card,
        "6 行:新问题 4、与在办重复 1(W0190)、无法识别项目 1(第6行「云白高速」,是否 ZD0115 云川至白石快速通道工程?)",
    )
    offers(card, "导入4行", "全部不导入", "第6行是 ZD0115")
    assert "@所有人" not in card.text
    assert await city.rows("SELECT number FROM items WHERE number > 'W0190'") == []
    assert told(city) == {"孙晓雯"}
    city.mark()
    await city.press_on(card, "孙晓雯", "导入4行")
    says(city.only("孙晓雯"), "已导入 4 件", "省系统", "W0191", "W0194", "未导入 2 行")
    assert told(city) == {"孙晓雯"}
    item = await city.item("W0191")
    assert (item["state"], item["source"], item["project"], item["kind"]) == (
        "待甄别",
        "省系统",
        "ZX0031",
        "供电",
    )
    assert item["wanted_by"] == iso("2026-10-20 18:00")
    assert item["source_row"]["file"] == "省系统调度反馈0922.xlsx"
    assert (item["source_row"]["row"], item["source_row"]["存在问题"]) == (3, "厂区临时用电未接通")
    await city.say("孙晓雯", "/我的")
    says(city.last("孙晓雯"), "W0191 待甄别", "W0194 待甄别")
    city.mark()
    await city.press_on(card, "孙晓雯", "导入4行")
    assert len(await city.rows("SELECT number FROM items WHERE number > 'W0190'")) == 4
    await _imported(city)
    says(city.last("孙晓雯"), "新问题 0", "与在办重复 5")


async def test_s36_an_unknown_row_is_named(open_city: OpenCity) -> None:
    """S36: the suggestion is taken by button or word; who may not see a project is not offered it."""
    city = await open_city("2026-09-22 10:00")
    await _imported(city)
    await city.say("孙晓雯", "第6行 ZX9999")
    says(city.last("孙晓雯"), "未找到，或您无权查看")
    await city.say("孙晓雯", "第6行 ZD0115")
    says(city.last("孙晓雯"), "新问题 5", "无法识别项目 0", "第6行 ZD0115 征地补偿款未到位")
    await city.say("孙晓雯", "导入5行")
    says(city.last("孙晓雯"), "已导入 5 件")
    await city.say("张伟", "/导入", files=[("反馈.xlsx", sheet())])
    says(city.last("张伟"), "综合专班")


async def test_s36_none_of_it(open_city: OpenCity) -> None:
    """Rule Q1: none of it; what is no such sheet is refused, saying what it should look like."""
    city = await open_city("2026-09-22 10:00")
    await _imported(city)
    await city.press("孙晓雯", "全部不导入")
    assert await city.rows("SELECT number FROM items WHERE number > 'W0190'") == []
    city.mark()
    await city.say("孙晓雯", "/导入")
    says(city.last("孙晓雯"), "没有收到表格")
    await city.say(
        "孙晓雯", "/导入", files=[("表.xlsx", sheet(header=("甲", "乙", "丙", "丁", "戊", "己", "庚")))]
    )
    says(city.last("孙晓雯"), "没有找到「问题」和「项目名称」", "表头应有")
    await city.say("孙晓雯", "/导入", group="综合专班", files=[("表.xlsx", sheet())])
    says(city.last("综合专班"), "请私聊")
    silent(city, "魏然", "张伟")


async def test_a_cell_at_the_end_of_the_sheet_is_refused_and_the_product_goes_on(open_city: OpenCity) -> None:
    """O2. Read in the product's own process, the area up to that cell would end it, at every start anew."""
    city = await open_city("2026-09-22 10:00")
    book = Workbook()
    assert book.active is not None
    book.active.append(list(HEADER))
    book.active["XFD1048576"] = "1"
    target = BytesIO()
    book.save(target)
    await city.say("孙晓雯", "/导入", files=[("表.xlsx", target.getvalue())])
    says(city.only("孙晓雯"), "表格太大", "另存后再导入")
    city.mark()
    await _imported(city)
    says(city.only("孙晓雯"), "6 行")


async def test_o2_who_screens_beside_gets_one_message(open_city: OpenCity) -> None:
    """O2 F1: 40 rows are one message to who else screens them, not forty; units hear nothing before 交办."""
    city = await open_city("2026-09-22 10:00")
    rows = tuple((place, "ZX0031", f"第{place}号检查井移位未批", "", "", "", "") for place in range(1, 41))
    city.mark()
    await city.say("陈立新", "/导入", files=[("省系统调度反馈0922.xlsx", sheet(rows))])
    await city.press("陈立新", "导入40行", to="陈立新")
    says(city.last("陈立新"), "已导入 40 件")
    card = city.only("孙晓雯")
    says(card, "陈立新导入问题 40 件", "W0191 ZX0031", "第1号检查井", "另有 28 件：W0203 至 W0230")
    lacks(card, "第13号检查井")
    offers(card, "交办 W0191")
    assert told(city) == {"陈立新", "孙晓雯"}
    await city.press_on(card, "孙晓雯", "交办 W0191")
    says(city.last("孙晓雯"), "W0191 还缺")


async def test_j2_found_on_site_the_category_leads_get_one_message(open_city: OpenCity) -> None:
    """J2: what a file brings from the site goes to the 专班 that lead the categories, once each."""
    city = await open_city("2026-09-22 10:00")
    rows = tuple((place, "ZX0031", f"第{place}号检查井移位未批", "", "", "", "") for place in range(1, 9))
    city.mark()
    await city.say("孙晓雯", "/导入 实地督导", files=[("督导发现.xlsx", sheet(rows))])
    await city.press("孙晓雯", "导入8行", to="孙晓雯")
    card = city.only("周敏")  # 专项债券 → 财政金融专班
    says(card, "孙晓雯导入问题 8 件", "W0191", "W0198", "由综合专班甄别交办")
    assert card.actions == ()
