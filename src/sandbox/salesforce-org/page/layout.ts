import type { Html } from './html.js';
import { Html as Raw, markup } from './html.js';

const STYLE = `
:root{--ink:#16325c;--soft:#54698d;--line:#d8dde6;--blue:#0070d2;--ground:#f4f6f9;--red:#c23934;--green:#027e46}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
header{background:#fff;border-bottom:3px solid var(--blue);padding:.7rem 1.2rem;display:flex;gap:1rem;align-items:center;flex-wrap:wrap}
header b{font-size:1.1rem}header .grow{flex:1}
main{max-width:1180px;margin:1.2rem auto;padding:0 1rem}
.card{background:#fff;border:1px solid var(--line);border-radius:8px;padding:1rem 1.2rem;margin-bottom:1rem}
.narrow{max-width:34rem;margin-inline:auto}
h1{font-size:1.25rem;margin:.2rem 0 .8rem}
table{width:100%;border-collapse:collapse}
th{font-size:.75rem;text-transform:uppercase;letter-spacing:.04em;color:var(--soft);text-align:left}
th,td{padding:.45rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
tr.closed td{color:var(--soft)}tr.closed .subject{text-decoration:line-through}
.late{color:var(--red);font-weight:600}.whole,.tag{white-space:nowrap}
.card nav{margin-bottom:.8rem}
.tag{display:inline-block;border-radius:99px;padding:0 .6rem;font-size:.8rem;background:#eef1f6}
.tag.High{background:#fde8e7;color:var(--red)}.tag.done{background:#e3f5ea;color:var(--green)}
a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}
nav a{margin-right:1rem}nav a.on{font-weight:700;color:var(--ink)}
button,.button{font:inherit;border:1px solid var(--line);background:#fff;color:var(--blue);border-radius:5px;padding:.3rem .8rem;cursor:pointer;display:inline-block}
button.primary,.button.primary{background:var(--blue);border-color:var(--blue);color:#fff}
button.danger{color:var(--red)}button.small{padding:.05rem .5rem;font-size:.85rem}
form.inline{display:inline}
.actions{display:flex;gap:.6rem;margin-top:1rem}
label{display:block;margin:.6rem 0;font-size:.85rem;color:var(--soft)}
input[type=text],input[type=date],select,textarea{display:block;width:100%;font:inherit;color:var(--ink);padding:.35rem .5rem;border:1px solid var(--line);border-radius:5px;background:#fff}
textarea{min-height:8rem}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:0 1rem}
fieldset{border:0;padding:0;margin:0}legend{font-size:.85rem;color:var(--soft)}
.choices{max-height:24rem;overflow:auto;border:1px solid var(--line);border-radius:6px}
.choice{display:flex;gap:.7rem;align-items:center;margin:0;padding:.45rem .8rem;border-bottom:1px solid var(--line);color:var(--ink);font-size:1rem}
.choice small{display:block;color:var(--soft)}
iframe.mail{width:100%;height:26rem;border:1px solid var(--line);border-radius:6px;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere}details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft)}
.error{border-color:var(--red);color:var(--red)}.muted{color:var(--soft);font-size:.85rem}
`;

const ORG = '☁ Simulated Salesforce org';

export function layout(title: string, content: Html, bar?: Html, brand = ORG): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${brand.slice(2)}</title><style>${new Raw(STYLE)}</style></head>
<body><header><b>${brand}</b>${bar ?? markup``}</header><main>${content}</main></body></html>`.text;
}
