"""Values as people and programs write them, right and wrong, for hypothesis."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ringfence.sources.normalise.id_numbers import check_character

ANYTHING = st.text(max_size=60)
_SIGNS = "0123456789 -/.:,年月日时分秒上午下午车号TZXxEe+*·()（）　省市区张三ab"
NEARLY = st.text(alphabet=_SIGNS, max_size=30)

_DAYS = st.dates(date(1900, 1, 1), date(2022, 9, 30))
_REGIONS = st.sampled_from([110105, 310101, 510202, 650102, 440106, 130, 101, 810000])


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    """Numbers of the resident card's plan with a right check character."""
    region = draw(_REGIONS)
    body = f"{region:06d}{draw(_DAYS):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + check_character(body)


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    """The same as registers write them: small x, spaces, a mark of text, or a slip of the pen."""
    number = draw(card_numbers())
    slip = draw(st.sampled_from(["none", "lower", "spaced", "mark", "digit", "swap"]))
    if slip == "lower":
        return number.lower()
    if slip == "spaced":
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if slip == "mark":
        return f"'{number}"
    if slip == "digit":
        place = draw(st.integers(0, 16))
        return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    if slip == "swap":
        return number[0:14] + number[15] + number[14] + number[16:]
    return number


@st.composite
def written_instants(draw: st.DrawFn) -> str:
    day = draw(_DAYS)
    seconds = draw(st.integers(0, 86_399))
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    form = draw(
        st.sampled_from(
            [
                "{d:%Y-%m-%d} {h:02d}:{m:02d}:{s:02d}",
                "{d:%Y/%m/%d} {h:02d}:{m:02d}",
                "{d:%Y-%m-%d}T{h:02d}:{m:02d}:{s:02d}",
                "{d:%Y-%m-%d}T{h:02d}:{m:02d}:{s:02d}+08:00",
                "{d:%Y-%m-%d}T{h:02d}:{m:02d}:{s:02d}Z",
                "{d.year}/{d.month}/{d.day} {h}:{m:02d}",
                "{d.year}年{d.month}月{d.day}日 {h}时{m}分",
                "{d:%Y%m%d}{h:02d}{m:02d}{s:02d}",
            ]
        )
    )
    return form.format(d=day, h=hour, m=minute, s=second)
