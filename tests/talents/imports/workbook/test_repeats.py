"""The same person twice in one form."""

from tests.talents.imports.workbooks import form, identity, parsed, person, problems


def test_the_same_number_twice_is_merged_into_the_first():
    first, later = parsed(
        form(
            person(email=None, research="人工智能"),
            person(email="b@example.cn", phone="14000000001", research="大数据", remark="同意入库"),
        )
    )
    assert (first.merge_with, later.merge_with) == (None, 1)
    assert first.values["email"] == "b@example.cn"
    assert first.values["phone"] == "14000008387"
    assert first.values["research_fields"] == ["人工智能", "大数据"]
    assert first.values["consent_noted"] is True
    assert problems(later) == [("info", "merged", "D6"), ("warning", "merged_differs", "")]
    assert later.problems[1].message == "与第5行的手机不同，以第5行为准，请核对。"


def test_name_and_phone_tell_the_same_person_and_chains_end_at_the_first():
    rows = parsed(
        form(
            person(id=None, unit="重庆市两江半导体研究院"),
            person(unit="两江半导体研究院"),
            person(phone=None),
        )
    )
    assert [row.merge_with for row in rows] == [None, 1, 1]
    assert rows[0].values["id_number"] == identity()
    assert "merged_differs" not in str(problems(rows[1]))


def test_conflicts_refuse_both_rows():
    rows = parsed(form(person(), person(name="毛静洁", phone="14000000001")))
    assert [problems(row) for row in rows] == [
        [("error", "id_number_of_two", "D5")],
        [("error", "id_number_of_two", "D6")],
    ]
    rows = parsed(form(person(), person(id=identity("19900930"))))
    assert [problems(row) for row in rows] == [
        [("error", "two_id_numbers", "D5")],
        [("error", "two_id_numbers", "D6")],
    ]


def test_a_phone_shared_by_two_women_is_only_doubted():
    rows = parsed(form(person(), person(name="毛静洁", id=identity("19900930"))))
    assert [problems(row) for row in rows] == [[], [("warning", "phone_shared", "M6")]]
