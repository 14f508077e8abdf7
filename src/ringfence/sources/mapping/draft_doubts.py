"""What the writer of a drafted mapping is asked, in both languages."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.sources.mapping.roles import Guess

MARK = Text("# DOUBT: ", "# 存疑：")

ORIGIN = Text(
    "say where such files come from and what is known of their form",
    "请说明此类文件的来源及已知的格式情况",
)
ZONE = Text(
    "the zone of times that are written without an offset", "未写时区偏移的时间属于哪个时区"
)
NOT_TAKEN = Text(
    "columns that are not taken; give a field to those that matter",
    "以下各列未采用；重要的列请为其定义字段",
)
BY_VALUES = Text("found by its values, not by its header", "依据值而非表头识别")
NAME_AS_KEY = Text(
    "a name is no key; is there a code, or are names written one way?",
    "名称不能作编码：是否另有编码列，或名称写法是否统一？",
)
WORDS = Text("say what each word means", "请说明每个词的含义")
SPOILT = Text(
    "most of those were rounded by a spreadsheet or masked: ask for the original, with the column "
    "formatted as text",
    "其中多为被电子表格四舍五入或已脱敏的号码：请索取原始文件，并将该列设为文本格式",
)
BY_PHONE = Text(
    "whoever has the same telephone is taken for one person; a family may share one, and a child "
    "may give a parent's",
    "电话相同者将视为同一人；但家人可能共用，儿童可能填写家长的电话",
)
ADDRESS = Text(
    "is the address where the person lives, and does it name the city?\n"
    "Where it does not, and all are of your jurisdiction, add `within: home`.",
    "该地址是否为本人居住地，且是否写明城市？\n若未写明且均在本辖区内，请加 `within: home`。",
)
STAY = Text(
    "is this a stay from start to end, and is the place's code its key?",
    "是否为自开始至结束的停留？场所编码是否即其唯一编码？",
)
EVENT = Text(
    "what happened at that moment: scan, payment or gate?",
    "该时刻发生了什么：扫码（scan）、支付（payment）还是过闸（gate）？",
)
RIDE = Text("the day of the run is part of its key", "车次的运行日期是其编码的一部分")
NO_RECORD = Text(
    "no record of a stay, an event, a ride or a test was recognised",
    "未能识别出停留、事件、乘车或检测记录",
)
NO_PLACE = Text(
    "no column tells the place: where the whole file is of one place, give each record "
    "`place: {text: ITS-KEY}`",
    "没有说明场所的列：若整个文件属于同一场所，请在记录中写 place: {text: 场所编码}",
)
PLACE = Text(
    "say of which kind each place is: rules depend on it",
    "请说明每个场所的类型：判定规则取决于此",
)
WHOSE_POSITION = Text(
    "do the coordinates say where the place lies, or where a person or telephone was?\n"
    "Positions of persons are not taken: then list both columns under `ignored`.",
    "坐标是场所的位置，还是人员或手机当时的位置？\n"
    "人员位置不予采集：若为后者，请将两列列入 ignored。",
)
DATUM = Text(
    "in which datum are the coordinates? wgs-84: GPS, OpenStreetMap; gcj-02: Amap, Tencent; "
    "bd-09: Baidu.\nA wrong one moves every place by 100 to 1,500 m: look up a known place.",
    "坐标属于哪种坐标系？wgs-84：GPS、OpenStreetMap；gcj-02：高德、腾讯；bd-09：百度。\n"
    "写错会使所有场所偏移 100 至 1500 米：请用一处已知场所核对。",
)
_KINDS = {
    "datetime": Text("a date and time", "日期时间"),
    "date": Text("a date", "日期"),
    "time": Text("a time of day", "时刻"),
}


def first_table(name: str, others: int) -> Text:
    sheet = _in_line(name)
    return Text(
        f'"{sheet}" is the first visible sheet that looks like a table; {others} more are not '
        'read; draft --sheet NAME takes another, sheet: "*" reads all that have this header',
        f"“{sheet}”是第一个像数据表的可见工作表，另有 {others} 个未读取；"
        '起草时可用 --sheet 名称 另选，sheet: "*" 读取所有表头相同的工作表',
    )


def misfits(one: Guess, emptied: bool) -> Text:
    """What will happen to the values that are not of the kind."""
    share = _share(1 - one.fits)
    rest = Text("they are left out", "这些值将留空")
    if not emptied:
        rest = Text("those rows are set aside", "这些行将被隔离待查")
    return Text(
        f"{share.en} % of the values are no {one.kind}; {rest.en}",
        f"{share.zh} % 的值不是 {one.kind}；{rest.zh}",
    )


def empty(one: Guess) -> Text:
    share = _share(1 - one.filled)
    return Text(
        f"{share.en} % of the rows have no value here; those rows are set aside",
        f"{share.zh} % 的行此处为空；这些行将被隔离待查",
    )


def mostly_later(first: Guess) -> Text:
    name = " + ".join(map(_in_line, first.columns))
    return Text(
        f'mostly later than "{name}" and so taken for the end: is it?',
        f"多数晚于“{name}”，故作为结束时间：是否如此？",
    )


def past_midnight(earlier: float) -> Text:
    share = _share(earlier)
    return Text(
        f"in {share.en} % of the rows before the start, and so taken for the day after: is it?",
        f"{share.zh} % 的行早于开始时间，故视为次日：是否如此？",
    )


def _in_line(name: str) -> str:
    """A comment ends with its line."""
    return " ".join(name.split())


def _share(part: float) -> Text:
    told = f"{part * 100:.0f}"
    return Text("under 1", "不到 1") if part < 0.01 else Text(told, told)


def rivals(forms: tuple[str, ...]) -> Text:
    told = ", ".join(forms)
    return Text(f"these forms fit as well: {told}", f"以下格式同样适合：{told}")


def unused_time(one: Guess) -> Text:
    kind, names = _KINDS[one.kind], [_in_line(name) for name in one.columns]
    name, zh_name = '" + "'.join(names), "”与“".join(names)
    form = f" (forms: [{one.forms[0]}])" if one.forms else ""
    return Text(
        f'"{name}" looks like {kind.en}{form}, and no record uses it',
        f"“{zh_name}”像是{kind.zh}{form}，但没有记录使用它",
    )
