"""Invented names: common surnames with their shares, and characters common in given names.

Surnames: number of bearers in hundred thousands, Ministry of Public Security, report on names 2020
(the first twenty-four as told there; the rest by rank, roughly).
"""

from __future__ import annotations

_SURNAMES = (
    "王1015 李1009 张954 刘721 陈633 杨462 黄337 赵286 吴278 周268 徐202 孙194 马191 朱181 "
    "胡165 郭158 何148 林142 高141 罗136 郑130 梁120 谢110 宋110 唐105 许100 韩100 邓98 "
    "冯96 曹93 彭90 曾89 肖88 田84 董83 潘78 袁76 蔡75 蒋73 余71 于70 杜69 "
    "叶67 程65 魏64 苏63 吕62 丁60 任60 卢59 姚58 沈57 钟55 姜55 崔53 谭52 "
    "陆51 范50 汪50 廖49 石46 金46 韦44 贾42 夏41 付40 方40 邹39 熊38 白38 "
    "孟37 秦37 邱36 侯35 江35 尹34 薛33 闫33 段32 雷32 龙31 黎31 史30 陶30 "
    "贺29 毛28 郝28 顾27 龚27 邵27 万26 覃25 武25 钱24 戴24 严23 莫23 孔22 "
    "向22 常21 欧阳11 上官2 诸葛1"
)
_FEMALE = (
    "芳秀英娜敏静丽娟玲桂兰梅红霞燕萍洁雪婷慧莉倩颖琳瑶佳怡欣悦妍涵梓"
    "萱诗雨彤思琪月蓉晶琴淑珍凤艳云玉莲彩菊"
)
_MALE = (
    "伟强军磊勇杰涛超刚平辉鹏飞明建国华志斌浩宇轩博文俊峰龙波凯旭晨子"
    "昊天佑泽洋林东海荣成德福生金山庆永健毅锋"
)

SURNAMES = tuple(told.rstrip("0123456789") for told in _SURNAMES.split())
SURNAME_WEIGHTS = tuple(
    int(told[len(name) :]) for told, name in zip(_SURNAMES.split(), SURNAMES, strict=True)
)
GIVEN = (tuple(_FEMALE), tuple(_MALE))
"""Characters for women, and for men."""

SINGLE = 15
"""Percent of given names that have one character."""
