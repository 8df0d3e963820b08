"""The offices of the year: code, name, class, and the division where they act. 320585 is Taicang."""

from typing import NamedTuple

CITY = "320585"


class Office(NamedTuple):
    code: str
    title: str
    unit_class: str
    region: str = CITY


COUNCIL = "DC"
"""督查室: it supervises and leads no commitment."""

DEPARTMENTS = (
    Office("DC", "中共太仓市委市政府督查室", "department"),
    Office("JG", "中共太仓市委市级机关工作委员会", "department"),
    Office("MZ", "太仓市民政局", "department"),
    Office("RS", "太仓市人力资源和社会保障局", "department"),
    Office("WS", "太仓市卫生局", "department"),
    Office("JY", "太仓市教育局", "department"),
    Office("ZJ", "太仓市住房和城乡建设局", "department"),
    Office("JT", "太仓市交通运输局", "department"),
    Office("SL", "太仓市水利局", "department"),
    Office("NW", "太仓市农业委员会", "department"),
    Office("HB", "太仓市环境保护局", "department"),
    Office("JX", "太仓市经济和信息化委员会", "department"),
    Office("SW", "太仓市商务局", "department"),
    Office("CZ", "太仓市财政局", "department"),
    Office("KJ", "太仓市科学技术局", "department"),
    Office("WG", "太仓市文化广电新闻出版局", "department"),
    Office("TY", "太仓市体育局", "department"),
    Office("GA", "太仓市公安局", "department"),
    Office("SF", "太仓市司法局", "department"),
    Office("AJ", "太仓市安全生产监督管理局", "department"),
    Office("YJ", "太仓市食品药品监督管理局", "department"),
    Office("GS", "太仓工商行政管理局", "department"),
    Office("GT", "太仓市国土资源局", "department"),
    Office("GH", "太仓市规划局", "department"),
    Office("CG", "太仓市城市管理局", "department"),
    Office("JS", "太仓市人口和计划生育委员会", "department"),
    Office("FG", "太仓市发展和改革委员会", "department"),
    Office("SX", "太仓市行政服务中心", "department"),
)
TOWNS = (
    Office("CX", "城厢镇", "town", "320585100"),
    Office("SX1", "沙溪镇", "town", "320585101"),
    Office("LH", "浏河镇", "town", "320585102"),
    Office("FQ", "浮桥镇", "town", "320585103"),
    Office("HJ", "璜泾镇", "town", "320585104"),
    Office("SF1", "双凤镇", "town", "320585105"),
    Office("LD", "陆渡镇", "town", "320585106"),
    Office("GQ", "太仓港经济技术开发区", "town", "320585107"),
    Office("KQ", "太仓经济开发区", "town", "320585108"),
)
GROUPS = (
    Office("GH1", "太仓市总工会", "group"),
    Office("TW", "共青团太仓市委员会", "group"),
    Office("FL", "太仓市妇女联合会", "group"),
    Office("CL", "太仓市残疾人联合会", "group"),
    Office("GL", "太仓市工商业联合会", "group"),
    Office("HS", "太仓市红十字会", "group"),
)
ENTERPRISES = (
    Office("SW1", "太仓市自来水公司", "enterprise"),
    Office("GJ", "太仓市公共交通公司", "enterprise"),
    Office("CT", "太仓市城市建设投资集团", "enterprise"),
    Office("RQ", "太仓市天然气公司", "enterprise"),
)
OFFICES = (*DEPARTMENTS, *TOWNS, *GROUPS, *ENTERPRISES)
