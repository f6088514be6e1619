"""Questions in plain words, and courtesies: what is asked is shown, nothing is changed (rules B4, C15, C16)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.hearing import hear
from handlers.items import item_cards, item_search
from handlers.mine import my_tasks
from handlers.naming import PROJECT_CODE
from handlers.queries import body_problems, ledger_views, light_lists, project_lists, projects
from handlers.understanding import asking
from handlers.understanding.reading import Intent, Reading
from models.errors import Invalid, NotFound
from models.notices.people import Courtesy, NoThanksNeeded, NotReceived
from models.queries import scopes

_COLOUR: Final = re.compile(r"([红黄绿蓝])灯")
_WHICH: Final = re.compile(r"哪[些几个]|几个|多少|有没有|名单|清单|都有")
_COLOUR_ALONE: Final = re.compile(
    r"(?:看|查(?:一下)?|有|我们?|咱们|全|[市县区]|现在|目前|还|的|都|\s)*([红黄绿蓝])灯(?:的?项目|清单|名单|情况)?[有没吗呢\s]*[?？。!！]*"
)
_MY_DUTIES: Final = re.compile(
    r"(?:我|我们|今天|本周|现在|目前|手[上里]|\s)*(?:还)?(?:有|的|剩)?(?:哪些|什么|几[件项个])?(?:待办|要办的?|没办完?的?|该办的?)"
    r"(?:事项|事情|事|任务|工作)?(?:有哪些|有什么|清单|列表|呢|吗|了)?[\s?？。]*"
    r"|(?:我|我们|今天)?(?:这[里边儿]?|手[上里])?(?:现在|今天|还)*有?(?:什么|啥|哪些|几[件项个])?(?:要|等|等着|需要|该)我(?:来)?(?:审核?|办理?|批|处理|签收|销号|定|看)的?(?:事项|事情|事|问题|东西)?(?:有哪些|吗|么|呢)?[\s?？。]*"
    r"|(?:我|我们)(?:这[里边儿]?|手[上里])?(?:现在|今天|还)*有?(?:什么|啥|哪些|几件)(?:事|工作)?(?:没办|没做|没完|要干|要办)的?[完了吗呢\s?？。]*"
    r"|(?:我|我们)(?:这[里边儿]?|手[上里])(?:现在|今天|还)*有?(?:什么|啥|哪些)(?:要|该|需要)(?:审核?|办理?|批|处理|签收|做)的?[\s?？。]*"
    r"|(?:我|我们|今天|本周|\s)+(?:还)?(?:有|该|要)(?:哪些|什么|几[件项个])(?:事项|事情|事|任务|工作)?(?:要办|没办|待办|要做|没做)?[\s?？。]*"
)
_PROBLEMS: Final = re.compile(
    r"(?:我们?|咱们|本|全)?(?:[市县区]|单位|局|专班)?(?:现在|目前|还)?(?:有|剩)?(?:哪些|几个|几件|多少个?|什么)?(?:在办|未办结|没办完|没办结|没解决)?的?"
    r"(?:问题|事项)(?:还)?(?:有)?(?:哪些|几个|多少个?)?(?:没办完|没办结|没解决|未办结|在办)?(?:了|呢)?[\s?？。]*"
    r"|(?:我们?|咱们|本|全)(?:[市县区]|单位|局|专班)?的?(?:问题|事项)(?:都|现在|目前)*(?:办|解决|处理)[得的]?(?:怎么?样|咋样|如何)了?[\s?？。]*"
)
# A code, or 查 with its figures alone.
_CODE_ASKED: Final = re.compile(
    r"\s*(?:[查看](?:一?下|询)?[\s:：]*)?(?P<code>[A-Za-z]{2}\d{4})[\s。.!！?？]*"
    r"|\s*[查看](?:一?下|询)?[\s:：]*(?P<digits>\d{4})[\s。.!！?？]*"
)
# What a project's page offers, asked for with its code: 「历史 ZX0031」, 「ZX0031的上报记录」.
_RECORDS: Final = {
    "历史": projects.press_history,
    "上报记录": projects.press_entries,
    "问题": projects.press_items,
}
_RECORD_ASKED: Final = re.compile(
    r"(?:(?P<what>历史|上报记录|问题)[\s:：]*(?P<code>[A-Za-z]{2}\d{4})|(?P<code2>[A-Za-z]{2}\d{4})\s*的?\s*(?P<what2>历史|上报记录|问题))[\s。.?？]*"
)
# 「昨天灌区谁改的」, 「灌区3520是谁报的」, 「历史 灌区」: who entered what stands in the ledger.
_WHO_TOLD: Final = re.compile(
    r"(?:请问|查一?下|看一?下|昨天|今天|前天|上次|上周|上月|刚才|这个|\s)*+(?P<name>\S{2,24}?)"
    r"(?:项目|工程)?的?(?:这个|那个)?(?:投资|进度|累计|数字?|数据|台账)?(?:\d[\d.]*(?:万元?|亿元?)?)?(?:又|都|到底|[昨今前]天|上次|上周)*是?"
    r"(?:哪个|谁)(?:给|来)?(?:[报改填录传]|上报|更正|修改|确认)(?:的|了|上去)*+(?:数字?|投资)?[了呢啊吗\s?？。]*"
    r"|(?:历史|上报记录)[\s:：]+(?P<name2>\S{2,24})|(?P<name3>\S{2,24}?)的?(?:修改|更正|变更)?(?:历史|上报记录)[\s?？。]*"
)
# A project asked for by a name that is none of the asker's: the noun it ends with tells that one is meant.
_NAMED_ONE: Final = re.compile(
    r"(?:请问|麻烦|帮我?|[查看]一?下?|\s)*[\u4e00-\u9fff]{2,24}?"
    r"(?:工程|项目|厂|路|园|校|中学|小学|医院|桥|灌区|管网|通道|中心|基地|变电站?|水库|渠|水厂|楼|安置区|改造)"
    r"的?(?:(?:项目|工程|建设|投资|形象)*(?:进度|进展|情况|状态)?(?:现在|目前)?(?:怎么样|怎样|如何|什么情况|到哪一?步?|完成(?:了)?多少)了?|进度|进展|情况)?[了呢吗\s?？。]*"
)
# 「有哪些快到期了」, 「逾期的有哪些」: what 蓝灯 lists (rule E15).
_DUE_ASKED: Final = re.compile(
    r"(?:请问|帮我|帮|查一?下|看一?下|看|列一?下|列出|我们?|咱们|本周|这周|本|[市县区局]|单位|专班|现在|目前|还|近期|最近|今天|明天|都|有|的|\s)*+"
    r"(?:哪些|什么|几[个项件])?(?:事项|任务|问题|反馈|工作)?(?:是|已经?|快|就|要|将|即将|马上|临近)*+(?:到期|临期|逾期|超期|过期)(?:了|未办结?|没办完?|没反馈|未反馈)*+"
    r"的?(?:事项|任务|问题|反馈|工作|清单|名单)?(?:是|都|还)?(?:有)?(?:哪些|什么|几[个项件]|多少个?)?[了呢吗\s?？。]*+"
)
_LISTED: Final = re.compile(r"哪[些几个]|什么|几[个项件]|多少|事项|任务|清单|名单|工作")
# 「循环园还有几个问题没办完」: the problems of one project.
_PROBLEMS_OF: Final = re.compile(
    r"(?:请问|麻烦|帮我?|查一?下|看一?下|\s)*+(?P<name>\S{2,24}?)(?:项目|工程)?(?:手[上里]|上|里|那边|这边)?(?:现在|目前|一共|总共|都|还)*+(?:有|剩)(?:下)?"
    r"(?:(?:哪些|几[个件项]|什么|多少[个件项]?)(?:在办|未办结|没办完|没办结|没解决)?的?(?:问题|事项)|几件|多少件)"
    r"(?:还)?(?:是)?(?:没办完|没办结|没解决|未办结|在办|要办|没销号)?[了呢的\s?？。]*"
)
_A_NAME: Final = re.compile(r"[\u4e00-\u9fff\d]{3,30}")
_NO_NAMES: Final = frozenset({"项目", "工程", "污水", "管网", "道路"})
_AND: Final = re.compile(r"[和与及、，,]")  # 「循环园和管网现在多少」
EVERY_LEDGER: Final = "各"


def answered(context: Context, reading: Reading, text: str) -> bool:
    """「污水处理厂进度怎么样」, 「我们县有几个项目」, 「林地那个问题到哪一步了」; False: nothing fits."""
    if any(line.figures for line in reading.lines):
        return False
    if (asked := _RECORD_ASKED.fullmatch(unicodedata.normalize("NFKC", text))) is not None:
        show = _RECORDS[asked["what"] or asked["what2"]]
        show(context, {"code": (asked["code"] or asked["code2"]).upper()}, "")
        return True
    if _history_shown(context, text):
        return True
    if _DUE_ASKED.fullmatch(text) and _LISTED.search(text):
        light_lists.show(context, light_lists.BLUE)
        return True
    named = _PROBLEMS_OF.fullmatch(text)
    if named is not None and len(found := access.candidates(context, named["name"])) == 1:
        projects.press_items(context, {"code": found[0].code}, "")
        return True
    if named is not None and body_problems.show(context, named["name"]):
        return True
    colour = _COLOUR.search(text)
    about = asking.asked_projects(text)
    if about == EVERY_LEDGER:
        ledger_views.overview(context)
        return True
    if about is not None and (colour is None or about != colour[0]) and project_lists.show(context, about):
        return True
    if colour is not None and (_WHICH.search(text) or _COLOUR_ALONE.fullmatch(text)):
        _show_colour(context, colour[1], text)
        return True
    if _MY_DUTIES.fullmatch(text):
        context.say_privately(my_tasks.of_sender(context))
        return True
    if (_WHICH.search(text) or "样" in text or "如何" in text) and _PROBLEMS.fullmatch(text):
        item_cards.show_all(context)
        return True
    if (state := asking.asked_state(text)) is not None:
        item_cards.show_in_state(context, state)
        return True
    if (what := asking.urged(text)) is not None and _pressed_for(context, what):
        return True
    lit = asking.asked_lights(text)
    if lit is not None and _lights_shown(context, lit, colour[1] if colour else "", text):
        return True
    problem = asking.asked_problem(text)
    if problem and item_search.show(context, problem, standing=True):
        return True
    if Intent.QUERY not in reading.intents:
        return False
    names = _asked_for(context, reading, text)
    if len(names) > 1 and projects.show_several(context, names):
        return True
    if names and projects.show(context, names[0]):
        return True
    code = PROJECT_CODE.search(text)
    if code is None:
        if _NAMED_ONE.fullmatch(text):
            raise NotFound(text)  # the same whether there is none or it is not the asker's (rule B4)
        return False
    if not projects.show(context, code[0]):
        raise NotFound(code[0])  # the same whether there is none or it is not the asker's (rule B4)
    return True


def _show_colour(context: Context, colour: str, text: str) -> None:
    """The lights of the body that is named, or of all that the asker may see.

    Raises NotFound for a body of which they see nothing: their own lights would pass for its (rule B4).
    """
    body = asking.asked_body(text)
    if body and project_lists.matching(context, body) is None and not _is_own_body(context, body):
        raise NotFound(body)
    if body and colour != light_lists.BLUE and project_lists.show(context, f"{body}{colour}灯"):
        return
    light_lists.show(context, colour, whole_city=asking.asks_of_whole_city(text))


def _is_own_body(context: Context, name: str) -> bool:
    """Whether the asker, or who they stand in for, is of this county, unit or 专班; without its city's name, too."""
    directory = context.directory
    for person in access.own_and_principals(context):
        who = scopes.asker(directory, person)
        units = [directory.units[number] for number in who.unit_ids]
        names = [
            *(known for unit in units for known in (unit.name, *unit.aliases)),
            *(directory.regions[number].name for number in who.region_ids),
            *(directory.task_forces[number].name for number in who.task_force_ids),
        ]
        if any(known.endswith(name) for known in names):
            return True
    return False


def _history_shown(context: Context, text: str) -> bool:
    """Who entered what, of one project that the asker may see; False for anything else."""
    said = _WHO_TOLD.fullmatch(unicodedata.normalize("NFKC", text))
    if said is None:
        return False
    found = access.candidates(context, said["name"] or said["name2"] or said["name3"])
    if len(found) != 1:
        return False
    projects.press_history(context, {"code": found[0].code}, "")
    return True


def _pressed_for(context: Context, what: str) -> bool:
    """Who urges others is told where the problem is and who holds it (rule C16); False when none is meant."""
    if what:
        return item_search.show(context, what, standing=True)
    mine = [item for item in item_cards.open_visible(context) if item.raised_by_id == context.sender.id]
    if len(mine) == 1:
        item_search.show_numbered(context, mine[0].number, standing=True)
    elif mine:
        item_cards.show_cut(context, "您提出的问题", mine)
    return bool(mine)


def named_alone(context: Context, text: str) -> bool:
    """「ZX0031」, 「城南污水处理厂」 and nothing else: the project's page; False for a text that is no name.

    Raises NotFound for a code that the asker may not see (rule B4).
    """
    if code_alone(context, text):
        return True
    plain = unicodedata.normalize("NFKC", text).strip(" 。.!！?？")
    if PROJECT_CODE.fullmatch(plain) is None and (_A_NAME.fullmatch(plain) is None or plain in _NO_NAMES):
        return False
    if projects.show(context, plain):
        return True
    if PROJECT_CODE.fullmatch(plain) is not None:
        raise NotFound(plain)
    return False


def code_alone(context: Context, text: str) -> bool:
    """「zx0031」, 「查0031」 while something else is asked for: looked up all the same; False for anything else."""
    said = _CODE_ASKED.fullmatch(unicodedata.normalize("NFKC", text))
    if said is None:
        return False
    code = (said["code"] or said["digits"]).upper()
    if code.isdigit():
        seen = (context.directory.projects[one].code for one in access.visible_here(context))
        found = [one for one in seen if one.endswith(code)]
        if len(found) != 1:
            raise NotFound(code)
        code = found[0]
    if not projects.show(context, code):
        raise NotFound(code)  # the same whether there is none or it is not the asker's (rule B4)
    return True


def _asked_for(context: Context, reading: Reading, text: str) -> list[str]:
    """What names the projects in a question; in a group also those that do not belong there (rule B5)."""
    alone = replace(context, group=None)
    if context.group is not None:
        reading = hear(alone, text)
    parts = _AND.split(text)
    heard = [reading] if len(parts) == 1 else [reading, *(hear(alone, part) for part in parts)]
    named = {one.mention: None for each in heard for one in each.lines if one.mention and not one.issues}
    return list(named)


def _lights_shown(context: Context, name: str, colour: str, text: str) -> bool:
    """「循环园红灯情况」, 「全县亮灯情况」, 「青禾县黄灯」: the project's page, or the lights of who is named."""
    if projects.show(context, name) or project_lists.show(context, f"{name}{colour}灯" if colour else name):
        return True
    if asking.means_own(name):
        light_lists.show(context, colour)
        return True
    if not text.rstrip("?？。 ").endswith("灯"):
        raise NotFound(name)  # the same whether there is none or it is not the asker's (rule B4)
    return False


def thanked(context: Context, text: str) -> bool:
    """「谢谢」, 「辛苦了」 with nothing waiting: a short word back. 「收到」 of nothing is not understood (S15)."""
    if not asking.is_gratitude(text):
        return False
    context.say(NoThanksNeeded())
    return True


def polite(context: Context, text: str) -> bool:
    """「您好」, 「收到」: a word back and what to do next; False for other texts, and for a 「收到」 of nothing (S15).

    A courtesy acknowledges and settles nothing (rule C16).
    """
    if asking.is_greeting(text):
        context.say(Courtesy(name=context.sender.name))
        return True
    if context.group is not None or not asking.is_thanks(text):
        return False
    waiting = (*my_tasks.to_receive(context), *my_tasks.papers_to_receive(context))
    if waiting:
        context.say(NotReceived(waiting))
    elif helping := my_tasks.to_finish(context):
        raise Invalid(
            f"协办任务不用签收，{'、'.join(helping)} 完成后请报", mend=f"例：完成协办 {helping[0]} 已整改到位"
        )
    return bool(waiting)
