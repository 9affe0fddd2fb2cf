const SOURCE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --side: #f5f7fb; --line: #dfe4ee; --ink: #131a2b; --soft: #525d75; --faint: #eef2f9;
  --accent: #2a4fd6; --mark: #e8edff; --green: #0c7049; --red: #b3261e; --amber: #8f4a00;
  --code-page: #10182c; --code-line: #273352; --code-ink: #dbe3f6; --code-soft: #9aa8c8; --code-key: #9dbbff; --code-text: #8fdcb4; --code-value: #ffc48a;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, "Cascadia Code", "Roboto Mono", Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0c111d; --side: #0f1626; --line: #232d45; --ink: #e6ebf7; --soft: #a0acc6; --faint: #161f33;
    --accent: #93adff; --mark: #1b2749; --green: #63cf9d; --red: #ff938a; --amber: #f0b266;
    --code-page: #080c16; --code-line: #222c46;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.6 var(--sans); overflow-wrap: break-word; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
code { font: .875em/1.5 var(--mono); font-variant-ligatures: none; }
p code, li code, td code, dd code { overflow-wrap: anywhere; }
small { display: block; font-size: .8125rem; line-height: 1.5; color: var(--soft); font-weight: 400; }
.skip { position: fixed; left: 1rem; top: -4rem; z-index: 3; padding: .5rem 1rem; border-radius: 6px; background: var(--ink); color: var(--page); }
.skip:focus { top: .75rem; }

nav { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 1.25rem; padding: 0 1.25rem; overflow-x: auto; background: var(--side); border-bottom: 1px solid var(--line); font-size: .875rem; line-height: 1.4; scrollbar-width: none; }
nav ul { display: flex; gap: 1.25rem; margin: 0; padding: 0; list-style: none; }
nav ul ul { display: none; }
nav a { display: block; padding: .9rem 0; color: var(--soft); text-decoration: none; white-space: nowrap; }
nav a:hover { color: var(--accent); }
nav a:focus-visible { outline-offset: -2px; }
nav .brand { display: flex; align-items: center; gap: .45rem; color: var(--ink); font-weight: 650; letter-spacing: -.01em; }
nav .pages a { font-weight: 550; }
nav .pages [aria-current] { color: var(--accent); }
nav svg { flex: none; fill: var(--accent); }
nav::after { content: ""; position: sticky; right: -1.25rem; flex: none; align-self: stretch; width: 3.5rem; margin: 0 -1.25rem 0 -3.5rem; background: linear-gradient(90deg, transparent, var(--side) 85%); pointer-events: none; }

.page { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
.hero { padding: 3rem 0 2.5rem; }
.eyebrow { margin-bottom: .75rem; color: var(--accent); font-size: .875rem; font-weight: 600; }
h1 { font-size: clamp(2.5rem, 6vw, 3.75rem); line-height: 1.05; letter-spacing: -.035em; font-weight: 720; }
h2 { font-size: 1.875rem; line-height: 1.2; letter-spacing: -.022em; font-weight: 680; }
h3 { font-size: 1.3125rem; line-height: 1.3; letter-spacing: -.014em; font-weight: 650; }
h4 { font-size: .9375rem; line-height: 1.4; font-weight: 650; }
h3 a, h4 a { color: inherit; text-decoration: none; }
h3 a:hover, h4 a:hover { color: var(--accent); }
.about { max-width: 46rem; margin-top: 1.25rem; font-size: 1.1875rem; line-height: 1.6; color: var(--soft); text-wrap: pretty; }
.lead { max-width: 42rem; margin-top: .6rem; color: var(--soft); font-size: 1.0625rem; }
.hero figure { margin-top: 2rem; }
.facts { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin-top: 2rem; }
.facts dt { font-size: .8125rem; color: var(--soft); }


.group { padding: 3rem 0; border-top: 1px solid var(--line); }
.group:has(> .call) { padding-bottom: 0; }
.part { max-width: 46rem; padding-top: 2.25rem; }
.part > * + * { margin-top: 1rem; }
.part ul, .part ol { padding-left: 1.15rem; }
.part h4 { margin-top: 1.5rem; }
.part li + li { margin-top: .4rem; }
.part li::marker { color: var(--soft); }

.steps { display: grid; padding: 0; list-style: none; counter-reset: step; }
.steps li { position: relative; display: grid; grid-template-columns: 2.75rem 1fr; padding-bottom: 1.25rem; counter-increment: step; }
.steps li + li { margin-top: 0; }
.steps li::before { content: counter(step); grid-row: span 2; width: 1.75rem; height: 1.75rem; border-radius: 50%; background: var(--mark); color: var(--accent); font-size: .8125rem; font-weight: 650; line-height: 1.75rem; text-align: center; font-variant-numeric: tabular-nums; }
.steps li:not(:last-child)::after { content: ""; position: absolute; left: .84rem; top: 2.1rem; bottom: .35rem; width: 1.5px; background: var(--line); }

.states { border-bottom: 1px solid var(--line); }
.states div { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; padding: .5rem 0; border-top: 1px solid var(--line); font-size: .9375rem; }
.states dt code { font-weight: 600; }
.tag { padding: .05rem .4rem; border-radius: 4px; background: var(--faint); color: var(--soft); font-size: .75rem; font-weight: 550; }

.fields { display: grid; padding: 0; list-style: none; font-size: .9375rem; line-height: 1.5; border-bottom: 1px solid var(--line); }
.fields li { padding: .4rem 0; border-top: 1px solid var(--line); }
.part .fields { padding: 0; }
.part .fields li { margin: 0; }
.fields li > code:first-child { font-weight: 600; }
.fields span { color: var(--soft); font-size: .8125rem; }
.text > .fields + .fields { margin-top: 1rem; }
.slim { padding: 2rem 0; }
.slim .text > h4 { margin-top: 1.1rem; }

.call { display: grid; gap: 1.75rem; padding: 2.75rem 0; }
.call + .call { border-top: 1px solid var(--line); }
.call > *, .part, .error > * { min-width: 0; }
.text > * + * { margin-top: .75rem; }
.text > h4 { margin-top: 1.75rem; }
.text > h4 + * { margin-top: .5rem; }
.address { display: flex; align-items: baseline; gap: .6rem; }
.address code { font-size: .9375rem; font-weight: 550; }
.who { color: var(--soft); font-size: .9375rem; }
.method { flex: none; font: 650 .6875rem/1.4 var(--mono); letter-spacing: .02em; color: var(--accent); }
.address .method { padding: .15rem .4rem; border-radius: 4px; background: var(--faint); font-size: .75rem; }
.post { color: var(--green); }
.delete { color: var(--red); }
.status { font: 600 .8125rem/1.4 var(--mono); color: var(--green); }
.bad { color: var(--amber); }

.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; line-height: 1.5; }
thead th { padding: 0 1rem .4rem 0; color: var(--soft); font-size: .8125rem; font-weight: 500; }
th { text-align: left; font-weight: 400; }
tbody th, td { padding: .55rem 1rem .55rem 0; border-top: 1px solid var(--line); vertical-align: top; }
tbody th { width: 40%; min-width: 8.5rem; }
td { min-width: 9rem; }
td:last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 1px solid var(--line); }
tbody th > code { font-weight: 600; }
tbody th:has(> .status) { width: 4rem; min-width: 3.5rem; }
td > .codes:not(:first-child) { margin-top: .35rem; }
.codes { display: flex; flex-wrap: wrap; gap: .1rem .9rem; }
td .codes a { text-decoration: none; }
td .codes a:hover { text-decoration: underline; }

.code { display: grid; gap: 1rem; align-content: start; }
figure { overflow: hidden; border: 1px solid var(--code-line); border-radius: 10px; background: var(--code-page); color: var(--code-ink); }
figcaption { padding: .5rem 1rem; border-bottom: 1px solid var(--code-line); color: var(--code-soft); font-size: .8125rem; }
figcaption .status { color: var(--code-text); }
figcaption .bad { color: var(--code-value); }
pre { margin: 0; padding: .9rem 1rem; overflow: auto; font: .8125rem/1.65 var(--mono); tab-size: 2; scrollbar-width: thin; scrollbar-color: var(--code-line) transparent; }
pre:focus-visible { outline-offset: -3px; outline-color: var(--code-key); border-radius: 10px; }
pre code { font: inherit; }
pre b { color: var(--code-key); font-weight: 400; }
pre i { color: var(--code-text); font-style: normal; }
pre u { color: var(--code-value); text-decoration: none; }

.domain { padding-top: 2.25rem; }
.domain h3 { margin-bottom: .75rem; }
.error { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: baseline; gap: .25rem 1rem; padding: .9rem 0; border-top: 1px solid var(--line); }
.error:last-child { border-bottom: 1px solid var(--line); }
.error > div { grid-column: 1 / -1; max-width: 42rem; }
.error h4 code { font-weight: 600; }
.error .who { margin-top: .15rem; font-size: .875rem; }
.error strong { font-weight: 600; }
.error:target, th code:target { background: var(--mark); }
.error:target { border-color: transparent; box-shadow: -.75rem 0 var(--mark), .75rem 0 var(--mark); }
th code:target { box-shadow: 0 0 0 .3rem var(--mark); border-radius: 2px; }
footer { padding: 2rem 0 4rem; margin-top: 2rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }

@media (max-width: 40rem) {
  .states div { grid-template-columns: 1fr; }
  h2 { font-size: 1.625rem; }
  .hero { padding-top: 2.25rem; }
  .about { font-size: 1.0625rem; }
}
@media (min-width: 64rem) {
  html { scroll-padding-top: 2rem; }
  body { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
  nav { display: block; height: 100vh; padding: 1.5rem 1.25rem 3rem 1.75rem; overflow: hidden auto; border: 0; border-right: 1px solid var(--line); scrollbar-width: thin; }
  nav::after { content: none; }
  nav ul, nav ul ul { display: block; }
  nav > ul { margin-top: 1rem; }
  nav > .pages { padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
  nav > .pages > li { margin-top: .25rem; }
  nav > ul > li { margin-top: 1.35rem; }
  nav a { padding: .2rem 0; white-space: normal; }
  nav ul > li > a { color: var(--ink); font-weight: 600; }
  nav ul ul a { display: flex; justify-content: space-between; align-items: baseline; gap: .75rem; }
  nav ul ul li > a { color: var(--soft); font-weight: 400; }
  nav ul ul li > a:hover { color: var(--accent); }
  nav .brand { font-size: 1.0625rem; }
  .page { width: 100%; padding: 0 3rem; }
  .hero { padding: 4.5rem 0 3.5rem; }
  .error { grid-template-columns: 19rem 3rem minmax(0, 1fr); }
  .error > div { grid-column: auto; }
}
@media (min-width: 80rem) {
  .call { grid-template-columns: minmax(0, 1fr) minmax(0, 28rem); gap: 3rem; }
  .code { position: sticky; top: 2rem; align-self: start; display: flex; flex-direction: column; max-height: calc(100vh - 4rem); }
  .code figure { display: flex; flex-direction: column; min-height: 7rem; }
  .code figure:first-child { flex: none; }
  .hero { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 28rem); gap: 3rem; align-items: center; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (forced-colors: active) { .error:target { outline: 2px solid; } }
@media print { nav, .skip { display: none; } figure { break-inside: avoid; } }
`;

/** The page's only style sheet, without the spaces that are there for its writers. */
export const STYLE: string = SOURCE.replaceAll(/\s+/g, " ")
  .replaceAll(/ ?([{}:;,]) (?=\S)/g, "$1")
  .replaceAll(/;\}| \}/g, "}")
  .trim();
