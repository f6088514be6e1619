"""What a feedback on a red light states of a 提级建议 (rules E12, G2)."""

from __future__ import annotations

from models.operations.red_days import stated


def test_labels_count_only_at_the_start_of_a_part() -> None:
    said = stated("林地手续超过时限未批，责任部门 市林草局；化解路径：市级统筹；建议时限 10月25日")
    assert (said.crux, said.unit, said.path, said.due) == (
        "林地手续超过时限未批", "市林草局", "市级统筹", "10月25日",
    )  # fmt: skip


def test_the_cause_of_the_light_is_the_crux() -> None:
    assert stated("原因：雨季停工，路径 增加班组").crux == "雨季停工"
    assert stated("原因：雨季停工").reason == "", "why a level is skipped is another thing (rule G2)"
