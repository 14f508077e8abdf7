"""Why a row is set aside: each sentence says what would be right and never quotes the value."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.records import Column, Tense


class RefusedError(Exception):
    """A value that its column does not take."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


EMPTY = Text("is empty or unknown, but must be given", "不能为空，也不能填“unknown”")
NUL = Text(
    "contains a NUL byte; remove it or export the file again as text",
    "含有空字节（NUL）；请删除，或重新导出为文本",
)
CONTROL = Text(
    "contains a control character; use printable characters only",
    "含有控制字符；只能使用可见字符",
)
LINE_BREAK = Text(
    "contains a line break; put the value on one line", "含有换行；请将该值写在一行内"
)
FORMULA = Text(
    "starts with = + - or @, as a spreadsheet formula does; remove that character",
    "以 = + - 或 @ 开头（会被当作表格公式）；请删除该字符",
)
EDGE_SPACE = Text(
    "starts or ends with a space; a key has none there", "首尾有空格；编号首尾不能有空格"
)
KEY_CHARACTER = Text(
    "has a character that a key cannot have; use letters, digits, CJK and _ - . : / # ( ) ·",
    "含有编号不允许的字符；请使用字母、数字、汉字以及 _ - . : / # ( ) ·",
)
KEY_LENGTH = Text("is longer than 128 characters", "超过 128 个字符")
TEXT_LENGTH = Text("is longer than 1,000 characters", "超过 1000 个字符")
ID_NUMBER = Text(
    "looks like an ID number; give the sender's own opaque key instead",
    "形似证件号码；请改用报送方自己的无含义编号",
)
PHONE = Text(
    "looks like a telephone number; give the sender's own opaque key instead",
    "形似电话号码；请改用报送方自己的无含义编号",
)
EMAIL = Text(
    "looks like an e-mail address; give the sender's own opaque key instead",
    "形似电子邮箱；请改用报送方自己的无含义编号",
)
NO_OFFSET = Text(
    "has no offset from UTC; write it like 2022-07-01T08:00:00+08:00",
    "缺少时区偏移；请写成 2022-07-01T08:00:00+08:00 的形式",
)
NO_TIME = Text(
    "is a day without a time; write it like 2022-07-01T08:00:00+08:00",
    "只有日期没有时间；请写成 2022-07-01T08:00:00+08:00 的形式",
)
NOT_AN_INSTANT = Text(
    "is not a date and time that exists; write it like 2022-07-01T08:00:00+08:00",
    "不是有效的日期时间；请写成 2022-07-01T08:00:00+08:00 的形式",
)
NOT_A_MOMENT = Text(
    "is not a date or time that exists; write 2022-07-01 or 2022-07-01T08:00:00+08:00",
    "不是有效的日期或时间；请写成 2022-07-01 或 2022-07-01T08:00:00+08:00",
)
HOUR_24 = Text("has hour 24; write 00:00 of the next day", "小时为 24；请写成次日 00:00")
OFFSET_RANGE = Text(
    "has an offset from UTC beyond ±14:00; no zone has that",
    "时区偏移超过 ±14:00；不存在这样的时区",
)
TOO_EARLY = Text(
    "lies before the year 1900; check the year (four digits)",
    "早于 1900 年；请检查年份（四位数字）",
)
IN_THE_FUTURE = Text(
    "lies in the future; what is recorded must have happened by the time it is received",
    "时间在将来；记录的事情在接收时必须已经发生",
)
TOO_FAR_AHEAD = Text(
    "lies in the future by more than ten years; check the year",
    "在十年之后；请检查年份",
)
NOT_A_DATE = Text(
    "is not a calendar day that exists; write it like 2022-07-01",
    "不是有效的日期；请写成 2022-07-01 的形式",
)
NOT_WHOLE = Text("is not a whole number such as 12", "不是整数；请写成 12 的形式")
NOT_A_NUMBER = Text(
    "is not a number such as 1.5 (a point, no separators, no unit)",
    "不是数字；请写成 1.5 的形式（小数点，不带分隔符和单位）",
)
NEGATIVE = Text("is negative; it must be 0 or more", "为负数；必须大于或等于 0")
NOT_A_TRUTH = Text("is neither true nor false", "不是“是/否”（true/false）")
END_BEFORE_START = Text(
    "is not after the start; a stay ends later than it begins", "不晚于开始时间；结束必须晚于开始"
)
END_IS_BEFORE = Text("lies before the start", "早于开始时间")
SAME_PERSON = Text(
    "is the same person as subject_a; a pair needs two persons",
    "与 subject_a 为同一人；一对记录需要两个不同的人",
)
NO_STOPS = Text(
    "needs board_seq with alight_seq, or from with to",
    "需要同时给出 board_seq 和 alight_seq，或者 from 和 to",
)
ALIGHTS_BEFORE = Text(
    "is not after board_seq; one leaves later than one boards",
    "不大于 board_seq；下车必须晚于上车",
)
DAY_IS_DAY = Text(
    "does not fit a bare calendar day: write `day`, or give the time with its offset",
    "与只有日期的时间不符：请填 day，或给出带时区偏移的时间",
)
HALF_POSITION = Text(
    "is empty beside the other coordinate; a position needs latitude and longitude",
    "为空而另一坐标已给出；位置须同时给出纬度和经度",
)

NO_CASE = Text(
    "is no case that stands here; positions are kept of cases only: deliver the case first",
    "不是本地有效的病例；仅可保存病例的定位：请先导入病例",
)


def not_a_word(column: Column) -> Text:
    words = ", ".join(column.words)
    return Text(f"is none of: {words}", f"不在可选值之内：{words}")


def out_of_bounds(column: Column) -> Text:
    unit = f" {column.unit}" if column.unit else ""
    least, most = column.least, column.most
    bounds = f"{least:g} … {most:g}{unit}" if most is not None else f"≥ {least:g}{unit}"
    return Text(f"is outside {bounds}", f"超出范围 {bounds}")


def too_late(tense: Tense) -> Text:
    return IN_THE_FUTURE if tense is Tense.HAPPENED else TOO_FAR_AHEAD


def ragged(found: int, expected: int) -> Text:
    return Text(
        f"the row has {found} values, the header names {expected} columns",
        f"该行有 {found} 个值，表头有 {expected} 列",
    )
