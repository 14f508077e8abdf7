"""Why a value cannot be brought to its form: what would be right, never the value itself."""

from __future__ import annotations

from ringfence.errors import Text

TOO_LONG = Text("is longer than any such value can be", "过长，不可能是这一类的值")
MASKED = Text(
    "is masked (*, X or the like); ask the sender for the whole value",
    "已作脱敏处理（*、X、某）；请向报送方索取完整内容",
)
ROUNDED = Text(
    "was rounded by a spreadsheet (shown in a form such as 1.10105E+17): the last digits are lost"
    " for good; ask for the original, with the column formatted as text",
    "已被电子表格四舍五入（显示为 1.10105E+17 之类），末尾数字已无法恢复；"
    "请索取原始文件，并将该列设为文本格式",
)
SHAPE_OF_RESIDENT = Text(
    "is not the number of a resident card: 18 characters, 17 digits and a check character (0-9, X)",
    "不是居民身份证号码：应为 18 位，即 17 位数字加 1 位校验码（0-9 或 X）",
)
FIRST_GENERATION = Text(
    "has 15 digits, as cards had until 2012: it carries no check character; give the 18 characters",
    "为 15 位旧号码（2013 年起停用），没有校验码；请提供 18 位号码",
)
CHECK = Text(
    "has a wrong check character: at least one character was mistyped or two were swapped",
    "校验码不符：至少有一位录入错误或两位颠倒",
)
CHECK_ROUNDED = Text(
    "has a wrong check character and ends in zeros: a spreadsheet has rounded it (it keeps 15"
    " digits only); ask for the original, with the column formatted as text",
    "校验码不符且末尾为零：已被电子表格四舍五入（只保留 15 位）；"
    "请索取原始文件，并将该列设为文本格式",
)
BIRTH = Text(
    "holds a date of birth that does not exist or lies in the future",
    "所含出生日期不存在或在将来",
)
REGION = Text(
    "begins with a region that does not exist (GB/T 2260)", "开头的行政区划代码不存在（GB/T 2260）"
)
REGION_BEFORE = Text(
    "begins with a region that had been dissolved before the date of birth in it",
    "开头的行政区划在所含出生日期之前已撤销",
)
INVENTED = Text(
    "is of an invented person (region 00xxxx): only a synthetic home takes it",
    "为虚构人员的号码（00xxxx）：仅演练数据目录可接收",
)
FOREIGN = Text(
    "is not the number of a foreign permanent resident card: 18 digits that begin with 9, or three"
    " letters and 12 digits",
    "不是外国人永久居留身份证号码：应为以 9 开头的 18 位数字，或 3 位字母加 12 位数字",
)
HK_MACAU = Text(
    "is not the number of a Hong Kong or Macau pass: H or M, 8 digits, perhaps two more",
    "不是港澳居民来往内地通行证号码：应为 H 或 M 加 8 位数字（可再加 2 位换证次数）",
)
TAIWAN = Text(
    "is not the number of a Taiwan pass: 8 digits, on older ones two more and a sign in brackets",
    "不是台湾居民来往大陆通行证号码：应为 8 位数字（旧证另有 2 位次数和括号内的签发机关代码）",
)
PERMIT = Text(
    "is not the number of a residence permit: 18 characters that begin with 810000, 820000 or"
    " 830000",
    "不是港澳台居民居住证号码：应为以 810000、820000 或 830000 开头的 18 位号码",
)
PASSPORT = Text(
    "is not a passport number: 5 to 12 letters and digits, at least four of them digits, or the"
    " second line of the machine-readable zone",
    "不是护照号码：应为 5 至 12 位字母和数字（至少 4 位数字），或机读区第二行",
)
MRZ = Text(
    "is a line of a machine-readable zone with a wrong check digit: it was misread",
    "机读区的校验位不符：读取有误",
)
OTHER_DOCUMENT = Text(
    "is not a number of a document: 4 to 32 letters and digits, one digit at least",
    "不是证件号码：应为 4 至 32 位文字、字母和数字，且至少有一位数字",
)
WHICH_DOCUMENT = Text(
    "has a form that several documents share; the mapping must say of which kind it is",
    "多种证件都有这种号码形式；映射中须说明证件类型",
)
ID_KIND = Text("is not a kind of document that is known", "不是已知的证件类型")
NO_NAME = Text("holds no letter: it is no name", "不含任何文字，不是姓名")
NAME_DIGITS = Text("holds digits or signs that no name has", "含有姓名中不会出现的数字或符号")
NAME_LENGTH = Text("is longer than 100 characters: no name", "超过 100 个字符，不是姓名")
SEVERAL_PHONES = Text(
    "holds several telephone numbers; give each its own row or column",
    "含有多个电话号码；请分行或分列填写",
)
PHONE = Text("is not a telephone number that can exist there", "不是当地可能存在的电话号码")
AREA_CODE = Text(
    "is a telephone number without its area code; write it like 010-12345678",
    "固定电话缺少区号；请写成 010-12345678 的形式",
)
PLATE = Text(
    "is not a number plate: province, letter and 5 or 6 letters and digits, never I or O",
    "不是车牌号：应为省份简称、字母加 5 或 6 位字母数字，不含 I 和 O",
)
DATE = Text(
    "is not a calendar day that exists; write it like 2022-07-01",
    "不是有效的日期；请写成 2022-07-01 的形式",
)
NOT_AS_FORMS = Text(
    "is not written in the form that the mapping names for this field",
    "与映射为该字段指定的日期时间格式不符",
)
DATE_TIME = Text(
    "is not a date and time that exists; write it like 2022-07-01 08:30",
    "不是有效的日期时间；请写成 2022-07-01 08:30 的形式",
)
NO_TIME = Text("is a day without a time of day", "只有日期，没有时刻")
TIME = Text("is not a time of day; write it like 08:30", "不是有效的时刻；请写成 08:30 的形式")
TWO_DIGIT_YEAR = Text(
    "has a year of two digits; write four, or name the form in the mapping (%y)",
    "年份只有两位；请写四位年份，或在映射中写明格式（%y）",
)
DAY_OR_MONTH = Text(
    "does not say which is the day and which the month; name the form in the mapping (%d/%m/%Y)",
    "无法判断哪个是日、哪个是月；请在映射中写明格式（如 %d/%m/%Y）",
)
SKIPPED_HOUR = Text(
    "falls into the hour that clocks skip when summer time begins",
    "落在夏令时开始时被跳过的一小时内",
)
REPEATED_HOUR = Text(
    "falls into the hour that clocks repeat when summer time ends; give the offset from UTC",
    "落在夏令时结束时重复的一小时内；请注明时区偏移",
)
SEAT = Text(
    "is not a seat such as 08车012F号, 12车12F or 无座",
    "不是座位号，例如 08车012F号、12车12F 或 无座",
)
WHICH_PLACE = Text(
    "may be the name of a known place, or of several: decide with `ringfence places review`",
    "可能是某个或某几个已知场所的名称：请用 `ringfence places review` 核对",
)


def not_among(words: list[str]) -> Text:
    """The source's own words of a field, as the mapping lists them."""
    shown = [*words[:12], "…"] if len(words) > 12 else words
    return Text(f"is none of: {', '.join(shown)}", f"不在可选值之内：{'、'.join(shown)}")


NO_CASE = Text(
    "is the number of no case that stands here: deliver the case first",
    "不是本地有效病例的编号：请先导入病例",
)
