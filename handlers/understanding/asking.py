"""Questions about more than one project, about a problem without its number, and courtesies (rules C15, D1).

What stands here is only how people ask. What their words mean (a county, a task force, a title) the caller knows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_POLITE: Final = re.compile(
    r"(?:(?:你好|您好|请问|麻烦|劳驾|请|帮忙|帮我|给我|替我|我想|想要?|想知道|知道|问一?[下问]|了解一?下|查一?[下查]|查询|"
    r"看一?[下看]|列一?下|列出|统计一?下|报一下|说一?[下说]|发一?[下份]|查|看|列|问)[\s,，:：]*)++"
)
_ASKED: Final = re.compile(
    r"怎么?样|咋样|如何|(?:是)?(?:个)?(?:什么|啥)(?:情况|进展|进度)|(?:都|还)?有?(?:哪些|哪几个|哪几项|几个|几项|多少个?|多少项)|"
    r"(?:建设|总体|整体|基本)?(?:情况|进展|进度|名单|清单|列表|一览)"
)
_FILL: Final = re.compile(
    r"(?:重要|重大|重点攻坚|攻坚)?项目|工程|台账|现在|目前|当前|最近|总共|一共|共有|一下|所有|全部|亮|[的都了呢啊吗呀嘛有是里共]|"
    r"[\s,，。！!？?~～:：、]"
)
_PROJECTS: Final = re.compile(r"项目|工程|台账|[红黄绿]灯")
_OWN: Final = re.compile(
    r"(?:我们|咱们?|我|本(?![周月])|俺们?)(?:[县区市]|单位|局|部门|专班|公司|这边?|这儿|手[上里])?(?:负责|牵头|主管|分管|包联|管)?|手[上里]|"
    r"全[县区市](?:范围内?)?"
)
# 「哪个县最慢」: they are shown side by side, nobody is judged.
_FURTHEST: Final = re.compile(
    r"(?:现在|目前|全市|[\s,，])*哪[个些]?(?:县市区|县区|县|区|地方|专班|行业|类别?)的?(?:项目|投资|进度|进展|完成率|完成得?|干得|推进得?|情况)*(?:最|比较|更)"
    r"(?:差|慢|好|快|高|低|落后|滞后|靠前|靠后)[的了呢啊吗\s?？。]*"
)
# 「我的项目」: no word asks, and nothing else can be meant.
_OWN_ALONE: Final = re.compile(
    rf"\s*(?:{_OWN.pattern})(?:在?[管办])?的?(?:全部|所有)?的?(?:重点|重要|攻坚)?项目(?:呢|吗)?[\s。.!！?？]*"
)
# 「哪些项目没报」: the mark that the list shows (rule E7); 「本周哪些项目没报」: since Monday.
_NOT_TOLD: Final = re.compile(
    r"(?:很久|长期|长时间|好久|一直|至今|最近|近期|还|都|又)*(?:没有?|未)(?:再)?(?:上?报(?:数|进度|进展)?|更新)(?:过|数据)?"
)
_SINCE: Final = re.compile(
    r"(?P<今天>今[天日])|(?P<本周>[本这](?:一|个)?(?:周|星期|礼拜))|(?P<本月>[本这当]个?月)"
)
_EACH: Final = re.compile(
    r"(?:分|按)?(?:各|每个?)(?:个)?(?:县(?:市区|区)?|区县?|地区?|专班|行业|类别?|类型)|分(?:县|地区|专班|类别?)"
)
_PROBLEM: Final = re.compile(
    r"(?P<what>\S{2,24}?)(?:那个|这个|那件|这件|那项|的)*(?:问题|事项|事情|事儿?)(?:现在|目前|到底)?"
    r"(?:办?到(?:哪|什么)(?:一)?[步程]度?|办?到哪(?:儿|里)?|卡在?哪(?:儿|里)?|卡在?谁(?:那里?|手[上里])?|[在由归是]?谁(?:在)?(?:办|管|负责)|在谁手[上里]?|"
    r"办得?怎么样|(?:有)?(?:什么)?进展(?:如何|怎么?样)?|怎么?样|咋样|如何|(?:解决|办结|办完|销号|处理)(?:了)?(?:没有?|吗)|"
    r"(?:有)?(?:什么)?(?:结果|下文|消息)|什么时候(?:能)?(?:办结|办完|解决))(?:了|没有?|吗|呢|啊)*[\s。！!？?]*"
)
# 「我提的那个…」, 「上周我们反映的…」: whose problem it is; it is looked for among those that the asker sees.
_RAISED_BY_ME: Final = re.compile(
    r"(?:(?:之前|前几?天|昨天|上周|上次|上个?月)\s?)?(?:我们?|咱们?|俺们?)(?:[县区市局]|单位)?(?:之前|前几?天|昨天|上周|上次|上个?月)?"
    r"(?:提交|提出|上报|反映|[提报说交])(?:上去|上来|过|了)?的(?:那个|这个|那件|这件)?(?=\S{2})"
)
# 「还有几个待甄别」, 「哪些问题没签收」, 「待审核的有哪些」, 「现在一共几个问题在办」.
_STATE: Final = (
    r"(?P<{0}>(?:待|等待?|没|未|还没)(?:有)?(?:甄别|签收|审核|审|销号)(?:的)?"
    r"|(?:在办|办理中|没办完|没办结|未办结|没解决)(?:的)?)"
)
_HOW_MANY: Final = r"(?:有)?(?:哪些|哪几[个件项]|几[个件项]|多少[个件项]?|什么)"
_BY_STATE: Final = re.compile(
    r"(?:我们?|咱们?|俺们?|本|全)?(?:[市县区局]|单位|专班)?(?:里|这边?|这里|手[上里])?(?:现在|目前|当前|一共|总共|还|都)*+"
    rf"(?:{_HOW_MANY})?(?:的)?(?:{_STATE.format('first')})?(?:问题|事项)?(?:现在|目前|一共|总共|还|都)*+(?:是|在)?(?:{_STATE.format('then')})?"
    rf"(?:问题|事项)?(?:还)?(?:{_HOW_MANY})?(?:清单|名单|列表)?[了呢吗啊\s?？。]*"
)
_ASKS_HOW_MANY: Final = re.compile(rf"{_HOW_MANY}|清单|名单|列表|[?？]")
STATES: Final = {"甄别": "待甄别", "签收": "待签收", "审": "待审核", "销号": "待销号"}
# 「麻烦催一下林地那个问题」, 「林地的事能不能催催」, 「催一下」.
_URGES: Final = re.compile(
    r"(?:能不能|可不可以|可以|能否|可否|能|帮我?|帮忙|再|给|请)*催(?:一下|一催|[办促催])?(?P<behind>\S{0,24}?)(?:吧|吗|么|呗|啊)?[\s?？。!！]*"
    r"|(?P<before>\S{2,24}?)(?:能不能|可不可以|可以|能否|可否|能|帮我?|帮忙|再|给|请|麻烦)*催(?:一下|一催|[办促催])(?:吧|吗|么|呗|啊)?[\s?？。!！]*"
)
_OF_A_PROBLEM: Final = re.compile(r"(?:的)?(?:那个|这个|那件|这件|那项)?的?(?:问题|事项|事情|事儿?)?(?:的)?$")
_ASKS: Final = re.compile(
    r"[?？吗谁哪]|呢\s*$|什么|怎么|多久|几时|何时|是否|能不能|可不可以|要不要|了没|没有?\s*$"
)
# 「卡在哪一步没有说清楚」, 「请写明由谁办理」: told, not asked.
_ASKS_OUTRIGHT: Final = re.compile(r"[?？吗]|(?:呢|了没|没有?)\s*$")
_ENDS: Final = " \u3000\n。.!！"
_TELLS_WHAT_IS_UNCLEAR: Final = re.compile(
    r"(?:没有?|未|不|还没)(?:能|太|够)?(?:说|写|讲|列|交[代待]|注|标|落实|确定|搞|弄|分)?(?:清楚?|明白?|明确|详细?|具体)|"
    r"(?:请|必须|须|需要?|应当?)(?:再|先|重新)?(?:补充|(?:写|说|讲|注|列|标)(?:明|清)|明确|核实|理清)|"
    r"(?:^|[,，;；。\s])(?:再|先)?(?:补充|(?:写|说|讲|注|列|标)(?:明|清))"  # 「退回补充，说清楚缺什么材料」
)
_GREETING: Final = re.compile(
    r"(?:助手|小助手|同志|老师|[你您]们?好|大家好|hi|hello|哈喽|嗨|嘿|在吗|在不在|在么|有人吗|早上好|上午好|中午好|下午好|"
    r"晚上好|早安?|你是谁|你能干(?:什么|啥)|怎么用|[啊呀哈呢吗的]|[\s,，。！!？?~～])+",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"(?:好的?|行|嗯|哦|ok|(?:我们|我)?(?:马上|立即|立刻|尽快|抓紧|这就)(?:去)?(?:办理?|落实|处理|安排)|多谢|感谢|谢|辛苦|麻烦(?:你|您)?了|[你您]|助手|明白|知道|清楚|了解|收到|收悉|没事|[了啊呀哈呢]|"
    r"[\s,，。！!~～])+",
    re.IGNORECASE,
)
_GRATITUDE: Final = re.compile(r"谢|辛苦|麻烦")
# 「循环园红灯情况」, 「ZD0108亮灯怎么样」
_LIGHTS_OF: Final = re.compile(
    r"\s*(?:看|查|问)?(?:一下)?(?P<name>[A-Za-z]{2}\d{4}|[\u4e00-\u9fff]{2,16}?)的?(?:亮|[红黄绿])灯的?"
    r"(?:情况|状态|什么情况|怎么样|如何)?(?:了|呢)?[\s?？。]*"
)
_LONGEST_OF_LIGHTS: Final = 30  # characters
# 「青禾县有几个黄灯」, 「几个水利专班的项目黄灯」: a body, by how its name ends.
_BODY: Final = re.compile(
    r"(?:有?(?:几个|多少|哪些)|[\s,，:：])*(?P<name>[一-鿿]{1,12}?(?:专班|公司|银行|管委会|[县区市局委]))"
    r"(?=[的里内有都亮红黄绿蓝]|现在|目前|当前|一共|总共|还|全部|所有|项目|哪|几|多少|是)"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORDS: Final = re.compile(r"[^\W\d_]{2}")


def is_question(words: str) -> bool:
    """Whether what follows a verb asks instead of telling: 「通过 W0186 了吗」 approves nothing (rule C16)."""
    if _ASKS.search(words) is None:
        return False
    return _ASKS_OUTRIGHT.search(words) is not None or _TELLS_WHAT_IS_UNCLEAR.search(words) is None


def asks_outright(words: str) -> bool:
    """Whether words end as a question: 「不予受理 W0191 要写明什么吗？」 gives no reason (rule C16)."""
    return words.rstrip(_ENDS).endswith(("?", "？", "吗"))


def asked_projects(text: str) -> str | None:
    """Which projects are asked about: the words that name them, 「」 for one's own, 「各」 for every ledger.

    None when the text asks nothing of the kind. 「青禾县有哪些黄灯项目」 → 「青禾县黄灯」.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    if _OWN_ALONE.fullmatch(said):
        return ""
    if _FURTHEST.fullmatch(said):
        return "各"
    rest = _POLITE.sub("", said, count=1) if _POLITE.match(said) else said
    bare, asked = _ASKED.subn("", rest)
    if asked and "项目" in said and _NOT_TOLD.search(bare):
        since = _SINCE.search(bare)
        bare = _SINCE.sub("", bare, count=1)
        bare = _NOT_TOLD.sub(f"{since.lastgroup}未报" if since else "未更新", bare, count=1)
    if not (asked or rest != said):
        return None
    if _EACH.search(bare):
        bare = _EACH.sub("", bare)
        return "各" if not _OWN.sub("", _FILL.sub("", bare)) else None
    left = _FILL.sub("", bare)
    if (own := _OWN.match(left)) is not None:
        left = left[own.end() :]
    elif not _PROJECTS.search(said):
        return left or None
    return left


def asked_lights(text: str) -> str | None:
    """Whose lights are asked about: 「循环园红灯情况」 → 「循环园」; None when the text asks nothing of the kind."""
    if "灯" not in text or len(text) > _LONGEST_OF_LIGHTS:
        return None
    said = _LIGHTS_OF.fullmatch(text)
    return said["name"] if said is not None else None


def asked_body(text: str) -> str:
    """Whose lights are asked for: 「青禾县有没有黄灯」 → 「青禾县」; empty for one's own, and when no body is named."""
    said = unicodedata.normalize("NFKC", text).strip()
    polite = _POLITE.match(said)
    found = _BODY.match(said, polite.end() if polite else 0)
    return _OWN.sub("", _FILL.sub("", found["name"])) if found is not None else ""


def asks_of_whole_city(text: str) -> bool:
    return "全市" in text


def means_own(name: str) -> bool:
    """「全县」, 「我们单位」, 「现在」: whose it is, is not said or is the asker's."""
    return not _OWN.sub("", _FILL.sub("", name))


def asked_problem(text: str) -> str:
    """What the problem whose standing is asked is about: 「林地那个问题到哪一步了」 → 「林地」; else empty."""
    said = unicodedata.normalize("NFKC", text).strip()
    polite = _POLITE.match(said)
    found = _PROBLEM.fullmatch(said, polite.end() if polite else 0)
    return _RAISED_BY_ME.sub("", found["what"], count=1) if found is not None else ""


def asked_state(text: str) -> str | None:
    """The state whose problems are asked for: 「还有几个待甄别」 → 「待甄别」; empty for all in hand, None for none."""
    said = unicodedata.normalize("NFKC", text).strip()
    polite = _POLITE.match(said)
    found = _BY_STATE.fullmatch(said, polite.end() if polite else 0)
    if found is None or not (polite or _ASKS_HOW_MANY.search(said)):
        return None
    words = found["first"] or found["then"]
    if words is None:
        return None
    return next((state for sign, state in STATES.items() if sign in words), "")


def urged(text: str) -> str | None:
    """What is to be pressed for: 「催一下林地那个问题」 → 「林地」; empty when not said, None when nothing is."""
    said = unicodedata.normalize("NFKC", text).strip()
    polite = _POLITE.match(said)
    found = _URGES.fullmatch(said, polite.end() if polite else 0)
    if found is None:
        return None
    what = _OF_A_PROBLEM.sub("", found["behind"] or found["before"] or "", count=1)
    return _RAISED_BY_ME.sub("", what, count=1)


def is_greeting(text: str) -> bool:
    return _GREETING.fullmatch(text) is not None and _LETTER.search(text) is not None


def is_gratitude(text: str) -> bool:
    """谢谢, 辛苦了: thanks for something, not a mere 收到 or 好的."""
    return is_thanks(text) and _GRATITUDE.search(text) is not None


def is_thanks(text: str) -> bool:
    """谢谢, 好的, 收到: also taken note of, never an act (rule C16)."""
    return _THANKS.fullmatch(text) is not None and _WORDS.search(text) is not None
