"""Every enumerated vocabulary, with the Chinese term beside the English one.

A place's kind, a link's relation or a service's kind decides the *setting* of an exposure.
"""

from __future__ import annotations

from enum import StrEnum

from ringfence.errors import Text


class Setting(StrEnum):
    """Where an exposure happened, as contact rules speak of it."""

    HOUSEHOLD = "household"
    CARE = "care"
    DINING = "dining"
    ENTERTAINMENT = "entertainment"
    WORK = "work"
    SCHOOL = "school"
    RETAIL = "retail"
    HEALTHCARE = "healthcare"
    LODGING = "lodging"
    GATHERING = "gathering"
    SERVICE = "service"
    FACILITY = "facility"
    TRANSPORT_HUB = "transport_hub"
    OUTDOOR = "outdoor"
    AIRCRAFT = "aircraft"
    TRAIN = "train"
    COACH = "coach"
    BUS = "bus"
    METRO = "metro"
    SHIP = "ship"
    CAR = "car"
    ENCOUNTER = "encounter"
    SOCIAL = "social"
    OTHER = "other"


SETTING_TERMS: dict[Setting, Text] = {
    Setting.HOUSEHOLD: Text("household", "同住"),
    Setting.CARE: Text("care", "诊疗护理"),
    Setting.DINING: Text("dining", "聚餐"),
    Setting.ENTERTAINMENT: Text("entertainment", "娱乐"),
    Setting.WORK: Text("work", "工作"),
    Setting.SCHOOL: Text("school", "学习"),
    Setting.RETAIL: Text("shopping", "购物"),
    Setting.HEALTHCARE: Text("health care", "就医"),
    Setting.LODGING: Text("lodging", "住宿"),
    Setting.GATHERING: Text("gathering", "聚集活动"),
    Setting.SERVICE: Text("services", "生活服务"),
    Setting.FACILITY: Text("shared facility", "共用设施"),
    Setting.TRANSPORT_HUB: Text("transport hub", "交通枢纽"),
    Setting.OUTDOOR: Text("outdoors", "室外"),
    Setting.AIRCRAFT: Text("aircraft", "飞机"),
    Setting.TRAIN: Text("train", "火车"),
    Setting.COACH: Text("coach", "长途客车"),
    Setting.BUS: Text("bus", "公交车"),
    Setting.METRO: Text("metro", "地铁"),
    Setting.SHIP: Text("ship", "轮船"),
    Setting.CAR: Text("car", "小汽车"),
    Setting.ENCOUNTER: Text("measured encounter", "近距离接触记录"),
    Setting.SOCIAL: Text("declared contact", "申报接触"),
    Setting.OTHER: Text("other", "其他"),
}

PLACE_KINDS: dict[str, tuple[Setting, Text]] = {
    "home": (Setting.HOUSEHOLD, Text("home", "住宅")),
    "dormitory": (Setting.HOUSEHOLD, Text("dormitory", "宿舍")),
    "restaurant": (Setting.DINING, Text("restaurant", "餐馆")),
    "canteen": (Setting.DINING, Text("canteen", "食堂")),
    "cafe": (Setting.DINING, Text("cafe", "咖啡馆")),
    "food_court": (Setting.DINING, Text("food court", "美食广场")),
    "bar": (Setting.ENTERTAINMENT, Text("bar", "酒吧")),
    "nightclub": (Setting.ENTERTAINMENT, Text("nightclub", "夜总会")),
    "ktv": (Setting.ENTERTAINMENT, Text("karaoke", "KTV")),
    "cinema": (Setting.ENTERTAINMENT, Text("cinema", "电影院")),
    "theatre": (Setting.ENTERTAINMENT, Text("theatre", "剧院")),
    "internet_cafe": (Setting.ENTERTAINMENT, Text("internet cafe", "网吧")),
    "mahjong": (Setting.ENTERTAINMENT, Text("mahjong room", "棋牌室")),
    "gym": (Setting.ENTERTAINMENT, Text("gym", "健身房")),
    "bathhouse": (Setting.ENTERTAINMENT, Text("bathhouse", "浴室")),
    "pool": (Setting.ENTERTAINMENT, Text("swimming pool", "游泳馆")),
    "office": (Setting.WORK, Text("office", "办公室")),
    "factory": (Setting.WORK, Text("factory", "工厂")),
    "warehouse": (Setting.WORK, Text("warehouse", "仓库")),
    "construction_site": (Setting.WORK, Text("construction site", "工地")),
    "farm": (Setting.WORK, Text("farm", "农场")),
    "workplace": (Setting.WORK, Text("workplace", "工作场所")),
    "kindergarten": (Setting.SCHOOL, Text("kindergarten", "幼儿园")),
    "school": (Setting.SCHOOL, Text("school", "学校")),
    "university": (Setting.SCHOOL, Text("university", "大学")),
    "training_centre": (Setting.SCHOOL, Text("training centre", "培训机构")),
    "library": (Setting.SCHOOL, Text("library", "图书馆")),
    "shop": (Setting.RETAIL, Text("shop", "商店")),
    "supermarket": (Setting.RETAIL, Text("supermarket", "超市")),
    "mall": (Setting.RETAIL, Text("shopping mall", "商场")),
    "market": (Setting.RETAIL, Text("market", "市场")),
    "wholesale_market": (Setting.RETAIL, Text("wholesale market", "批发市场")),
    "pharmacy": (Setting.RETAIL, Text("pharmacy", "药店")),
    "hospital": (Setting.HEALTHCARE, Text("hospital", "医院")),
    "clinic": (Setting.HEALTHCARE, Text("clinic", "诊所")),
    "fever_clinic": (Setting.HEALTHCARE, Text("fever clinic", "发热门诊")),
    "laboratory": (Setting.HEALTHCARE, Text("laboratory", "实验室")),
    "test_site": (Setting.HEALTHCARE, Text("sampling site", "采样点")),
    "vaccination_site": (Setting.HEALTHCARE, Text("vaccination site", "接种点")),
    "nursing_home": (Setting.CARE, Text("nursing home", "养老院")),
    "hotel": (Setting.LODGING, Text("hotel", "酒店")),
    "isolation_site": (Setting.LODGING, Text("isolation site", "隔离点")),
    "banquet_hall": (Setting.DINING, Text("banquet hall", "宴会厅")),
    "worship": (Setting.GATHERING, Text("place of worship", "宗教场所")),
    "funeral_home": (Setting.GATHERING, Text("funeral home", "殡仪馆")),
    "stadium": (Setting.GATHERING, Text("stadium", "体育馆")),
    "conference": (Setting.GATHERING, Text("conference venue", "会议场所")),
    "exhibition": (Setting.GATHERING, Text("exhibition", "展览馆")),
    "prison": (Setting.GATHERING, Text("prison", "监所")),
    "bank": (Setting.SERVICE, Text("bank", "银行")),
    "salon": (Setting.SERVICE, Text("salon", "理发美容店")),
    "service_hall": (Setting.SERVICE, Text("service hall", "办事大厅")),
    "post_office": (Setting.SERVICE, Text("post or parcel office", "邮政快递点")),
    "lift": (Setting.FACILITY, Text("lift", "电梯")),
    "toilet": (Setting.FACILITY, Text("toilet", "卫生间")),
    "stairwell": (Setting.FACILITY, Text("stairwell", "楼道")),
    "station": (Setting.TRANSPORT_HUB, Text("station", "车站")),
    "airport": (Setting.TRANSPORT_HUB, Text("airport", "机场")),
    "port": (Setting.TRANSPORT_HUB, Text("port", "港口")),
    "checkpoint": (Setting.TRANSPORT_HUB, Text("checkpoint", "卡口")),
    "park": (Setting.OUTDOOR, Text("park", "公园")),
    "street": (Setting.OUTDOOR, Text("street", "街道")),
    "outdoor": (Setting.OUTDOOR, Text("outdoor place", "室外场所")),
    "aircraft": (Setting.AIRCRAFT, Text("aircraft", "飞机")),
    "train": (Setting.TRAIN, Text("train", "火车")),
    "coach": (Setting.COACH, Text("coach", "长途客车")),
    "bus": (Setting.BUS, Text("bus", "公交车")),
    "metro": (Setting.METRO, Text("metro", "地铁")),
    "ship": (Setting.SHIP, Text("ship", "轮船")),
    "taxi": (Setting.CAR, Text("taxi", "出租车")),
    "car": (Setting.CAR, Text("car", "小汽车")),
    "other": (Setting.OTHER, Text("other place", "其他场所")),
}

RELATIONS: dict[str, tuple[Setting, Text]] = {
    "household": (Setting.HOUSEHOLD, Text("lives in the same household", "同住")),
    "visitor": (Setting.HOUSEHOLD, Text("visited the household", "探访")),
    "care": (Setting.CARE, Text("cared for", "照料护理")),
    "colleague": (Setting.WORK, Text("worked together", "同事")),
    "same_table": (Setting.DINING, Text("ate at the same table", "同桌就餐")),
    "adjacent_table": (Setting.DINING, Text("ate at the next table", "邻桌就餐")),
    "passing": (Setting.DINING, Text("often passed by while dining", "就餐时频繁经过")),
    "physical": (Setting.SOCIAL, Text("touched", "身体接触")),
    "reported": (Setting.SOCIAL, Text("reported as a contact", "申报为接触者")),
}

SERVICE_KINDS: dict[str, tuple[Setting, Text]] = {
    "aircraft": (Setting.AIRCRAFT, Text("flight", "航班")),
    "train": (Setting.TRAIN, Text("train", "列车")),
    "coach": (Setting.COACH, Text("coach", "长途客车")),
    "bus": (Setting.BUS, Text("bus", "公交车")),
    "metro": (Setting.METRO, Text("metro", "地铁")),
    "ship": (Setting.SHIP, Text("ship", "轮船")),
    "taxi": (Setting.CAR, Text("taxi", "出租车")),
    "car": (Setting.CAR, Text("car", "小汽车")),
}

CERTAINTIES: dict[str, Text] = {
    "measured": Text("measured", "实测"),
    "recorded": Text("recorded", "记录"),
    "declared": Text("declared", "申报"),
    "assumed": Text("assumed", "推定"),
    "denied": Text("denied", "否认"),
}
"""Evidence grades, strongest first."""

EVENT_KINDS: dict[str, Text] = {
    "payment": Text("payment", "支付"),
    "scan": Text("scan", "扫码"),
    "gate": Text("gate", "闸机"),
}

CLASSIFICATIONS: dict[str, Text] = {
    "confirmed": Text("confirmed", "确诊"),
    "probable": Text("probable", "临床诊断"),
    "suspected": Text("suspected", "疑似"),
    "discarded": Text("discarded", "排除"),
}

CASE_EVENT_KINDS: dict[str, Text] = {
    "onset": Text("onset", "发病"),
    "report": Text("report", "报告"),
    "rash": Text("rash", "出疹"),
    "cough": Text("cough", "咳嗽"),
    "treatment": Text("treatment", "治疗"),
    "isolated": Text("isolated", "隔离"),
    "released": Text("released", "解除"),
    "withdrawn": Text("withdrawn", "订正撤销"),
}

PRECISIONS: dict[str, Text] = {
    "day": Text("to the day", "精确到日"),
    "minute": Text("to the minute", "精确到分"),
    "instant": Text("exact", "精确"),
}

TEST_RESULTS: dict[str, Text] = {
    "positive": Text("positive", "阳性"),
    "negative": Text("negative", "阴性"),
    "inconclusive": Text("inconclusive", "可疑"),
}

MEASURE_KINDS: dict[str, Text] = {
    "facility": Text("quarantine in a facility", "集中隔离"),
    "home": Text("quarantine at home", "居家隔离"),
    "hospital": Text("isolation in hospital", "住院隔离"),
    "monitoring": Text("health monitoring", "健康监测"),
    "testing": Text("testing", "核酸检测"),
}
ISOLATING_MEASURES: frozenset[str] = frozenset({"facility", "home", "hospital"})

ROLES: dict[str, Text] = {
    "visitor": Text("visitor", "访客"),
    "resident": Text("resident", "住户"),
    "customer": Text("customer", "顾客"),
    "staff": Text("staff", "工作人员"),
    "carer": Text("carer", "照护者"),
    "health_worker": Text("health worker", "医务人员"),
    "patient": Text("patient", "患者"),
    "student": Text("student", "学生"),
    "teacher": Text("teacher", "教师"),
    "passenger": Text("passenger", "乘客"),
    "crew": Text("crew", "乘务人员"),
    "driver": Text("driver", "司机"),
    "courier": Text("courier", "快递员"),
    "other": Text("other", "其他"),
}

VENTILATIONS: dict[str, Text] = {
    "good": Text("well ventilated", "通风良好"),
    "poor": Text("poorly ventilated", "通风不良"),
    "open_air": Text("open air", "露天"),
}

SEXES: dict[str, Text] = {
    "female": Text("female", "女"),
    "male": Text("male", "男"),
    "other": Text("other", "其他"),
}

ID_KINDS: dict[str, Text] = {
    "resident": Text("resident identity card", "居民身份证"),
    "foreign_resident": Text("foreign permanent resident card", "外国人永久居留身份证"),
    "hk_macau_pass": Text("Hong Kong or Macau pass", "港澳居民来往内地通行证"),
    "taiwan_pass": Text("Taiwan pass", "台湾居民来往大陆通行证"),
    "hmt_permit": Text("Hong Kong, Macau or Taiwan residence permit", "港澳台居民居住证"),
    "passport": Text("passport", "护照"),
    "other": Text("other document", "其他证件"),
}

AREA_LEVELS: dict[str, Text] = {
    "high": Text("high risk", "高风险"),
    "medium": Text("medium risk", "中风险"),
    "low": Text("low risk", "低风险"),
}

JURISDICTION_LEVELS: dict[str, Text] = {
    "country": Text("country", "国家"),
    "province": Text("province", "省"),
    "city": Text("city", "市"),
    "district": Text("district", "区县"),
    "street": Text("street", "街道"),
    "community": Text("community", "社区"),
    "grid": Text("grid", "网格"),
}

RIDE_STATUSES: dict[str, Text] = {
    "ticketed": Text("ticketed", "已购票"),
    "boarded": Text("boarded", "已乘车"),
    "declared": Text("told in an interview", "自述乘坐"),
    "no_show": Text("did not board", "未乘车"),
    "refunded": Text("refunded", "已退票"),
}


def place_setting(kind: str | None) -> Setting | None:
    """Setting of a place's kind; None where no file has described the place yet."""
    return None if kind is None else PLACE_KINDS[kind][0]


def relation_setting(relation: str) -> Setting:
    return RELATIONS[relation][0]
