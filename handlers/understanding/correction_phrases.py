"""How people point back at what they reported, say that it was wrong, and what it is instead.

Pieces of which other tables are made, without blanks like any phrase; see docs/understanding.md.
"""

from __future__ import annotations

import re

from handlers.understanding.phrases import any_of

WHEN = (
    r"(?:今[天早]|昨[天晚日]|前天|前[几两]天|[上中下]午|早上|晚上"
    r"|刚[刚才]|刚(?![刚才])|方才|之前|此前|先前|前[面头些]|[上本这]?(?:周|星期|礼拜)[一二三四五六日天]|上个?[次回周月旬])"
)
WHERE = r"(?:我们?|在?群里|口头|电话里?|微信里?|表[里上])"
REPORTED = r"所?(?:上报|报送|汇报|[报发填写说讲提])"
THAT = r"(?:的|上去的|过去的)"
# 「昨天报的」, 「上周群里说的」: when and where something was reported tells nothing of what was reported.
SAID_EARLIER = rf"{WHEN}{{1,3}}{WHERE}{{0,3}}{REPORTED}{THAT}"

# 「报错」, 「填串」: a verb of telling and that it went wrong.
MISTOLD = r"(?:[报写填说打发输念记看弄搞算抄敲录][错串岔反]|[报写填算统录]重(?![点要新大复]))"
WRONG = rf"(?:{MISTOLD}|有误|不对|不准|错了)"
# What leads to the right figure or day.
INSTEAD = (
    r"(?:应(?:该|当)?[是为]|其实(?:应)?[是为]|改[为成]|更正[为成]|[修订]正[为成]|调[整增减][为到至]|变更为)"
)

# Takes back what was reported earlier.
CORRECTION = any_of(
    MISTOLD,
    r"""
    (?:刚|刚才|上午|昨天)[发报]的\S{0,12}(?:作废|不算|不对) 更正(?!说明|申请|材料) 订正 勘误
    (?:多|少|漏)(?:写|打|输|填|敲|算|统)了? 纠正(?!偏|违) 以\S{1,6}为准
    那[条个]\S{0,3}作废 [说报]得?[早晚]了 串行 搞混 有误 错报 误报
    [报写填说打输记录]成了?(?=[^。;；]{1,14}(?:其实|实际|应[该当是为]|正确))
    多报 少报 漏报了 重复[计算报统填录]
    (?:刚才|之前|上次|昨天|上周|前面|早上|上午|那个)[^\s,，。;；:…]{0,12}(?:错|不对|不准|不算|作废)
    [多少漏]打了?个?(?:数|零|字|位) 小数点(?:点|写|打|标)错
    数(?:字|据)?(?:不对|错|有误) 改(?:一下|过来|成|为)(?=.{0,30}[\d一二三四五六七八九])
    以(?:这|此)(?:个|次|条)?为准 应(?:该|当)?(?:是|为)(?=.{0,3}[\d一二三四五六七八九]) 原报
    不是[\d一二三四五六七八九两.]+\S{0,4}[,，]?\s*(?:而?是|应)
    """,
)

# Before an amount that the sender takes back.
SUPERSEDED_BEFORE = any_of(
    r"""
    (?:而?不是|并非|非|原[来先]?(?:报|填|是|为|数)?(?:的|送)?(?:数)?|误报(?:为|成)?|错报(?:为|成)?|之前报的?|上次报的?|写成了?|报成了?|填成了?|错写成?|(?:重复|多|少|漏|误)(?:报|计|算|统|填|写|加|录|列)|[由从])(?:是|为|数|:|的|了)*$
    """
)

# After an amount that the sender takes back.
SUPERSEDED_AFTER = any_of(
    rf"^(?:元|万元)?(?:[报填]的|[里中](?:重复|多算|包含|包括|含)"
    r"|[,，、]?(?:(?:实际|正确的?|准确的?)?应(?:该|当)?(?:是|为)(?=[^,，]{0,4}[\d一二三四五六七八九])|(?:实际|正确|准确)的?(?:数)?[是为](?=\d)"
    r"|应?改[成为]|更正[为成]|修[正订]为|调[整增减高低](?:为|到|至)|核[减增定][为至到]|变更为|改到"
    rf"|(?:数据?)?(?:有误|是错的|{MISTOLD}|报多|报少"
    r"|[多少漏](?:报|计|算|统)(?!了?\S{0,2}\d)|漏了|重复[报计算]|不准)|作废)|不对)"
)

# 「35%多打了个数，应为3.5%」: why it is wrong, in words without any number, and what is right.
PUT_RIGHT_AFTER = re.compile(
    rf"[^,，。;；:!?\n\d]{{0,12}}[,，]\s?(?:实际|正确的?|准确的?)?{INSTEAD}[约近]?[\d一二两三四五六七八九百]"
    rf"|[^,，。;；:!?\n\d]{{0,8}}(?:[错误]|[多少漏][写打输填敲算统报计记录加])[^,，。;；:!?\n\d]{{0,8}}[,，]\s?"
    r"(?:实际上?|其实|正确的?数?|准确的?数?)[是为]?[约近]?[\d一二两三四五六七八九百]"
)
