/// The style sheet of the report: system fonts, nothing to load.
#pragma once

namespace photonlink {

inline constexpr const char* page_style = R"css(
:root {
  color-scheme: light dark;
  --ground: #ffffff; --ink: #1e2129; --soft: #5b6069; --rule: #d9dce1; --link: #00548a;
  --pass: #00704f; --band: #8a5a00; --miss: #b03a00; --none: #5b6069;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171c; --ink: #e6e8ec; --soft: #a2a8b3; --rule: #363b45; --link: #7cc0f0;
    --pass: #4fd0a5; --band: #f0b429; --miss: #ff9162; --none: #a2a8b3;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 0 0 .25rem; }
h3 { font-size: 1.02rem; margin: 1.6rem 0 .4rem; }
h3::first-letter { text-transform: uppercase; }
p { margin: .4rem 0; }
a { color: var(--link); }
.soft, small { color: var(--soft); }
small { display: block; font-weight: normal; line-height: 1.35; }
section, article { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
.scroll { overflow-x: auto; margin: .8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top;
  font-weight: normal; }
thead th { color: var(--soft); border-bottom: 2px solid var(--rule); white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.word { white-space: nowrap; }
.pass { color: var(--pass); } .band { color: var(--band); } .miss { color: var(--miss); } .none { color: var(--none); }
.pass, .band, .miss, .none { font-weight: 600; white-space: nowrap; }
figure { margin: 1rem 0; padding: .5rem; background: #ffffff; border: 1px solid var(--rule); border-radius: 6px;
  overflow-x: auto; }
figure img { display: block; max-width: 100%; height: auto; margin: 0 auto; }
ul { margin: .4rem 0; padding-left: 1.3rem; }
li { margin: .2rem 0; break-inside: avoid; }
nav ul { columns: 2 20rem; }
nav h3 { break-after: avoid; }
code { font-size: .88em; overflow-wrap: anywhere; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  a { color: inherit; text-decoration: none; }
  .scroll { overflow: visible; }
  article { break-before: page; border-top: none; padding-top: 0; margin-top: 0; }
  figure, tr { break-inside: avoid; }
  figure { border: none; padding: 0; }
  h2, h3, caption { break-after: avoid; }
}
)css";

}  // namespace photonlink
