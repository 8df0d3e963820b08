"""What was urged is read with the commitment, over the API and on its page; a talk that followed in its own history."""

import httpx
from served_ledger import Served

from api.examples import story

SAID = (
    "启动催办。",
    "蓝色提醒：向示例市交通局发出催办单，期限2011年11月30日。",
    "撤回2011年11月25日的蓝色提醒（期限2011年11月30日）：补录显示2011年11月24日已反馈完成。",
    "红色催办：向示例市交通局发出催办单，期限2011年11月30日，抄送分管领导，可由领导责成约谈。",
)


def test_the_history_and_the_page_of_a_commitment_show_its_ladder(told: Served):
    late = story().ids["late"]
    ladder = story().ids["ladder"]

    async def work(client: httpx.AsyncClient) -> None:
        answer = await client.get(f"/v1/commitments/{late}/history")
        entries = answer.json()["entries"]
        assert tuple(entry["zh"] for entry in entries if entry["stream"] == ladder) == SAID
        assert {entry["stream"] for entry in entries} == {late, ladder}
        assert [entry["person_title"] for entry in entries if entry["event"] == "urge_sent.1"] == ["督查科催办员"] * 2
        page = await client.get(f"/commitments/{late}")
        assert page.status_code == 200
        for words in SAID:
            assert words in page.text
        before = await client.get(f"/v1/commitments/{late}/history?on=2011-12-01")
        assert len(before.json()["entries"]) == len(entries) - 1
        talk = await client.get(f"/v1/supervision/{story().ids['talk after red']}/history")
        (summoned,) = talk.json()["entries"]
        assert summoned["zh"].startswith("红色催办（期限2011年11月30日）后，定于2011年12月16日约谈")

    told.run(work)
