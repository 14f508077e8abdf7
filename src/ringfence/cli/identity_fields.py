"""What the fields of an identity are called."""

from __future__ import annotations

from ringfence.errors import Text

FIELDS = {
    "name": Text("name", "姓名"),
    "sex": Text("sex", "性别"),
    "birth_date": Text("born", "出生日期"),
    "region": Text("region", "户籍地区代码"),
    "id_kind": Text("document", "证件类型"),
    "id_number": Text("number", "证件号码"),
    "phone": Text("telephone", "电话"),
    "address": Text("address", "住址"),
    "plate": Text("plate", "车牌"),
}
