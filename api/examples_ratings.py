"""The part of the life the examples tell in which residents rate what was done for them (好差评)."""

from typing import Any

from api.examples_resources import Teller


def ratings(told: Teller) -> None:
    told.on("2011-05-23")
    bad: dict[str, Any] = {
        "grade": "dissatisfied",
        "way": "network",
        "protection": "confidential",
        "unit": told.ids["roads"],
        "service": "道路占用许可",
        "words": "来回跑了三趟",
        "name": "示例群众",
        "phone": "000-0000",
    }
    told.tell("receive_rating", "caller", "rating", **bad)
    told.tell("check_rating", "supervisor", "rating", truth="true", note="窗口未一次性告知材料")
    told.tell("rectify_rating", "officer", "rating", note="制作一次性告知单")
    told.tell("call_back_rater", "caller", "rating", answer="unsolved", words="网上还是没写清楚")
    told.tell("redo_rating", "supervisor", "rating", reason="网上办事指南未同步更新")
    told.tell("rectify_rating", "officer", "rating", note="网上办事指南已更新")
    told.tell("call_back_rater", "caller", "rating", answer="solved", words="这次清楚了")
    told.tell("close_rating", "second", "rating", note="同意办结")

    anonymous = {**bad, "protection": "anonymous", "grade": "very_dissatisfied"}
    del anonymous["name"], anonymous["phone"]
    told.tell("receive_rating", "caller", "mistaken rating", **anonymous)
    told.tell("check_rating", "supervisor", "mistaken rating", truth="untrue", note="当日该窗口没有这项业务")
    told.tell("appeal_rating", "head", "mistaken rating", ground="mistaken", reason="应为评价相邻窗口")
    told.tell("rule_on_rating_appeal", "leader", "mistaken rating", granted=True, reason="叫号记录可证")

    good = {"grade": "very_satisfied", "way": "hotline", "protection": "confidential", "name": "示例群众"}
    told.tell("receive_rating", "caller", "good rating", **good, request=told.ids["lamps"])
