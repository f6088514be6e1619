"""Ways of saying things, one sentence each, with what must be taken. A fix starts with a line here."""

from __future__ import annotations

import pytest

from tests.understanding.fixtures_city import anyone, summary, zhang

FIGURES = [
    (
        "ZX0031 1-8月完成投资4700万元,占年度计划的58.75%",
        [(4700, "year_to_date", "2026-08-31")],
        [(58.75, "annual_plan")],
    ),
    ("ZX0031,9月份计划完成投资4000万元", [], []),
    ("ZX0031预计9月完成投资3000万,累计达到5.4亿", [], []),
    ("ZX0031年度计划8000万,已完成4700万,完成率58.75%", [(4700, "year_to_date")], [(58.75, "unspecified")]),
    ("ZX0031 1-8月投资累计完成4700万元", [(4700, "year_to_date", "2026-08-31")], []),
    ("ZX0031今年投资累计完成4700万元", [(4700, "year_to_date")], []),
    ("ZX0031设备采购累计5300万", [], []),
    ("ZX0031总投资1.56亿,累计完成5500万", [(5500, "cumulative")], []),
    ("ZX0031累计投资由5.5亿更正为5500万", [(5500, "cumulative")], []),
    ("ZX0031累计不是5300,是5200", [(5200, "cumulative", "unit assumed")], []),
    ("ZX0031累计完成投资5500万元(含设备预付款1200万元)", [(5500, "cumulative")], []),
    ("ZX0031缺口资金3000万", [], []),
    (
        "最后报一次:ZX0031主体封顶,8月投资640万",
        [(640, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31")],
        [],
    ),
    ("ZX0031自开工以来累计完成1.2亿,其中今年5500万", [(12000, "since_start"), (5500, "year_to_date")], []),
    (
        "ZX0031 8月份完成投资 420 万元,年累 4700 万",
        [(420, "period", ("8月份", "2026-08-01", "2026-08-31"), "2026-08-31"), (4700, "year_to_date")],
        [],
    ),
    ("ZX0031全年目标8000万,力争年底完成", [], []),
    ("ZX0031今天累计完成投资5000万", [(5000, "cumulative")], []),
    ("ZX0031昨日累计5000万", [(5000, "cumulative")], []),
    ("ZX0031昨天完成30万", [(30, "period", ("昨天", "2026-09-21", "2026-09-21"))], []),
    (
        "ZX0031当日完成30万,累计5030万",
        [(30, "period", ("当日", "2026-09-22", "2026-09-22")), (5030, "cumulative")],
        [],
    ),
    # What 分别 tells at once is read one by one; where it does not pair off, nothing is taken.
    (
        "ZX0031 7月、8月分别完成投资1200万和800万",
        [
            (1200, "period", ("7月", "2026-07-01", "2026-07-31"), "2026-07-31"),
            (800, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31"),
        ],
        [],
    ),
    (
        "ZX0031本月、今年累计分别完成1200万、3.2亿",
        [(1200, "period", ("本月", "2026-09-01", "2026-09-30")), (32000, "year_to_date")],
        [],
    ),
    (
        "ZX0031今年累计和8月分别完成3.2亿、1200万",
        [(32000, "year_to_date"), (1200, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31")],
        [],
    ),
    ("ZX0031开工以来和今年分别完成投资1.52亿、5500万", [(15200, "since_start"), (5500, "year_to_date")], []),
    ("ZX0031一标段、二标段分别完成投资1200万、800万", [], []),
    ("ZX0031、观澜湾大道本月分别完成1200万、800万", [], []),
    ("ZX0031预计10月、11月分别完成1200万、800万", [], []),
    ("ZX0031今年完成投资较去年同期增加2000万，达到9800万元", [(9800, "year_to_date")], []),
    ("ZX0031完成率比上周提高5个百分点，达到65%", [], [(65, "unspecified")]),
    (
        "ZX0031本月新增600万，累计达到9800万",
        [(600, "period", ("本月", "2026-09-01", "2026-09-30")), (9800, "cumulative")],
        [],
    ),
    ("ZX0031裙楼装修过半，酒店部分完成投资的70%", [], []),
    (
        "ZX0031 8月完成500万，上月480万",
        [
            (500, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31"),
            (480, "period", ("上月", "2026-07-01", "2026-07-31")),
        ],
        [],
    ),
    ("ZX0031本周干到5200万", [(5200, "unsaid")], []),
    ("ZX0031本月完成投资达到600万", [(600, "period", ("本月", "2026-09-01", "2026-09-30"))], []),
    ("ZX0031三年累计9000万", [(9000, "unsaid")], []),
    ("ZX0031近三年累计投资9000万", [(9000, "unsaid")], []),
    ("ZX0031去年以来累计9000万", [(9000, "unsaid")], []),
    ("ZX0031 2026年累计5000万", [(5000, "year_to_date")], []),
    ("ZX0031这三天投资90万", [(90, "unsaid")], []),
    ("ZX0031近两个月完成投资300万", [(300, "unsaid")], []),
    ("ZX0031截至8月底完成年度计划的58%,占总投资的三成", [], [(58, "annual_plan"), (30, "total_invest")]),
    ("ZX0031管道铺设完成65%,桥梁完成过半", [], []),
    ("城南污水处理厂仓库完成60%,整体进度35%", [], [(35, "unspecified")]),
    ("ZX0031工程量完成三分之二", [], [(66.67, "works")]),
    ("ZX0031完成100万吨产能", [], []),
    ("ZX0031今年完成4300万,哦看错行了,是4030万", [(4030, "year_to_date")], []),
    ("ZX0031累计3个亿不对是2.3亿", [(23000, "cumulative")], []),
    ("哎领导我说一下ZX0031累计5500万", [(5500, "cumulative")], []),
    ("喂我说一下ZX0031累计5500万", [(5500, "cumulative")], []),
    ("领导好报一下ZX0031今年投了4030万", [(4030, "year_to_date")], []),
    ("设备采购ZX0031累计5300万", [], []),
    ("上周说的ZX0031累计5400万报错了,是4500万", [(4500, "cumulative")], []),
    ("提醒函回复:ZX0031 1-8月完成投资4700万元", [(4700, "year_to_date", "2026-08-31")], []),
    ("节前报一下:ZX0031累计5500万", [(5500, "cumulative")], []),
    ("昨天报的ZX0031本月投资写错了,580万改成640万", [(640, "period", ("本月", "2026-09-01", "2026-09-30"))], []),
    ("ZX0031 9家企业签约 累计5500万", [(5500, "cumulative")], []),
    ("ZX0031本月没有新增投资", [(0, "period", ("本月", "2026-09-01", "2026-09-30"))], []),
    (
        "ZX0031 9月1日至今完成600万",
        [(600, "period", ("9月1日至今", "2026-09-01", "2026-09-22"), "2026-09-22")],
        [],
    ),
    ("ZX0031 8月以来完成600万", [(600, "period", ("8月以来", "2026-08-01", "2026-09-22"), "2026-09-22")], []),
    (
        "ZX0031 8月底至今完成600万",
        [(600, "period", ("8月底至今", "2026-09-01", "2026-09-22"), "2026-09-22")],
        [],
    ),
    ("ZX0031 1月1日至今完成5500万", [(5500, "year_to_date", "2026-09-22")], []),
    ("ZX0031 3月28日开工至今完成5500万", [(5500, "since_start")], []),
    ("ZX0031累计完成人民币5,500.505万元", [(5500.505, "cumulative")], []),
    ("ZX0031累计完成投资55000000", [(55000000, "cumulative", "unit assumed")], []),
    ("ZX0031联系电话13800001111", [], []),
    (
        "ZX0031 8月份受中秋备货影响只完成投资600万",
        [(600, "period", ("8月份", "2026-08-01", "2026-08-31"), "2026-08-31")],
        [],
    ),
    ("ZX0031年内花了5500万", [(5500, "year_to_date")], []),
    ("ZX0031今年到这会儿是完成了5500万吧", [(5500, "year_to_date")], []),
    (
        "ZX0031 8月铺管0.9公里，完成投资270万，开工以来共铺8.1公里、投资3420万",
        [(270, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31"), (3420, "since_start")],
        [],
    ),
    ("ZX0031累计２ ３５０万元", [(2350, "cumulative")], []),
    ("ZX0031累计 2 350万元", [], []),
    ("ZX0031累计5500万,68.75%", [(5500, "cumulative")], [(68.75, "unspecified")]),
    ("ZX0031累计5500万,10%的设备到场", [(5500, "cumulative")], []),
    (
        "ZX0031 8月完成420 年累4700",
        [
            (420, "period", "unit assumed", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31"),
            (4700, "year_to_date", "unit assumed"),
        ],
        [],
    ),
    ("ZX0031资金拨付2600万(其中本月300万),累计5500万", [(5500, "cumulative")], []),
    (
        "ZX0031 8月的数报多了,560万里有去年补录的140万,按420万入账",
        [(420, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31")],
        [],
    ),
    ("ZX0031年度已投4700万", [(4700, "year_to_date")], []),
    ("ZX0031本月没增量", [(0, "period", ("本月", "2026-09-01", "2026-09-30"))], []),
    ("ZX0031就差栏杆和绿化今年大概是四千七百来万吧", [(4700, "year_to_date")], []),
    (
        "ZX0031三季度单季投了1300万",
        [(1300, "period", ("三季度", "2026-07-01", "2026-09-30"), "2026-09-22")],
        [],
    ),
    ("ZX0031累计5500万,以上数据截至8月底", [(5500, "cumulative", "2026-08-31")], []),
    ("ZX0031累计五千万三号楼封顶", [(5000, "cumulative")], []),
    ("ZX0031累计一亿二号楼封顶", [(10000, "cumulative")], []),
    ("ZX0031累计一亿二", [(12000, "cumulative")], []),
    ("ZX0031 1200万设备到场了", [], []),
    ("ZX0031主体封顶了这个月花了有四百二十万", [(420, "period", ("这个月", "2026-09-01", "2026-09-30"))], []),
    ("ZX0031二沉池在挖土到八月底累计投了五千五百万", [(5500, "cumulative", "2026-08-31")], []),
    ("ZX0031池壁绑扎完成今年截至8月底投了4700万", [(4700, "year_to_date", "2026-08-31")], []),
    ("ZX0031今年没有投资", [(0, "year_to_date")], []),
    ("ZX0031新投420万", [(420, "unsaid")], []),
    ("ZX0031年内投了4700万", [(4700, "year_to_date")], []),
    ("ZX0031年内能投了4700万", [], []),
    (
        "城南污水处理厂(总投资1.56亿,年度计划8000万):8月完成420万,年累4700万",
        [
            (420, "period", ("8月", "2026-08-01", "2026-08-31"), "2026-08-31"),
            (4700, "year_to_date"),
        ],
        [],
    ),
    ("青禾县3个项目年累:ZX0031 4700万", [(4700, "year_to_date")], []),
    (
        "关于城南污水处理厂进展情况的报告\n一、基本情况:总投资1.56亿元。\n二、进展情况:今年完成投资4700万元",
        [(4700, "year_to_date")],
        [],
    ),
    ("ZX0031今年投了4700万多一点", [(4700, "year_to_date")], []),
    ("节后复工以来,ZX0031完成投资1300万,今年4700万", [(4700, "year_to_date")], []),
    (
        "ZX0031 9月1日—15日实际完成投资420万",
        [(420, "period", ("9月1日-15日", "2026-09-01", "2026-09-15"), "2026-09-15")],
        [],
    ),
    ("上月底累计:ZX0031 5500万", [(5500, "cumulative", "2026-08-31")], []),
    ("ZX0031 4700万了(今年),58.75%", [(4700, "unsaid")], [(58.75, "unspecified")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures", "percentages"), FIGURES, ids=[one[0][6:] for one in FIGURES])
def test_figures(text: str, figures: list[object], percentages: list[object]) -> None:
    (line,) = summary(anyone(text))["lines"]  # type: ignore[misc]  # one line each
    assert line.get("figures", []) == figures
    assert line.get("percentages", []) == percentages


STATES = [
    ("SG0012今天开工了", {"state": "started", "started_on": "2026-09-22"}),
    ("SG0012还没开工", {"state": "not_started"}),
    ("SG0012 9月16日四方验收", {"state": "finished", "finished_on": "2026-09-16"}),
    ("SG0012 10月16日四方验收", {"expected_finish": "2026-10-16"}),
    ("SG0012 9.16四方验收", {"state": "finished", "finished_on": "2026-09-16"}),
    ("SG0012预计10月中旬开工", {"expected_start": "2026-10-20"}),
    ("SG0012预计10月中旬能动", {"expected_start": "2026-10-20"}),
    ("SG0012年底前肯定通车", {"expected_finish": "2026-12-31"}),
    ("SG0012原定8月底开工，现推迟到10月28日", {"expected_start": "2026-10-28"}),
    ("SG0012本来8月底开工的，拖到10月底了", {"expected_start": "2026-10-31"}),
    (
        "SG0012原定8月底开工没开成，新的开工时间定在10月28日",
        {"state": "not_started", "expected_start": "2026-10-28"},
    ),
    ("SG0012原计划8月底开工，实际8月20日开工", {"state": "started", "started_on": "2026-08-20"}),
    ("SG0012应于8月30日前开工", {"image_progress": "应于8月30日前开工"}),
    ("SG0012该8月底竣工的，又下了场雨", {"image_progress": "又下了场雨"}),
    ("SG0012已于8月30日开工", {"state": "started", "started_on": "2026-08-30"}),
    ("SG0012将于10月8日前进场施工", {"expected_start": "2026-10-08"}),
    ("9月10日,ZD0120正式投产", {"state": "finished", "finished_on": "2026-09-10", "phase": "投产"}),
    ("ZD0120通车时间由9月推迟到10月底", {"expected_finish": "2026-10-31"}),
    ("ZD0120 1#厂房主体完工", {"image_progress": "1#厂房主体完工"}),
    ("ZD0120投运180个桩", {"image_progress": "投运180个桩"}),
    ("ZD0120去年就竣工了", {"state": "finished", "finished_on": "2025"}),
    ("ZD0120和上周一样", {"unchanged": True}),
    ("ZD0120竣工时间前天报错了,不是9月20号,是9月28号", {"expected_finish": "2026-09-28", "correction": True}),
    (
        "ZD0120的开工日期不是8月20日,是8月28日",
        {"state": "started", "started_on": "2026-08-28", "correction": True},
    ),
    ("ZD0120 8月并网悬了", {"image_progress": "8月并网悬了"}),
    ("ZD0120第一标段路面摊铺", {"image_progress": "第一标段路面摊铺"}),
]


@pytest.mark.parametrize(("text", "said"), STATES, ids=[one[0] for one in STATES])
def test_states(text: str, said: dict[str, object]) -> None:
    (line,) = summary(anyone(text))["lines"]  # type: ignore[misc]  # one line each
    assert {key: value for key, value in line.items() if key not in {"match", "mention", "project"}} == said


ISSUES = [
    (
        "ZY0009用地手续批不下来,恳请市自规局月底前解决",
        {
            "summary": "用地手续批不下来",
            "units": ["市自然资源局"],
            "needed_by": "2026-09-30",
            "level": "city_office",
        },
    ),
    (
        "ZY0009管线没迁,请县里协调,国庆前完成迁改",
        {"summary": "管线没迁", "needed_by": "2026-09-30", "level": "county"},
    ),
    (
        "ZY0009变压器容量不够,需供电公司增容,10月20日前送电,否则影响设备调试",
        {"summary": "变压器容量不够", "units": ["国网新乡供电公司"], "needed_by": "2026-10-20"},
    ),
    (
        "ZY0009二期贷款没批下来,希望市金融局对接省农行,9月底前放款",
        {
            "summary": "二期贷款没批下来",
            "units": ["市金融局", "省农行"],
            "needed_by": "2026-09-30",
            "level": "city_office",
        },
    ),
    ("ZY0009村民阻工,请市政府专题研究", {"summary": "村民阻工", "level": "city_gov"}),
    ("ZY0009存在问题:征地补偿款未到位", {"summary": "征地补偿款未到位"}),
    (
        "ZY0009消防资料住建局退回来两次了,请帮忙看看卡在哪,下周五前给个意见",
        {"summary": "消防资料住建局退回来两次了", "units": ["市住建局"], "needed_by": "2026-10-02"},
    ),
    (
        "ZY0009管线没迁,请示范区管委会协调,两周内",
        {"summary": "管线没迁", "units": ["示范区管委会"], "needed_by": "2026-10-06", "level": "county"},
    ),
    (
        "ZY0009管线没迁,要求市公共资源交易中心尽快处理",
        {"summary": "管线没迁", "units": ["市公共资源交易中心"], "level": "city_office"},
    ),
    (
        "ZY0009交警队不批围挡,请县交警大队支持",
        {"summary": "交警队不批围挡", "units": ["县交警大队"], "level": "county"},
    ),
    (
        "ZY0009银行抽贷,资金链断了,请市政府召集债权银行开个会",
        {"summary": "银行抽贷,资金链断了", "level": "city_gov"},
    ),
    (
        "ZY0009土地证卡在不动产登记中心",
        {"summary": "土地证卡在不动产登记中心", "units": ["不动产登记中心"]},
    ),
]


@pytest.mark.parametrize(("text", "issue"), ISSUES, ids=[one[0] for one in ISSUES])
def test_issues(text: str, issue: dict[str, object]) -> None:
    read = summary(anyone(text))
    assert read["intents"] == ["issue"]
    assert [line["issues"] for line in read["lines"]] == [[issue]]  # type: ignore[attr-defined]  # list of dicts


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("ZY0009军缆部队不让动，10月10号以前最好", "2026-10-10"),
        ("ZY0009用地手续批不下来，25号前能办下来就不耽误", "2026-09-25"),
        ("ZY0009材料款欠着，施工单位垫不起了，国庆前能给个话不", "2026-09-30"),
    ],
)
def test_a_day_may_be_asked_for_without_asking(text: str, by: str) -> None:
    (line,) = summary(anyone(text))["lines"]  # type: ignore[misc]  # one line each
    assert [one.get("needed_by") for one in line["issues"]] == [by]


@pytest.mark.parametrize(("day", "state"), [("10月5号到10号", None), ("9月5号", "suspended")])
def test_a_stop_that_lies_ahead_has_not_happened(day: str, state: str | None) -> None:
    (line,) = summary(anyone(f"SG0012因为高考禁噪{day}停工"))["lines"]  # type: ignore[misc]  # one line each
    assert line.get("state") == state


INTENTS = [
    ("ZY0009安全生产无事故,正在紧张施工", ["progress"]),
    ("ZY0009曲梁段清淤未完成,累计投资1.6亿元", ["progress"]),
    ("ZY0009目前无问题", ["smalltalk"]),
    ("ZY0009:1.今年完成投资2600万。2.存在问题:无。3.下周计划:继续砌筑。", ["progress"]),
    ("ZY0009进展如何?", ["query"]),
    ("红灯项目有几个?", ["query"]),
    ("关于提醒函〔2026〕12号的回复:ZY0009已增加30名工人,承诺9月25日前赶上时序进度", ["feedback"]),
    ("W0186已办结,申请销号", ["close_request"]),
    ("转发:各单位9月20日前报送进度", ["smalltalk"]),
    ("[图片]", ["smalltalk"]),
    ("好的,马上安排", ["smalltalk"]),
    ("ZY0009累计完成2600万,但环评一直没批,请市生态环境局协调", ["progress", "issue"]),
    ("ZY0009竣工推到明年3月底,原因是电梯延期到货", ["progress", "issue"]),
    ("ZY0009的销号批下来没有啊", ["query"]),
    ("ZY0009的提醒函要求哪天反馈", ["query"]),
    ("ZY0009占道围挡的件城管局昨天批了,可以关掉了", ["close_request"]),
    ("周五下午视频调度会,请各联络员准时参加", ["smalltalk"]),
]


@pytest.mark.parametrize(("text", "intents"), INTENTS, ids=[one[0] for one in INTENTS])
def test_intents(text: str, intents: list[str]) -> None:
    assert summary(anyone(text))["intents"] == intents


def test_behind_one_plan_a_mere_name_and_amount_is_a_plan_too() -> None:
    lines = summary(zhang("污水处理厂10月计划500万，管网200万"))["lines"]
    assert not any("figures" in line for line in lines)  # type: ignore[union-attr]
    lines = summary(zhang("污水处理厂8月完成500万，管网200万"))["lines"]
    assert all("figures" in line for line in lines)  # type: ignore[union-attr]


def test_a_table_gives_one_line_per_row() -> None:
    header = "|项目|本月投资|年度累计|完成率(%)|\n|---|---|---|---|\n"
    text = header + "|ZX0031|320|5,300|66.25|\n|ZX0032|150|2,100|70|"
    lines = summary(anyone(text))["lines"]
    assert [(one["project"], one["figures"], one["percentages"]) for one in lines] == [  # type: ignore[attr-defined]
        (
            "ZX0031",
            [
                (320, "period", "unit assumed", ("本月", "2026-09-01", "2026-09-30")),
                (5300, "year_to_date", "unit assumed"),
            ],
            [(66.25, "unspecified")],
        ),
        (
            "ZX0032",
            [
                (150, "period", "unit assumed", ("本月", "2026-09-01", "2026-09-30")),
                (2100, "year_to_date", "unit assumed"),
            ],
            [(70, "unspecified")],
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "项目\t8月\t1-8月\t备注\nZX0031\t420\t4700\t主体封顶\nZX0032\t150\t1950\t",
        "\t项目\t8月\t1-8月\n1\tZX0031\t420\t4700\n2\tZX0032\t150\t1950",
        "县区\t项目\t8月\t1-8月\n青禾\tZX0031\t420\t4700\n\tZX0032\t150\t1950",
        "|项目|8月|1-8月|备注|\n|ZX0031|420|4700||\n|ZX0032|150|1950||",
    ],
)
def test_cells_that_are_empty_move_no_figure_into_another_column(text: str) -> None:
    lines = summary(anyone(text))["lines"]
    assert [(one["project"], [told[:2] for told in one["figures"]]) for one in lines] == [  # type: ignore[attr-defined]
        ("ZX0031", [(420, "period"), (4700, "year_to_date")]),
        ("ZX0032", [(150, "period"), (1950, "year_to_date")]),
    ]


def test_parallel_figures_go_to_their_projects_in_order() -> None:
    lines = summary(anyone("ZX0031、ZX0032 8月分别完成投资350万元、150万元"))["lines"]
    assert [(one["project"], one["figures"][0][0]) for one in lines] == [("ZX0031", 350), ("ZX0032", 150)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "情况:(1)ZX0031,主体封顶,累计5500万;(2)ZX0032,换管6公里,累计1950万",
        "情况(1)ZX0031主体封顶,累计5500万(2)ZX0032换管6公里,累计1950万",
        "①ZX0031主体封顶,累计5500万②ZX0032换管6公里,累计1950万",
        "ZX0031主体封顶,ZX0032换管6公里,前者累计5500万,后者累计1950万",
    ],
)
def test_each_of_two_has_what_its_part_of_the_list_tells(text: str) -> None:
    lines = summary(anyone(text))["lines"]
    assert [(one["project"], one["image_progress"], one["figures"]) for one in lines] == [  # type: ignore[attr-defined]
        ("ZX0031", "主体封顶", [(5500, "cumulative")]),
        ("ZX0032", "换管6公里", [(1950, "cumulative")]),
    ]


def test_the_projects_figures_may_follow_in_their_order_after_all_works() -> None:
    lines = summary(anyone("ZX0031主体封顶,ZX0032换管6公里,各完成8月投资420万、150万"))["lines"]
    assert [one["figures"][0][:2] for one in lines] == [(420, "period"), (150, "period")]  # type: ignore[attr-defined]


def test_what_an_item_is_about_stands_in_brackets() -> None:
    (line,) = summary(anyone("督办事项(城南污水处理厂欠薪)已全部支付,请予销号"))["lines"]  # type: ignore[misc]
    assert line["project"] == "ZX0031"


def test_shares_in_brackets_part_a_list() -> None:
    lines = summary(anyone("青禾县:城南污水处理厂4700万(58.75%)、城南污水管网1950万(65%)"))["lines"]
    assert [(one["figures"][0][0], one["percentages"][0][0]) for one in lines] == [(4700, 58.75), (1950, 65)]  # type: ignore[attr-defined]


def test_a_day_behind_a_list_number_is_no_fraction() -> None:
    (line,) = anyone("提醒函反馈:1.ZX0031增加2台挖机;2.9月28日前赶上时序进度").lines
    assert str(line.promised_by) == "2026-09-28"


def test_the_day_up_to_which_all_figures_are_may_be_told_last() -> None:
    lines = anyone("ZX0031累计5500万 ZX0032累计1950万 都是截止到8月底的数").lines
    assert {str(one.figures[0].as_of) for one in lines} == {"2026-08-31"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ZX0031今日起因汛情停工,累计5500万,二沉池还剩两座没做", "二沉池还剩两座没做"),
        ("ZX0031正在准备竣工资料", "正在准备竣工资料"),
        ("ZX0031这个月弄了四百二十万二沉池池壁做完了", "二沉池池壁做完了"),
        ("ZX0031墙板在装,资金这块还行", "墙板在装"),
        ("ZX0031累计5500万,钱主要花在设备上", None),
        ("ZX0031 8月应该是420万,年累不变", None),
        ("ZX0031更正两处:累计由5400万改为4500万,形象进度改为池壁完成38米", "池壁完成38米"),
        ("项目:ZX0031\n责任单位:青禾县水利局\n累计完成投资:5500万元", None),
    ],
)
def test_what_has_been_built_and_nothing_else(text: str, told: str | None) -> None:
    (line,) = anyone(text).lines
    assert line.image_progress == told


def test_one_amount_for_two_projects_is_nobodys() -> None:
    read = summary(anyone("ZX0031、ZX0032累计完成7300万"))
    assert all("figures" not in line for line in read["lines"])  # type: ignore[attr-defined]
    assert read["unread"] == ["7300万"]


def test_a_sum_of_two_projects_is_nobodys() -> None:
    lines = summary(anyone("城南污水处理厂、城南污水管网合计24.5亿"))["lines"]
    assert [(one["project"], one.get("figures")) for one in lines] == [("ZX0031", None), ("ZX0032", None)]  # type: ignore[attr-defined]


def test_a_unit_in_the_heading_holds_for_bare_numbers() -> None:
    (line,) = anyone("ZX0031累计完成0.55(单位:亿元)").lines
    assert line.figures[0].amount.fen == 5500 * 1_000_000


def test_a_unit_in_brackets_behind_a_heading_holds_for_the_list_under_it() -> None:
    """Taken as 万元 they would be ten thousand times too small, and nobody would ask."""
    lines = anyone("三个项目今年投资（亿元）：ZX0031 0.55，ZX0032 0.21").lines
    assert [one.figures[0].amount.fen for one in lines] == [5500 * 1_000_000, 2100 * 1_000_000]


@pytest.mark.parametrize(
    "text",
    [
        "ZX0031目前不存在问题,累计5300万",
        "ZX0031累计5300万,不存在困难",
        "ZX0031累计5300万,未发生拖欠农民工工资",
        "ZX0031累计5300万,未出现信访问题",
    ],
)
def test_what_did_not_happen_is_neither_problem_nor_progress(text: str) -> None:
    (line,) = anyone(text).lines
    assert line.issues == ()
    assert "存在问题" not in (line.image_progress or "")
    assert [figure.amount.fen for figure in line.figures] == [5_300_000_000]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("刚才的ZX0031报错了,不是5200,是5300", 5200),
        ("ZX0031不是5200,应为5300", 5200),
        ("城南污水处理厂5200改为5300", 5200),
        ("城南污水处理厂由5200万更正为5300万", 5200),
        ("ZX0031累计5200有误,实际5300", 5200),
        ("ZX0031多报了80万,实际5300万", None),  # how much it was too high, and not what it was
        ("ZX0031累计5200万,又完成100万,今年累计5300万", None),
    ],
)
def test_what_is_taken_back_stays_beside_what_stands_in_its_place(text: str, wrong: int | None) -> None:
    """Rules C5 C6: whoever knows what the wrong figure is of knows it of the right one, without asking."""
    (line,) = anyone(text).lines
    right = next(one for one in line.figures if one.amount.fen == 5300 * 1_000_000)
    assert (right.instead_of.fen if right.instead_of else None) == (wrong and wrong * 1_000_000)
    assert line.correction is (wrong is not None or "多报" in text)


@pytest.mark.parametrize("text", ["ZX0031报错了,不是52人,是53人", "ZX0031门卫电话不是5200,是5300"])
def test_what_counts_something_else_is_no_figure_put_right(text: str) -> None:
    assert not any(line.figures for line in anyone(text).lines)


@pytest.mark.parametrize("year", ["2000", "2026", "2099"])
def test_an_amount_that_looks_like_a_year_is_an_amount(year: str) -> None:
    (line,) = anyone(f"ZX0031累计{year}万").lines
    assert [figure.amount.fen for figure in line.figures] == [int(year) * 1_000_000]


@pytest.mark.parametrize("place", ["青禾县", "青禾", "青禾这边", "青禾县的"])
@pytest.mark.parametrize("heading", ["累计:", "截至8月底累计:", "今年完成:", "两个项目累计:"])
def test_a_place_before_a_heading_takes_nothing_from_it(place: str, heading: str) -> None:
    """The figures of a list are those that its heading announces, whoever's list it is (rule C5)."""
    told = "ZX0031 5500万,ZX0032 1950万"
    lines = summary(anyone(f"{place}{heading}{told}"))["lines"]
    assert [one["figures"][0][0] for one in lines] == [5500, 1950]  # type: ignore[attr-defined]
    assert lines == summary(anyone(heading + told))["lines"]


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("ZX0031冲坏的3公里便道今早已修复", False),
        ("ZX0031便道中断,今早已经抢通", False),
        ("ZX0031水毁路段还没修好", True),
        ("ZX0031冲坏的路段等待修复", True),
    ],
)
def test_what_is_mended_stands_in_the_way_no_more(text: str, stands: bool) -> None:
    (line,) = anyone(text).lines
    assert bool(line.issues) is stands


def test_who_is_to_bring_a_body_to_act_is_no_part_of_its_name() -> None:
    (line,) = anyone("ZX0031通信塔未搬迁,请县里协调铁塔公司,10月10日前搬完").lines
    assert [unit for issue in line.issues for unit in issue.units] == ["铁塔公司"]
