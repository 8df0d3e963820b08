"""Address of the erasure of personal data (PIPL art. 47)."""

from api.commands import Door, Noun
from domain.erasure import ErasePersonalData

ERASURES = Noun(
    "删除个人信息",
    "Erasures",
    (Door("/v1/erasures", ErasePersonalData, "删除个人信息", "Erase personal data"),),
)
