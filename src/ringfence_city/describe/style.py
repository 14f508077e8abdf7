"""The look of the page, light and dark, on a desk and on a phone."""

STYLE = """
:root { --ground:#fbfbf9; --panel:#fff; --ink:#1b1d20; --soft:#565b63; --line:#dcdcd6;
  --mark:#fff3cf; --mark-ink:#5c4300; --focus:#1558b0;
  --t0:#2b6cb0; --t1:#c77700; --t2:#2f855a; --t3:#b83280; --t4:#6b46c1; --t5:#0e7490;
  --t6:#8a8f98; --alarm:#a8321f; color-scheme:light dark }
@media (prefers-color-scheme:dark) { :root { --ground:#15171a; --panel:#1b1e22; --ink:#e8e8e4;
  --soft:#a6abb3; --line:#2e3238; --mark:#3a2f10; --mark-ink:#f3d98b; --focus:#8ab8f5;
  --t0:#7fb3ea; --t1:#f0ab4f; --t2:#6fcf97; --t3:#f08cc4; --t4:#b79cf2; --t5:#5cc8de;
  --t6:#8a8f98; --alarm:#ff8f7a } }
* { box-sizing:border-box }
body { margin:0; background:var(--ground); color:var(--ink); font:15px/1.5 system-ui,"Segoe UI",
  Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
  font-variant-numeric:tabular-nums }
.choice { position:absolute; opacity:0; width:1px; height:1px }
main, header { max-width:72rem; margin:0 auto; padding:0 1rem }
header { display:flex; flex-wrap:wrap; gap:.4rem 1.5rem; align-items:baseline; padding-top:1rem }
h1 { font-size:1.45rem; line-height:1.25; margin:0; font-weight:650 }
h2 { font-size:1.05rem; margin:0 0 .2rem; font-weight:650 }
h3 { font-size:.93rem; margin:.8rem 0 .2rem; font-weight:600 }
p { margin:0 0 .6rem; color:var(--soft); max-width:44rem }
.tongues { margin-inline-start:auto; display:flex }
.tongues label { padding:.35rem .8rem; border:1px solid var(--line); cursor:pointer;
  background:var(--panel) }
.tongues label + label { border-inline-start:0 }
#in-en:checked ~ header label[for=in-en], #in-zh:checked ~ header label[for=in-zh] {
  background:var(--ink); color:var(--ground) }
#in-en:focus-visible ~ header label[for=in-en], #in-zh:focus-visible ~ header label[for=in-zh] {
  outline:2px solid var(--focus); outline-offset:2px }
#in-en:checked ~ * .zh, #in-zh:checked ~ * .en { display:none }
.banner { background:var(--mark); color:var(--mark-ink); padding:.4rem .7rem; border-radius:4px;
  margin:.8rem 0 0; font-weight:600; max-width:none }
.figures { display:flex; flex-wrap:wrap; margin:1rem 0 0; border-block:1px solid var(--line) }
.figures div { padding:.5rem 1.8rem .5rem 0; display:flex; flex-direction:column-reverse;
  justify-content:flex-end }
.figures dt { color:var(--soft); font-size:.86rem }
.figures dd { margin:0; font-size:1.5rem; line-height:1.2; font-weight:600 }
.figures .alarm { color:var(--alarm) }
.charts { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:2rem 2.5rem;
  margin:1.6rem 0 3rem }
.charts .wide { grid-column:1/-1 }
.charts .wide.two { display:grid; grid-template-columns:repeat(2,minmax(0,1fr)); gap:0 2.5rem }
main .wide.two > .head { grid-column:1/-1 }
section { min-width:0 }
svg { width:100%; height:auto; display:block; overflow:visible }
svg text { font-size:12px; fill:var(--ink) }
svg text.soft { fill:var(--soft) }
svg text.value { font-size:10.5px; fill:var(--soft) }
svg .grid { stroke:var(--line); stroke-width:1 }
svg .line { fill:none; stroke-width:2.5; stroke-linejoin:round }
svg.phone, svg.half { display:none }
section:not(.wide) svg.desk, .two svg.desk { display:none }
section:not(.wide) svg.half, .two svg.half { display:block }
rect.t0, circle.t0, i.t0 { fill:var(--t0); background:var(--t0) }
rect.t1, circle.t1, i.t1 { fill:var(--t1); background:var(--t1) }
rect.t2, circle.t2, i.t2 { fill:var(--t2); background:var(--t2) }
rect.t3, circle.t3, i.t3 { fill:var(--t3); background:var(--t3) }
rect.t4, circle.t4, i.t4 { fill:var(--t4); background:var(--t4) }
rect.t5, circle.t5, i.t5 { fill:var(--t5); background:var(--t5) }
rect.t6, circle.t6, i.t6 { fill:var(--t6); background:var(--t6) }
rect.alarm, circle.alarm, i.alarm { fill:var(--alarm); background:var(--alarm) }
polyline.t0 { stroke:var(--t0) } polyline.t1 { stroke:var(--t1) }
polyline.t2 { stroke:var(--t2) } polyline.alarm { stroke:var(--alarm) }
.legend { list-style:none; display:flex; flex-wrap:wrap; gap:.1rem 1rem; margin:0 0 .4rem;
  padding:0; font-size:.86rem }
.legend i { display:inline-block; width:.7em; height:.7em; margin-inline-end:.35em }
.scroll { overflow-x:auto }
table { border-collapse:collapse; width:100%; font-size:.9rem }
th { text-align:start; font-weight:600; color:var(--soft); vertical-align:bottom }
th, td { padding:.22rem .9rem .22rem 0; border-bottom:1px solid var(--line) }
.n { text-align:end; white-space:nowrap }
.size { width:30%; padding-inline-end:0 }
.size svg { height:.8rem; min-width:4rem }
td small { color:var(--soft) }
@media (max-width:46rem) {
  .charts, .charts .wide.two { grid-template-columns:minmax(0,1fr) }
  .charts { gap:1.8rem 0 }
  section svg.desk, section svg.half { display:none!important }
  section svg.phone { display:block }
  .size, .phone-off { display:none }
  th, td { padding-inline-end:.6rem }
  .figures div { padding-inline-end:1.2rem }
}
@media print { .tongues { display:none } }
"""
