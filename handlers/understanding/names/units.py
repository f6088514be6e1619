"""Which units a text names: short forms of the alias table, and bodies that look like one by their ending."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from handlers.understanding.text import plain_form

_PREFIX = re.compile(r"(?:省|县|区|镇|乡|[\u4e00-\u9fff]{2}(?:省|县|区|镇|乡|市))$")
_LIKE_A_UNIT = re.compile(
    r"(?:(?<=[请由让找与跟和及、,，向报需等是求盼望对把被在经求要得须:;；。\s])|(?<=协调)|(?<=对接)|(?<=督促)|(?<=联系)|(?<=协同)|(?<=麻烦)|(?<=拜托)|(?<=希望)|(?<=建议)|(?<=劳烦)|(?<=恳请)|(?<![\u4e00-\u9fffa-z\d]))"
    r"(?P<unit>(?![得须]|光缆|电缆|管线|杆线|线路|基站|[市县区镇]里|[市县区省]政府|求(?=[市县省])|麻烦|拜托|劳烦|建议|希望|协调|要求|辛苦|恳|盼|望|我|另外|贷款|融资|报[省市县]|各|[号日月]|相关|有关|等|该|接|口|上|下|[个家]银行)(?:(?!协调|督促|联系|对接|组织)(?![请由需要让找在和已正还去说被给对把不没了来到向与跟及是有从但])[\u4e00-\u9fff]){1,10}?"
    r"(?:管理局|河务局|铁路局|局(?![部势面限])|委(?![托员会屈])|厅(?![室堂])|管委会|县政府|区政府|镇政府|乡政府|街道办(?:事处)?|办事处|指挥部|银行|支行|分行"
    r"|联社|供电所|自来水公司|燃气公司|水务公司|热力公司|城投(?:公司)?|交投(?:公司)?|军分区|铁塔公司|管道公司|石化公司|石油公司|天然气公司|高速公司|电信公司|移动公司|联通公司|设计院|人防办|重点办|攻坚办|征收办|项目办|督查室|档案馆|海关|质监站|安监站|监督站|派出所|评审中心|登记中心|交易中心|检测中心|支队|大队|中院|法院))"
)
_SPOKEN = re.compile(
    r"(?<=[请由让])[\u4e00-\u9fff]{2,8}?(?:镇|乡|街道)(?=抓紧|尽快|加快|协调|出面|牵头|配合|落实|解决|负责|兑付|做|把|将|给|帮|督促|组织|联系|派|(?:\d{1,2}|[一二两三四五六七八九十几])[月日号天]|[今明后]天|[本下这]周|马上|立即|赶紧|赶快|务必|处理|月底|年前|节前)|(?<=[请由让望])(?!有关|相关|主管|职能|上级|各|该|贵)[\u4e00-\u9fff]{2,4}?部门|省[\u4e00-\u9fff]{2,6}?(?:厅|局|委|办)(?=还|一直|迟迟|没|未|不|说|那边)|市?行政审批(?=[和与、支]|加快|尽快|协|给|帮)|(?<=[请由让找、和与])(?!市政|[省市县区镇乡]里)[\u4e00-\u9fff]{2,4}?(?:燃气|热力|水务|自来水|移动|联通|电信|铁塔|石油|石化)(?:公司)?|(?:燃气|热力|自来水|水务|移动|联通|电信|铁塔|通信|广电|石油|石化)公司|国网(?=那边|这边|不|说|一直|迟迟|没|要求)|(?<=[请由让找])管委会|(?<=[请由让找催得])[\u4e00-\u9fff]{2,3}办(?![理结完好妥下不了成事公证手齐法])|(?:(?<=协调)|(?<=对接)|(?<=督促)|(?<=联系))[\u4e00-\u9fff]{2,4}?(?:燃气|热力|水务|电信|联通|移动|铁塔)(?:公司)?|(?<![请由让找与和、])(?!光缆|电缆|管线|杆线|线路|基站)(?:(?![因由受为被栋户处个条和与等])[\u4e00-\u9fff]){2}(?:燃气|热力|水务|电信|联通|移动)(?:公司)?(?=迟迟|一直|不|没|说|那边|要求|还)|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}(?:镇|乡|街道)(?=(?:那边|一直|迟迟|始终|还)?(?:不让|不同意|不给|不批|不配合))|军分区|人武部|(?:(?<=[请由让找催])|(?<=协调)|(?<=对接))(?!有关|相关|各|主管|职能|上级|市直)[\u4e00-\u9fff]{2}部门|不动产(?:登记)?中心|信访(?!件|问题|事项|人)|[\u4e00-\u9fff]{0,2}(?<![请由让找与和跟])供电所|黄委会?|黄河委|淮委|海委|(?:(?<![\u4e00-\u9fff])[省市县]|(?<=[请由让找催和与、接调])[省市县])?(?:农行|工行|建行|中行|农发行|国开行|农商行)|郑州局|中线局|交警(?:部门|队)?(?![支大]?队)|消防支队|消防大队|公安(?=[局来协、和与赶出介])"
)
# 「财政评审中心」 is a body of its own, not the bureau whose short form begins it.
_LONGER_UNIT = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?<![路区市])(?:中心(?!线|区|城|校)|研究院|设计院|事务所|集团|公司)"
)
# 「环保」 is a unit in 「请环保来人」 and a subject in 「环保验收」.
_SHORT_FORM = re.compile(
    r"^[请由让找跟问催要]|^[、和与][\u4e00-\u9fff]{2}(?:联合|共同|等|协|一起|都)|^.?[\u4e00-\u9fff]{2}(?:联合|那边|这边|那头|那儿|部门|局|来|给|批|说|牵头|一直|帮|没|不)|^.?[\u4e00-\u9fff]{2}的[批复意答回函安]|^[\u4e00-\u9fff]{2,3}$"
)
_COUNTY = re.compile(
    r"县里|区里|镇上|镇里|乡里|县区(?!协调不动)|县级|管委会|县政府|区政府|镇政府|乡政府|乡镇|办事处|街道|县专班|区专班|镇党委|县委|区委"
)
_LEVELS = (
    ("province", re.compile(r"省专班|报省|省里|省级|省政府|提请省|省领导|省厅协调")),
    ("city_gov", re.compile(r"市政府|市长办公会|市人民政府|政府常务会")),
    ("vice_mayor", re.compile(r"副市长|分管市长|常务(?!会)|分管市领导|分管领导")),
    (
        "city_office",
        re.compile(
            r"市里|市[\u4e00-\u9fff]{0,6}专班|(?:水利|交通|能源|市政设施|社会事业|攻坚)专班|市级|市领导|市攻坚办|市直|市重点办|综合专班|市工作专班"
        ),
    ),
    ("county", _COUNTY),
)


_LONGEST_PLACE = 6
_BODY_OF = re.compile(r"设计院|研究院|设计公司|评审中心|执法(?:支|大)队")  # 「电力公司设计院」
_GOVERNMENT = re.compile(r"(?:人民)?政府")


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit named in the plain text. name: canonical, or the words as written when the table has none."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class UnitNames:
    """canonical: plain short or full form → canonical name; pattern: all forms, longest first."""

    canonical: Mapping[str, str]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, table: Mapping[str, Sequence[str]]) -> UnitNames:
        """table: canonical name → short forms."""
        forms: dict[str, str] = {}
        for name, shorts in table.items():
            for form in (name, *shorts):
                forms.setdefault(plain_form(form), name)
        ordered = sorted(forms, key=len, reverse=True)
        return cls(forms, re.compile("|".join(map(re.escape, ordered))) if ordered else None)

    def is_short_form(self, words: str) -> bool:
        """Whether words are a unit and nothing else: 环保 in 「环保说要补指标」."""
        return words in self.canonical

    def find(self, plain: str, start: int, end: int, places: Container[str]) -> list[UnitMention]:
        """Units named in plain[start:end], in order. places: counties; their bureaus stay as written."""
        found: list[UnitMention] = []
        if self.pattern is not None:
            for match in self.pattern.finditer(plain, start, end):
                if len(match[0]) == 2 and (longer := _LONGER_UNIT.match(plain, match.end(), end)):
                    found.append(
                        UnitMention(match.start(), longer.end(), plain[match.start() : longer.end()])
                    )
                    continue
                if body := _BODY_OF.match(plain, match.end(), end):
                    found.append(UnitMention(match.start(), body.end(), plain[match.start() : body.end()]))
                    continue
                if len(match[0]) == 2 and not _SHORT_FORM.search(
                    plain[max(start, match.start() - 1) : min(end, match.end() + 2)]
                ):
                    continue
                found.append(self._with_prefix(plain, start, match, places))
        found += _governments(plain, start, end, places)
        for pattern in (_LIKE_A_UNIT, _SPOKEN):
            for match in pattern.finditer(plain, start, end):
                if all(match.end() <= one.start or match.start() >= one.end for one in found):
                    found.append(UnitMention(*match.span(), match[0]))
        return sorted(found, key=lambda one: one.start)

    def _with_prefix(
        self, plain: str, start: int, match: re.Match[str], places: Container[str]
    ) -> UnitMention:
        begin, words = match.start(), match[0]
        for length in range(_LONGEST_PLACE, 1, -1):
            if (
                begin - length >= start
                and plain[begin - length : begin] in places
                and not words.startswith("市")
            ):
                return UnitMention(begin - length, match.end(), plain[begin - length : match.end()])
        head = plain[max(start, begin - 3) : begin]
        if head.endswith("市") and head[-3:] not in places:
            return UnitMention(begin - 1, match.end(), self.canonical[words])
        if words.startswith("市") and head[-2:] + "市" in places and len(head) >= 2:
            return UnitMention(begin - 2, match.end(), plain[begin - 2 : match.end()])
        prefix = _PREFIX.search(head)
        if prefix is None or words.startswith("市"):
            return UnitMention(begin, match.end(), self.canonical[words])
        said = prefix[0]
        if len(said) == 3 and said not in places:
            said = said[-1] if said[-1] != "市" else ""
        if not said:
            return UnitMention(begin, match.end(), self.canonical[words])
        return UnitMention(begin - len(said), match.end(), plain[begin - len(said) : match.end()])


def _governments(plain: str, start: int, end: int, places: Container[str]) -> list[UnitMention]:
    """「卫辉市政府」: of a county, never of the city itself, which is a level and no unit."""
    found = []
    for match in _GOVERNMENT.finditer(plain, start, end):
        for length in range(_LONGEST_PLACE, 1, -1):
            begin = match.start() - length
            if begin >= start and plain[begin : match.start()] in places:
                found.append(UnitMention(begin, match.end(), plain[begin : match.end()]))
                break
    return found


def _without_governments(text: str, places: Container[str]) -> str:
    for one in reversed(_governments(text, 0, len(text), places)):
        text = f"{text[: one.start]}县政府{text[one.end :]}"
    return text


def level_of(
    request: str, obstacle: str, units: Sequence[str], asked: Sequence[str], places: Container[str]
) -> str | None:
    """The level that is asked for: explicit words decide, else how the unit asked is written.

    units: all unit words as written; asked: those in the request, as written.
    """
    for text in (_without_governments(request, places), _without_governments(obstacle, places)):
        for level, pattern in _LEVELS:
            if pattern.search(text):
                return level
    for words in (*asked, *units):
        if words.startswith("市") and not words.startswith("市场"):
            return "city_office"
        if words.startswith("省"):
            continue
        if (
            words[:1] in "县区镇乡"
            or words.endswith(("镇", "乡", "街道"))
            or any(words[:length] in places for length in range(2, _LONGEST_PLACE))
        ):
            return "county"
    return None
