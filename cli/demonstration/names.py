"""Invented names. Persons are drawn from common surnames and given-name characters; phones from an exchange (0000)
that no network assigns."""

from collections.abc import Callable
from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志成海燕春生永福家宝文彬雅琴小龙国栋晓峰"
    "云飞雨晨立新正阳光辉思远学良瑞祥美玲凤珍月仙根林阿兴金妹水泉炳泰耀庭仁义礼智信和顺安康宁浩然子涵欣怡"
)
VILLAGE_HEADS = "永新东西南北万太长泰三五双兴吴陆杨新洪建民胜利庆丰光明红和平向阳团结塘泾桥港湾溪"
VILLAGE_TAILS = "丰庄塘泾桥湾浜渡桢星联民建明阳洋溪安乐林园村圩港墅巷泽"
COMMUNITY_HEADS = (
    "东仓",
    "梅园",
    "桃园",
    "惠阳",
    "县府",
    "弇山",
    "新毛",
    "武陵",
    "柳园",
    "兰苑",
    "康乐",
    "华盛",
    "太平",
    "朝阳",
    "人民",
    "洋沙",
    "府南",
    "府北",
    "南园",
    "西郊",
    "南郊",
    "北郊",
    "胜利",
    "向东",
    "锦州",
    "惠众",
    "景瑞",
    "上海东路",
    "滨河",
    "高成",
    "金湖",
    "银杏",
    "春江",
    "秋月",
    "荷塘",
    "月季",
    "海棠",
    "丁香",
    "梧桐",
    "青松",
    "翠竹",
    "碧云",
    "望江",
    "临湖",
    "泰和",
    "瑞祥",
    "万安",
    "长宁",
    "安居",
    "乐业",
    "和美",
    "团结",
    "友谊",
    "新华",
    "建设",
    "光华",
    "振兴",
    "文昌",
    "学府",
    "书香",
)
TRADES = (
    "精密机械",
    "电子科技",
    "纺织",
    "化纤",
    "服饰",
    "汽车零部件",
    "轴承",
    "模具",
    "塑业",
    "包装",
    "印刷",
    "食品",
    "饲料",
    "生物技术",
    "医疗器械",
    "新材料",
    "涂料",
    "建材",
    "钢结构",
    "五金制品",
    "电器",
    "照明",
    "光伏科技",
    "环保设备",
    "物流",
    "港口服务",
    "软件",
    "自动化设备",
    "家具",
    "木业",
    "玩具",
    "体育用品",
    "羽绒制品",
    "农产品加工",
    "水产养殖",
    "园艺",
    "船舶配件",
    "紧固件",
    "弹簧",
    "铸造",
)
BRAND_HEADS = "恒宏鑫华盛瑞嘉德诚信泰顺永昌茂源隆达丰亿博世康明远翔飞科创联合金银玉晶天海江"
BRAND_TAILS = "达源盛泰丰隆昌茂利通翔宇辉腾耀润泽创科联业成发兴旺凯悦"
STREETS = (
    "人民路",
    "上海路",
    "郑和路",
    "太平路",
    "朝阳路",
    "新华路",
    "县府街",
    "东仓路",
    "弇山路",
    "府南街",
    "滨河路",
    "向阳路",
)


def person(random: Random) -> str:
    """Two or three characters."""
    return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))


def phone(random: Random) -> str:
    return f"0512-0000{random.randrange(10_000):04d}"


def address(random: Random, place: str) -> str:
    if place.endswith("村"):
        return f"{place}{random.randrange(1, 38)}组{random.randrange(1, 90)}号"
    door = f"{random.randrange(1, 30)}幢{random.randrange(1, 7)}0{random.randrange(1, 5)}室"
    return f"{place}{random.choice(STREETS)}{random.randrange(1, 400)}号{door}"


def villages(random: Random, count: int) -> list[str]:
    """Distinct village names."""
    return _distinct(count, lambda: f"{random.choice(VILLAGE_HEADS)}{random.choice(VILLAGE_TAILS)}村")


def communities(random: Random, count: int) -> list[str]:
    """Distinct community names; at most as many as are listed."""
    return [f"{name}社区" for name in random.sample(COMMUNITY_HEADS, count)]


def enterprises(random: Random, count: int) -> list[str]:
    """Distinct enterprise names."""

    def one() -> str:
        brand = random.choice(BRAND_HEADS) + random.choice(BRAND_TAILS)
        where = random.choice(("太仓", "太仓", "太仓", "苏州", "江苏"))
        return f"{where}{brand}{random.choice(TRADES)}有限公司"

    return _distinct(count, one)


def _distinct(count: int, one: Callable[[], str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[one()] = None
    return list(found)
