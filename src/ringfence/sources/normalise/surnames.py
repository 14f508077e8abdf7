"""Surnames that are read otherwise than the same sign is elsewhere (现代汉语词典, entries 姓)."""

from __future__ import annotations

SINGLE: dict[str, str] = {
    "单": "shan", "單": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou",
    "朴": "piao", "查": "zha", "盖": "ge", "蓋": "ge", "缪": "miao", "繆": "miao", "乐": "yue",
    "樂": "yue", "员": "yun", "員": "yun", "覃": "qin", "翟": "zhai", "召": "shao", "折": "she",
    "隗": "wei", "任": "ren", "洗": "xian", "冼": "xian", "秘": "bi", "祕": "bi", "种": "chong",
    "尹": "yin", "繁": "po", "那": "na", "能": "nai", "宓": "mi", "晟": "cheng", "逄": "pang",
    "教": "jiao", "车": "che", "車": "che", "都": "du", "句": "gou", "勾": "gou", "谌": "chen",
    "諶": "chen", "尉": "wei", "哈": "ha", "黑": "he", "撒": "sa", "吾": "wu", "牟": "mu",
    "么": "yao", "幺": "yao", "令": "ling", "过": "guo", "過": "guo", "葛": "ge", "华": "hua",
    "宁": "ning", "寧": "ning", "纪": "ji", "紀": "ji", "应": "ying", "應": "ying", "芮": "rui",
    "柏": "bai", "佴": "nai", "阚": "kan", "闞": "kan", "郗": "xi", "燕": "yan", "郇": "xun",
    "万": "wan", "冯": "feng", "馮": "feng", "贾": "jia", "賈": "jia", "沈": "shen", "藏": "zang",
    "臧": "zang", "适": "kuo", "莘": "shen", "卜": "bu", "璩": "qu", "綦": "qi", "郏": "jia",
    "鲜": "xian", "鮮": "xian", "行": "xing", "重": "chong", "石": "shi", "薄": "bo", "长": "chang",
}  # fmt: skip

DOUBLE: dict[str, tuple[str, str]] = {
    "欧阳": ("ou", "yang"), "歐陽": ("ou", "yang"), "司马": ("si", "ma"), "司馬": ("si", "ma"),
    "上官": ("shang", "guan"), "诸葛": ("zhu", "ge"), "諸葛": ("zhu", "ge"),
    "尉迟": ("yu", "chi"), "尉遲": ("yu", "chi"), "长孙": ("zhang", "sun"),
    "長孫": ("zhang", "sun"), "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"), "单于": ("chan", "yu"), "司徒": ("si", "tu"),
    "司空": ("si", "kong"), "皇甫": ("huang", "fu"), "令狐": ("ling", "hu"),
    "慕容": ("mu", "rong"), "宇文": ("yu", "wen"), "夏侯": ("xia", "hou"),
    "公孙": ("gong", "sun"), "公孫": ("gong", "sun"), "轩辕": ("xuan", "yuan"),
    "端木": ("duan", "mu"), "东方": ("dong", "fang"), "東方": ("dong", "fang"),
    "独孤": ("du", "gu"), "南宫": ("nan", "gong"), "西门": ("xi", "men"),
    "闻人": ("wen", "ren"), "钟离": ("zhong", "li"), "鲜于": ("xian", "yu"),
    "呼延": ("hu", "yan"), "赫连": ("he", "lian"), "申屠": ("shen", "tu"),
    "太史": ("tai", "shi"), "濮阳": ("pu", "yang"), "淳于": ("chun", "yu"),
    "宗政": ("zong", "zheng"), "拓跋": ("tuo", "ba"), "乐正": ("yue", "zheng"),
    "宰父": ("zai", "fu"), "谷梁": ("gu", "liang"), "百里": ("bai", "li"),
}  # fmt: skip
