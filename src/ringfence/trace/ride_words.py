"""What has to be asked of a ride before it can be judged, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text
from ringfence.protocols.model import RideFact

RIDE_QUESTIONS: Mapping[str, Text] = {
    RideFact.SERVICE: Text(
        "Which run was {place}: what kind of vehicle, on which day, with which stops? "
        "Import its register and timetable.",
        "{place} 是哪个班次：何种交通工具、哪一天、停靠哪些站？请导入班次与时刻表。",
    ),
    RideFact.TIMETABLE: Text(
        "When did {place} call at which stop? Import its timetable.",
        "{place} 各站到发时刻是什么？请导入时刻表。",
    ),
    RideFact.SEALED: Text(
        "Can the windows of {place} be opened, or is it sealed?",
        "{place} 的车窗能否开启，还是全封闭？",
    ),
    RideFact.HEPA: Text("Is the air of {place} filtered?", "{place} 是否有高效空气过滤？"),
    RideFact.CASE_SEAT: Text(
        "In which carriage and seat of {place} did case {case} (or the contact between) sit?",
        "病例 {case}（或中间接触者）在 {place} 的车厢与座位是什么？",
    ),
    RideFact.CONTACT_SEAT: Text(
        "In which carriage and seat of {place} did these people sit?",
        "这些人员在 {place} 的车厢与座位是什么？",
    ),
    RideFact.CASE_RIDE: Text(
        "Was case {case} (or the contact between) really aboard {place}, and between which stops?",
        "病例 {case}（或中间接触者）是否确实乘坐 {place}，乘车区间是什么？",
    ),
    RideFact.CONTACT_RIDE: Text(
        "Were these people really aboard {place}, and between which stops?",
        "这些人员是否确实乘坐 {place}，乘车区间是什么？",
    ),
    RideFact.TRIP: Text(
        "How long was the trip of case {case} (or of the contact between) on {place}?",
        "病例 {case}（或中间接触者）乘坐 {place} 的时长是多少？",
    ),
}
