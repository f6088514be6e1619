"""青禾县 as an organisation of its own beside the city, in the shape of a county's published roster (rule Q3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.operations import numbering, rosters
from models.operations.roster_files import parse_roster
from models.queries import directory as directories

from .city import City, moment

ROSTER = """
place: 青禾县
level: 县
parent: 云川市
localities:
  - {name: 城关镇}
categories:
  - {key: three_batches, name: 三个一批}
  - {key: three_level_key, name: 三级重点}
  - {key: central_budget, name: 中央预算内投资}
  - {key: special_bond, name: 专项债券}
  - {key: policy_fund, name: 政策性开发性金融工具}
  - {key: long_loan, name: 中长期贷款}
units:
  - {name: 县发展改革委}
  - {name: 县住建局}
  - {name: 县财政局}
  - {name: 城关镇, kind: region, region: 城关镇}
task_forces:
  - seq: 1
    name: 综合专班
    lead: [县发展改革委]
    units: [县发展改革委]
    leads_categories: [central_budget, policy_fund, long_loan]
  - {seq: 2, name: 联审联批专班, lead: [县发展改革委], units: [县发展改革委, 县住建局]}
  - {seq: 3, name: 财政专班, lead: [县财政局], units: [县财政局], leads_categories: [special_bond]}
  - {seq: 4, name: 金融专班, lead: [县财政局], units: [县财政局]}
  - seq: 5
    name: 项目推进和督导服务专班
    lead: [县发展改革委]
    units: [县发展改革委, 城关镇]
    leads_categories: [three_batches, three_level_key]
seconded:
  - name: 赵永年
    unit: 青禾县
    organisation: 云川市
    roles:
      - {role: 综合专班负责人, task_force: 综合专班}
      - {role: 督办专员, task_force: 综合专班}
      - {role: 带班领导, unit: 城关镇}
  - name: 张伟
    unit: 青禾县
    organisation: 云川市
    roles:
      - {role: 联络员, task_force: 综合专班}
      - {role: 联络员, unit: 城关镇}
"""


async def add_county(city: City, at: str = "2026-09-21 18:00") -> None:
    """Load the roster; the last number of the county's items is 县W0044."""
    now: datetime = moment(at)

    def load(session: Session) -> None:
        rosters.apply(session, parse_roster(ROSTER), now=now)
        directory = directories.load(session)
        county = next(one for one in directory.organisations.values() if one.name == "青禾县")
        numbering.set_last(session, numbering.item_series(county.id), 44)

    await city.product.database.write(load)
