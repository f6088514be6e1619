"""What has been done physically or procedurally: a clause that becomes part of the 形象进度."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import trimmed
from handlers.understanding.message import Message
from handlers.understanding.names.name_words import folded
from handlers.understanding.phrases import Words, any_of, at_head
from handlers.understanding.phrases.corrections import CORRECTION
from handlers.understanding.phrases.money import FIGURE_FILLER, FORECAST
from handlers.understanding.phrases.talk import COURTESY, FEEDBACK_HEAD, META
from handlers.understanding.values.dates import as_period
from handlers.understanding.values.days_ahead import is_planned_for

FINISHED = "[做办批干打挖铺砌吊装浇建修刷搞弄拆迁清砸运调贴抹绑焊架填换栽种测评编]完"
# How a clause ends that tells what is being built: 「操场土方回填」.
BUILDS = (
    r"(?<![要需等待才响碍])(?:砌体|砌筑|回填|吊装|打桩|装修|绑扎|开挖|铺设|调试|粉刷"
    r"|抹灰|摊铺|衬砌|架设|支模|清表|收尾)中?$"
)
ADVANCES = any_of(
    BUILDS,
    r"已|完成|正在|期满|公示(?:期)?(?:结束|满|完)|施工|封顶|浇筑|安装|拿到(?!什)|在审|在办|在编|开始|进场|开工|竣工|目前|预计|计划|累计|投资|形象"
    rf"|{FINISHED}|[一二三四五六七八九\d]成(?![本立果效品为交])|(?<![未没不])通过(?!不)|(?<!不)合格|[做办批建修装铺]好|到位|结束|取得|批了|出来了|(?<!不)下来了|贯通|合龙|\d%|正常|顺利|有序|手续(?:[也都已])?(?:齐|办齐|办全)|(?:交付|移交|开挖|铺设|架设|安装|吊装|(?<!报)[打铺挖砌栽植拉装浇])了?\d[\d.]*(?:公里|千?米|根|栋|层|户|套|台|座|眼|孔|方|亩|棵|吨|片|榀|个|条|处|块)",
)
_HAS_DONE = any_of(r"已|完成了")
_HAPPENED = any_of(r"已|了|完|着|正在|情况|复工")
INTENDS = any_of(
    r"先期(?=建(?![成好了])|启动)|(?<![\u4e00-\u9fff])(?:若(?!干)|如果|假如|要是|倘若|只要)|计划|打算|准备(?!就绪|工作)(?:(?<!正在准备)|(?=\S{0,2}验收))|下一?步|下周|明天|下月|(?:汛期?|雨季|入冬|上冻|封冻|开学|麦收|秋收)之?前"
)
REPORTS_LATER = any_of(
    r"(?:定了|定下来|确定了?|出来了?)(?:之?后)?再(?:补?报|汇报|说|告)|(?:晚点|稍后|晚些|待会|随后|回头|马上|明天)(?:再)?(?:报|补)"
)
GAIN = any_of(
    r"百分点|(?:超|快于|高于|达到?|满足|符合|赶上|赶超|低于|慢于|落后于?|滞后于?)了?(?:计划)?(?:时序|序时)(?:进度|要求)?|离\S{0,4}(?:计划|任务|目标)\S{0,3}[远差]|\d个多?点(?![位子火])|加班加点$|(?:加快|加紧|抓紧)(?:推进|施工|建设|工程)?(?:进度|步伐|速度|推进)?$|迎头赶上|加大(?:投入|力度)$"
)
_PAPER_SAYS = any_of(
    r"(?:提醒|督办|提示|交办)[函单件]\S{0,6}?[说讲提写指](?:到|出|我们)?(?!的)|(?:通报|预警|[红黄]灯)[里中上]?[说讲提写](?:到|我们)?"
)
_ITEM_ITSELF = any_of(r"(?:的|等)(?:问题|一事|事项|事情?|情况)$")
_WHO = any_of(
    r"(?:责任|填报|报送|建设|施工|监理|主管|牵头|配合|业主|代建|设计|项目)(?:单位|法人)$|(?:责任|联系|负责|填报)人$"
)
_OF_THE_WORKS = any_of(r"(?:工程)?形象")  # 「形象进度改为杆塔组立完成38基」
_SIGNALLED = any_of(r"[标亮评定判列给挂](?:成|为|了|的|个|入)?[红黄]灯")
_VISIT = any_of(r"调研|视察|观摩|拉练|督导|现场检查|现场办公")
_OF_OTHERS = at_head(
    r"隔壁 对面 旁边 人家 别人 别的项目 兄弟[县市区] 网上[都]?[传说] 网传 谣传 外[面界]都?[传说] 有人[传说]"
)  # 「隔壁水厂上周投运」, 「外面都说投产了」
_EXPLAINS = any_of(r"主要|原因|因|由于|受(?!益)")
REASON = any_of(
    r"""
    (?:慢|少|低|滞后|落后|不足)(?:主要|都)?是(?:因为|由于)
    [月周旬](?:进度)?(?:偏|较)?(?:慢|低|少|滞后|落后)[了的]?(?:主要|都|就)?是 异议 不认可 口径问题
    灯(?:主要|就)?是?(?:因为|由于) [因由](?:于|为)?\S{2,14}(?:停|慢|滞后|耽误|延误|影响)
    ^(?:前期|主要)?(?:是)?(?:因为?|由于|受)(?!益) 原因[是为:] 的原因 主要原因
    ^(?:前期|之前|前段)?(?:掉队|落后|滞后|偏慢|慢下来)(?:了)?[,，]?(?:主要|都|就)?是
    ^主要(?:还|就|也)?是 ^[也可并]?不是(?!\d) ^并非
    (?:所致|[造导引][成致起]的?|拖累的?)$ ^(?:欠账|滞后|偏慢|差距)(?:主要)?[系是因由]
    被[\u4e00-\u9fff]{2,8}(?:占|耽搁|耽误|拖慢|拖累)了? 漏[了报计] 口径没 没[算计]进 未[算计]入 漏统 受\S{1,14}影响
    """
)
_COUNTED_WORK = re.compile(
    r"[已又新再]?[建装修铺栽挖打浇砌拆签迁种埋架]了?\d[\d.]*[多余]?(?:个|套|栋|座|户|公里|米|层|根|台|片|棵|亩|平|吨|处|条)"
)
_DONE_ALONE = re.compile(
    r"[也均都全部]{0,2}已经?(?:报批|获批|批复|批了|办完|办结|办好|解决|整改|签订|签完|提交|移交)"
)
_COUNT_ALONE = re.compile(
    r"[\d.,万]+\s*(?:个|套|栋|座|户|公里|千米|米|层|根|台|片|棵|亩|吨|处|条|方|立方米?|平方米?|平米|%)"
)
# An amount that was not understood is no fact: 「累计一亿一千二」.
_SAID_MONEY = re.compile(r"[零一二两三四五六七八九十百千万亿\d.]{2,}(?:左右|上下|出头|多)?")
# 「还差1400万」, 「其中征迁费280万元」: money that is no figure, and no works either.
_MERE_COST = re.compile(
    rf"(?:还|尚|仍)?(?:差|欠|缺口?|不足)(?:约|近|了)*{_SAID_MONEY.pattern}(?:元|万元)?(?:的?缺口)?"
    r"|[\u4e00-\u9fff]{1,8}费用?(?:约|为|共|[\s:])*[\d.,]+(?:万|亿)?元?"
)
# 「累计半个亿多一点」: no figure, and no works either.
_VAGUE_TOTAL = re.compile(
    r"(?:累计|年累|总共|一共)(?:完成|投资|投了?|已|大概|大约|差不多|约|近|快)*"
    r"[半一两三四五六七八九十几\d.]{1,4}个?[多来几]?亿元?(?:[多吧了呢]|一点|左右|上下|出头|的样子|不到)*"
)
_MERE_FUNDS = re.compile(r"(?:中央|预算内|专项?债券?|债券|资金|支付|拨付|情况|[\s:，,()])+")
_COUNT_IN_TOTAL = re.compile(rf"(?:累计|总共|一共|共)(?:已|完成|达到?)*{_COUNT_ALONE.pattern}(?:了|左右)?")
_HAS_COME_IN = re.compile(r"到账|到位|发放|兑付|付清|结清|发到")
# 「5000万支的灌装线」, 「1200万的设备到场」: what it costs or makes belongs to the works.
_WORTH = re.compile(
    r"[\u4e00-\u9fff]{0,2}的(?=[\u4e00-\u9fff]{2})|设备|机器|机组|生产线|仪器|材料|钢材|管材|电缆|苗木"
)
_NEXT = 1  # character
_STOREYS = re.compile(r"(?:已?到)?\d{1,2}层了?")
SOFT_FORECAST = re.compile(r"预计|预期|力争|争取|计划")
WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_MORE_AT_HEAD = re.compile(rf"(?:(?!{FIGURE_FILLER.pattern})[\u4e00-\u9fff]){{2}}")
# The same at a glance: two neighbours of which neither stands in any of those words.
_OF_FIGURES = "".join(
    sorted({*re.findall("[\u4e00-\u9fff]", f"{FIGURE_FILLER.pattern}{_SAID_MONEY.pattern}")})
)
_PLAINLY_MORE = re.compile(rf"(?:(?![{_OF_FIGURES}])[\u4e00-\u9fff]){{2}}")


def is_talk(words: Words) -> bool:
    """Greetings, and words that say nothing of a project."""
    return words.begin_with(META) or words.begin_with(COURTESY)


def take_fact(message: Message, clause: Clause, words: Words) -> None:
    stripped = words.stripped()
    if is_talk(stripped):
        return
    if message.former is not None and not clause.dates and stripped.begin_with(_EXPLAINS):
        return  # why a day was moved
    if stripped.hold(GAIN):
        message.told_lag = clause.sentence
        message.told_plan = message.told_plan or any(draft.mention for draft in message.current)
        return
    if message.told_lag == clause.sentence and stripped.begin_with(_EXPLAINS):
        return  # 「比序时进度慢18个点，主要是图纸变更」
    told_again = clause.percents or stripped.begin_with(_OF_THE_WORKS)  # 「桩基完成82%应为85%」
    if message.correction and stripped.hold(CORRECTION) and not told_again:
        return  # 「昨天报的数不对」
    if message.feedback and clause.heads and clause.words.hold(FEEDBACK_HEAD):
        return  # 「关于…黄灯的情况说明：」
    if message.feedback and (stripped.begin_with(_PAPER_SAYS) or stripped.hold(_SIGNALLED)):
        return  # 「提醒函说…无进展，我们不认」
    if (message.feedback or message.closing) and clause.opens and stripped.hold(_ITEM_ITSELF):
        return  # 「种业基地未按时入统的问题，…」 names what is answered
    if stripped.hold(REPORTS_LATER) or (message.feedback and stripped.hold(REASON)):
        return
    if clause.label.hold(FORECAST) or stripped.begin_with(_OF_OTHERS):
        return
    forecast = not message.feedback and _without_plan(words).hold(FORECAST)
    if forecast or _plans(message, clause, words):
        visit = stripped.hold(_VISIT)
        message.told_plan = message.told_plan or (
            not visit and any(draft.mention for draft in message.current)
        )
        return
    if SOFT_FORECAST.match(message.plain, clause.end) and not stripped.hold(ADVANCES):
        return  # 「压矿评估|预计6月20日出」: only what the forecast is about
    keep_fact(message, clause, words)


def keep_fact(message: Message, clause: Clause, words: Words) -> None:
    if clause.label.hold(_WHO) or (clause.heads and clause.words.hold(_WHO)):
        return  # 「责任单位：原阳县教体局」
    a, b = message.told_range(clause, words.text, clause.start)
    if clause.dates:
        heads = {day.start: day.end for day in clause.dates if day.kind in {"relative", "week"}}
        while a in heads:
            a, b = trimmed(message.plain, heads[a], b, clause.words)
    told = message.plain[a:b]
    if clause.words.part(told).begin_with(META):
        return
    if _is_of_the_name(message, told) or _MERE_FUNDS.fullmatch(told):
        return
    if (clause.amounts and _MERE_COST.fullmatch(told)) or ("亿" in told and _VAGUE_TOTAL.fullmatch(told)):
        return
    if not _says_more(told) and not _STOREYS.fullmatch(told) and not _counts_on(message, clause, told):
        if not (clause.label_at >= 0 and _COUNT_ALONE.fullmatch(told) and WORDS.search(clause.label.text)):
            return
        a = clause.label_at  # 「已建：92套」
    if clause.dates and clause.dates[-1].kind in {"day", "dayno", "relative"}:
        message.told_day = clause.sentence, clause.dates[-1]
    costs = bool(clause.money) and _is_of_money(message, clause, told)
    for draft in message.nobody():
        draft.facts.append((a, b))
        if costs:
            draft.costs.append((a, b))
    message.used.append((a, b))


def _is_of_money(message: Message, clause: Clause, told: str) -> bool:
    """「去年同月900万」, 「贷款批了6000万」: no works, unless the money is what an answer is about or has come in."""
    if message.feedback or message.closing or _HAS_COME_IN.search(told):
        return False
    return any(one.unit and not _WORTH.match(message.plain, one.end) for one in clause.money)


def _counts_on(message: Message, clause: Clause, told: str) -> bool:
    """「本周新装22套，累计238套」: the total of what was counted just before."""
    return (
        not clause.opens
        and _COUNT_IN_TOTAL.fullmatch(told) is not None
        and any(draft.facts and clause.start - draft.facts[-1][1] <= _NEXT for draft in message.current)
    )


def _is_of_the_name(message: Message, told: str) -> bool:
    """「常青绿筑 年产10万吨 本月投资540万」: more of the project's own name."""
    for draft in message.current:
        if draft.project_id is None:
            continue
        name = message.names.folded[draft.project_id]
        if (told[:2] in name or WORDS.match(told) is None) and folded(told) in name:
            return True
    return False


def _says_more(text: str) -> bool:
    """Whether two neighbouring characters are left when all that stands around figures is taken out."""
    return (
        ("后" not in text and _PLAINLY_MORE.search(text) is not None)  # 「扣除…后」 spans any words
        or _MORE_AT_HEAD.match(text) is not None
        or _COUNTED_WORK.match(text) is not None
        or _DONE_ALONE.match(text) is not None
        or WORDS.search(_SAID_MONEY.sub("", FIGURE_FILLER.sub("", text))) is not None
    )


def _without_plan(words: Words) -> Words:
    return Words.of(words.text.replace("计划", "")) if "计划" in words.text else words


def _plans(message: Message, clause: Clause, words: Words) -> bool:
    """A clause about what lies ahead."""
    if words.hold(INTENDS) and not words.hold(_HAS_DONE):
        return True
    for day in clause.dates:
        period = as_period(day, message.today)
        if day.part == "yearend" and period is not None and period.last > message.today:
            return not words.hold(_HAS_DONE)  # 「年内封顶」
        if (
            day.kind == "feast"
            and message.plain.startswith(("后", "之后", "以后"), day.end)
            and not words.hold(_HAPPENED)
        ):
            return True  # 「国庆后挂网招标」
        if is_planned_for(day, message.today):
            if day.kind == "feast" and day.before and not words.hold(_HAPPENED):
                return True  # 「国庆前交付设备安装」
            return day.kind not in {"feast", "within", "dayno"}
    return False
