"""One life of everything, from which the examples in OpenAPI are taken: each command's first step is its example.

The steps work in this order on an empty demonstration ledger opened at `OPENED_AT`, by a client named `CLIENT`: ids
follow from time, client and idempotency key there, so a later example can name what an earlier one made. All names
are invented.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from api.examples_appraisal import FRAME, appraisal
from api.examples_calendar import calendar
from api.examples_corrections import corrections
from api.examples_publications import publications
from api.examples_ratings import ratings
from api.examples_requests import requests
from api.examples_resources import resources
from api.examples_rules import rules
from api.examples_supervision import supervision
from api.examples_urge import urging
from domain.actor import Role
from domain.command import COMMANDS
from ledger.ids import demonstration_id
from ledger.opening import CLIENT as OPENER

BEIJING = timezone(timedelta(hours=8))
OPENED_AT = datetime(2011, 1, 4, 9, tzinfo=BEIJING)
CLIENT = "example"
PACE = timedelta(minutes=10)
FILE = "示例：道路竣工验收单".encode()
DIGEST = hashlib.sha256(FILE).hexdigest()
MEDIA_TYPE = "text/plain"
FILES = (FILE, FRAME)
"""What the steps name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command as a client sends it."""

    command: str
    person: str
    key: str
    at: datetime
    stream: str
    """'' when it creates."""
    made: str
    """Id of the stream it acts on or makes."""
    if_version: int
    """Of the stream before; 0 when it creates."""
    body: Mapping[str, Any]


@dataclass
class Story:
    """Tells steps one after another, keeping names, versions and the time."""

    now: datetime = OPENED_AT
    steps: list[Step] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def on(self, day: str) -> None:
        """Goes on at 9:00 on that day, or at once when that is over: time never goes back."""
        self.now = max(self.now, datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def tell(self, command: str, by: str, of: str, events: int = 1, /, **body: Any) -> None:
        """`of` names the stream; `events` is how many it makes."""
        self.now += PACE
        creates = COMMANDS[command].CREATES
        key = f"example-{len(self.steps) + 1:03d}"
        if creates:
            self.ids[of] = demonstration_id(self.now.astimezone(UTC), CLIENT, key)
        before = self.versions.get(of, 0)
        self.versions[of] = before + events
        self.steps.append(
            Step(
                command=command,
                person=self.ids[by],
                key=key,
                at=self.now,
                stream="" if creates else self.ids[of],
                made=self.ids[of],
                if_version=before,
                body=body,
            )
        )

    def first(self, command: str) -> Step:
        return next(step for step in self.steps if step.command == command)


def story() -> Story:
    """The whole of it."""
    told = Story()
    moment = OPENED_AT.astimezone(UTC)
    told.ids = {role.value: demonstration_id(moment, OPENER, role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)}
    _people(told)
    _policies(told)
    _partners(told)
    _service(told)
    _problems(told)
    _commitment(told)
    _returned(told)
    resources(told, [{"digest": DIGEST, "captured_at": "2011-05-10T08:30:00+08:00"}])
    corrections(told)
    publications(told)
    supervision(told, [{"digest": DIGEST, "captured_at": "2011-05-12T08:30:00+08:00"}])
    requests(told)
    ratings(told)
    dated = {"starts_on": "2011-11-01", "due_on": "2011-11-30"}
    urging(told, {**_promise(told, "硬化示例村入户道路2公里", "roads"), **dated, "quantity": 2})
    appraisal(told)
    calendar(told, {**_promise(told, "示例村公交首末站", "bus"), "starts_on": "2012-01-04", "due_on": "2012-12-30"})
    dated = {"starts_on": "2012-02-01", "due_on": "2012-11-30"}
    rules(told, {**_promise(told, "示例村候车亭", "bus"), **dated, "lead_unit": told.ids["health"]})
    told.tell(
        "erase_personal_data",
        "security_admin",
        "erasure",
        subject=told.ids["household"],
        ground="consent_withdrawn",
        basis="示例受理单 2011-7",
    )
    return told


def _people(told: Story) -> None:
    units = (("civil", "MZ", "示例市民政局"), ("roads", "JT", "示例市交通局"), ("health", "WS", "示例市卫生局"))
    for name, code, title in units:
        told.tell(
            "register_unit", "system_admin", name, code=code, title=title, unit_class="department", region="320585"
        )
    told.tell("rename_unit", "system_admin", "health", title="示例市卫生健康局", reason="机构改革")
    people = (
        ("officer", "承办员", "承办科科员", ["unit_officer"], "roads"),
        ("head", "负责人", "示例市交通局副局长", ["unit_head"], "roads"),
        ("supervisor", "督查员甲", "督查科科员", ["supervisor"], None),
        ("second", "督查员乙", "督查科副科长", ["supervisor"], None),
        ("leader", "分管领导", "示例市副市长", ["leader"], None),
        ("vetter", "审核员", "宣传科科员", ["vetter"], None),
        ("dispatcher", "交办员", "交办科科员", ["dispatcher"], None),
        ("caller", "回访员", "回访科科员", ["caller"], None),
        ("urger", "催办员", "督查科催办员", ["urger"], None),
        ("inspector", "检查员", "检查组组长", ["inspector"], None),
        ("leaving", "调离人员", "民政局科员", ["unit_officer"], "civil"),
    )
    for name, called, title, roles, unit in people:
        body: dict[str, Any] = {"name": called, "title": title, "roles": roles}
        if unit is not None:
            body["unit"] = told.ids[unit]
        told.tell("enrol_person", "security_admin", name, **body)
    told.tell(
        "change_roles", "security_admin", "leaving", roles=["unit_head", "unit_officer"], reason="主持民政局示例科工作"
    )
    told.tell(
        "move_person",
        "security_admin",
        "leaving",
        title="卫生健康局科员",
        unit=told.ids["health"],
        reason="工作调动",
    )
    told.tell("remove_person", "security_admin", "leaving", reason="调离本市")


def _policies(told: Story) -> None:
    told.on("2011-01-10")
    target = {"key": "roads", "text": "硬化村组道路", "quantity": 100, "measure": "公里"}
    policy = {"title": "农村道路惠民实施意见", "effective_on": "2011-01-01", "summary": "三年内硬化全部村组道路。"}
    issued = {"number": "示政发〔2011〕1号", "issuer": told.ids["roads"], **policy, "targets": [target]}
    told.tell("issue_policy", "supervisor", "policy", **issued)
    bus = {"key": "bus", "text": "村村通公交", "quantity": 30, "measure": "个村"}
    told.tell("amend_policy", "leader", "policy", **policy, targets=[target, bus], reason="增加公交目标，其余不变")
    told.tell("issue_policy", "supervisor", "mistaken policy", **{**issued, "number": "示政发〔2011〕2号"})
    told.tell("withdraw_policy", "second", "mistaken policy", reason="与示政发〔2011〕1号重复")


def _partners(told: Story) -> None:
    told.on("2011-01-17")
    for name, title, region in (
        ("village", "示例村", "320585100201"),
        ("old village", "示例旧村", "320585100202"),
        ("gone village", "示例迁建村", "320585100203"),
    ):
        told.tell("register_partner", "dispatcher", name, kind="village", title=title, region=region)
    told.tell(
        "register_partner", "dispatcher", "enterprise", kind="enterprise", title="示例纺织有限公司", region="320585"
    )
    told.tell(
        "update_partner",
        "dispatcher",
        "enterprise",
        title="示例新材料有限公司",
        region="320585",
        reason="企业更名",
    )
    household = {"within": told.ids["village"], "name": "示例户", "address": "示例村一组"}
    told.tell("register_household", "officer", "household", **household)
    told.tell("update_household", "officer", "household", **{**household, "address": "示例村二组"}, reason="迁居")
    told.tell(
        "merge_partner", "dispatcher", "old village", into=told.ids["village"], merged_on="2011-01-17", reason="撤并"
    )
    told.tell("remove_partner", "dispatcher", "gone village", left_on="2011-01-17", reason="整体拆迁")


def _service(told: Story) -> None:
    told.on("2011-02-14")
    unit, village = told.ids["roads"], told.ids["village"]
    classed = {"recurrence": "recurring", "aid": "capacity"}
    visit = {"unit": unit, "partner": village, "visited_on": "2011-02-14", "persons": 3, "purpose": "走访村组道路"}
    told.tell("record_visit", "officer", "visit", **visit, **classed, heard="雨天出行不便")
    told.tell("withdraw_visit", "head", "visit", reason="重复登记")
    pairing = {"unit": unit, "partner": village, "programme": "连心桥", "agreed_on": "2011-02-14"}
    told.tell("agree_pairing", "officer", "pairing", **pairing)
    activity = {"held_on": "2011-02-14", "title": "文明交通进村", "kind": "volunteering", "participants": 40}
    told.tell("hold_activity", "officer", "activity", pairing=told.ids["pairing"], **activity, **classed)
    told.tell("withdraw_activity", "head", "activity", reason="改期举行")
    project = {"title": "一组道路硬化", "unit": unit, "partners": [village], "started_on": "2011-02-14"}
    told.tell("start_project", "officer", "project", **project, planned_fen=5_000_000, **classed)
    told.tell("complete_project", "officer", "project", completed_on="2011-02-14", result="完成 1.2 公里")
    given = {"unit": unit, "project": told.ids["project"], "amount_fen": 4_800_000, "funds": "unit"}
    told.tell("make_contribution", "officer", "contribution", **given, given_on="2011-02-14", **classed)
    told.tell("reverse_contribution", "head", "contribution", reason="记错项目")
    told.tell("withdraw_project", "head", "project", reason="并入承诺事项")
    told.tell("end_pairing", "officer", "pairing", ended_on="2011-02-14", reason="结对期满")
    told.tell("withdraw_pairing", "head", "pairing", reason="登记有误")


def _problems(told: Story) -> None:
    told.on("2011-02-21")
    problem = {"partner": told.ids["enterprise"], "title": "厂区门口道路破损", "raised_on": "2011-02-21"}
    told.tell("raise_problem", "caller", "problem", **problem, detail="货车进出困难", contact_name="示例联系人")
    take = {"unit": told.ids["roads"]}
    told.tell("take_on_problem", "officer", "problem", **take)
    told.tell("hand_back_problem", "officer", "problem", reason="须先勘察权属")
    told.tell("take_on_problem", "dispatcher", "problem", **take)
    told.tell("solve_problem", "officer", "problem", how="完成路面修补", solved_on="2011-02-21")
    told.tell("deny_problem", "caller", "problem", answered_on="2011-02-21", words="仍有积水")
    told.tell("solve_problem", "officer", "problem", how="疏通排水并重铺", solved_on="2011-02-21")
    told.tell("confirm_problem", "caller", "problem", confirmed_on="2011-02-21", words="已解决")
    told.tell("raise_problem", "caller", "double", **problem, detail="重复来电")
    told.tell("withdraw_problem", "supervisor", "double", reason="重复登记")


def _promise(told: Story, title: str, target: str, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "targets": [{"policy": told.ids["policy"], "target": target}],
        "lead_unit": told.ids["roads"],
        "quantity": 12,
        "measure": "公里",
        "starts_on": "2011-03-01",
        "due_on": "2011-09-30",
        "basis": "示政发〔2011〕1号",
        "mandate": "government",
        "urgency": "general",
        "recurrence": "one_off",
        "aid": "capacity",
        "region": "320585",
        **more,
    }


def _commitment(told: Story) -> None:
    told.on("2011-03-01")
    road, reason = "road", "按程序办理"
    files = [{"digest": DIGEST, "captured_at": "2011-03-01T08:30:00+08:00"}]
    told.tell(
        "propose_commitment",
        "supervisor",
        road,
        **_promise(told, "硬化示例村道路12公里", "roads", beneficiary=told.ids["village"]),
    )
    told.tell("register_commitment", "leader", road, note="同意立项")
    told.tell("publish_commitment", "vetter", road, wording="九月底前硬化示例村道路12公里。")
    told.tell("amend_wording", "vetter", road, wording="九月底前硬化示例村村组道路12公里。", reason="表述更准确")
    told.tell("withdraw_wording", "leader", road, reason="道路名称有误")
    told.tell("publish_commitment", "vetter", road, wording="九月底前硬化示例村一、二组道路12公里。")
    told.tell("assign_commitment", "dispatcher", road, supporting=[told.ids["civil"]], instruction="请按月反馈进度")
    told.tell("add_supporting_unit", "dispatcher", road, unit=told.ids["health"], reason="配合改水改厕")
    told.tell("remove_supporting_unit", "dispatcher", road, unit=told.ids["health"], reason="改水改厕另行立项")
    told.tell("acknowledge_commitment", "officer", road)
    told.tell("record_follow_up", "officer", road, quantity=3, note="一组路基完成", evidence=files)
    told.tell("ask_extension", "officer", road, due_on="2011-10-31", reason="汛期停工")
    told.tell("rule_on_extension", "supervisor", road, granted=True, reason="情况属实")
    told.tell("propose_deferral", "dispatcher", road, measures="汛期后复工，先备料", until="2011-04-15")
    told.tell("rule_on_deferral", "leader", road, granted=True, reason="同意挂账")
    told.on("2011-03-15")
    told.tell("resume_commitment", "dispatcher", road, reason="提前复工")
    told.tell("suspend_commitment", "dispatcher", road, ground="管线迁改", until="2011-04-01")
    told.tell("resume_commitment", "dispatcher", road, reason="管线迁改完成")
    report = {"quantity": 12, "note": "全部完工", "evidence": files}
    told.tell("report_fulfilment", "head", road, **report)
    told.tell("order_redo", "supervisor", road, reason="二组路面厚度不足")
    told.tell("report_fulfilment", "head", road, **report)
    told.tell("record_call_back", "caller", road, answer="unreachable")
    told.tell("record_site_check", "second", road, finding="as_reported", note="现场丈量12公里", evidence=files)
    told.tell("verify_commitment", "supervisor", road, quantity=12, note=reason)
    told.tell("close_commitment", "leader", road, outcome="fulfilled", note="同意销号")
    told.on("2011-04-25")
    told.tell("recheck_commitment", "inspector", road, kept=True, note="路面完好", evidence=files)


def _returned(told: Story) -> None:
    bus = "bus"
    told.tell("propose_commitment", "supervisor", bus, **_promise(told, "示例村通公交", "bus"))
    told.tell("register_commitment", "leader", bus, note="同意立项")
    told.tell("assign_commitment", "dispatcher", bus)
    told.tell("ask_return", "officer", bus, reason="线路审批不属本局")
    told.tell("rule_on_return", "dispatcher", bus, reason="应由本局牵头，不予退单")
    told.tell("reassign_commitment", "dispatcher", bus, unit=told.ids["civil"], reason="职责调整")
    told.tell("terminate_commitment", "dispatcher", bus, ground="并入城乡公交一体化方案")
