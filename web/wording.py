"""What people read for a stored word: Chinese first, English second. A word without an entry is shown as it is."""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


Words = Mapping[str, tuple[str, str]]

STAGES: Words = {
    "proposed": ("已提出", "proposed"),
    "registered": ("已立项", "registered"),
    "assigned": ("已交办", "assigned"),
    "return_asked": ("申请退单", "return asked"),
    "in_progress": ("办理中", "in progress"),
    "deferred": ("挂账", "deferred"),
    "suspended": ("中止", "suspended"),
    "reported": ("已反馈", "reported"),
    "verified": ("已核验", "verified"),
    "closed": ("已销号", "closed"),
    "archived": ("已归档", "archived"),
    "terminated": ("已终止", "terminated"),
}
"""In the order in which work goes through them."""

LAMPS: Words = {
    "red": ("红灯·逾期", "red: overdue"),
    "yellow": ("黄灯·临期或滞后", "yellow: close or behind"),
    "green": ("绿灯·正常", "green: on track"),
    "paused": ("停表", "clock stopped"),
    "off": ("不计时", "no clock"),
}

LAMPS_SHORT: Words = {
    "red": ("红", "red"),
    "yellow": ("黄", "yellow"),
    "green": ("绿", "green"),
    "paused": ("停表", "stopped"),
    "off": ("不计时", "no clock"),
}

SORTS: Words = {
    "due": ("期限由近到远", "due first"),
    "-due": ("期限由远到近", "due last"),
    "proposed": ("提出由早到晚", "oldest first"),
    "-proposed": ("提出由晚到早", "newest first"),
}

FIGURES: Words = {
    "field_visits": ("下基层", "Field visits"),
    "problems_solved": ("解决企业问题", "Enterprise problems solved"),
    "activities": ("共建活动", "Joint activities"),
    "projects": ("共建项目", "Joint projects"),
    "funds_fen": ("投入资金", "Funds put in"),
    "partners.village": ("结对村", "Paired villages"),
    "partners.community": ("结对社区", "Paired communities"),
    "partners.enterprise": ("结对企业", "Paired enterprises"),
}

MEASURES: Words = {
    "field_visits": ("人次", "person-visits"),
    "problems_solved": ("项", ""),
    "activities": ("次", ""),
    "projects": ("个", ""),
    "funds_fen": ("万元", "×10,000 yuan"),
    "partners.village": ("个", ""),
    "partners.community": ("个", ""),
    "partners.enterprise": ("家", ""),
}

BENEFICIARIES: Words = {
    "nobody": ("不特定群众", "the public at large"),
    "sealed": ("密封", "sealed"),
}

OUTCOMES: Words = {
    "fulfilled": ("兑现", "fulfilled"),
    "partly": ("部分兑现", "partly fulfilled"),
    "not_fulfilled": ("未兑现", "not fulfilled"),
    "overtaken": ("情况变化", "overtaken by events"),
    "explained": ("解释说明", "explained"),
}

MANDATES: Words = {
    "government": ("政府督查", "government supervision"),
    "party": ("党委督查", "Party supervision"),
    "hotline": ("12345 督办", "12345 hotline"),
    "promise": ("公开承诺", "public promise"),
}

URGENCIES: Words = {
    "urgent": ("紧急", "urgent"),
    "utilities": ("水电气热等", "utilities"),
    "general": ("一般", "general"),
}

UNIT_CLASSES: Words = {
    "department": ("市级部门", "departments"),
    "town": ("镇（街道）", "towns"),
    "enterprise": ("国有企业", "state enterprises"),
    "group": ("群团组织", "mass organisations"),
}

CHANNELS: Words = {
    "window": ("窗口", "window"),
    "hotline": ("热线", "hotline"),
    "network": ("网络", "network"),
    "station": ("站点", "station"),
    "visit": ("下基层", "field visit"),
    "system": ("系统", "system"),
}

RECURRENCES: Words = {
    "one_off": ("一次性", "one-off"),
    "recurring": ("定期", "recurring"),
    "standing": ("常态", "standing"),
}

AIDS: Words = {
    "relief": ("输血", "relief"),
    "capacity": ("造血", "capacity"),
}


def said(words: Words, word: str, language: Language) -> str:
    """`word` as people read it."""
    found = words.get(word)
    return word if found is None else found[language is Language.ENGLISH]
