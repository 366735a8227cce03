/** The look of a graph, for light and for dark. */
export const SVG_STYLE: string = `
svg{--page:#fff;--ink:#1c2128;--soft:#59636e;--box:#f6f8fa;--line:#8c959f;--back:#0969da;--self:#8250df;--bad:#cf222e;--many:#9a6700;--f0:#dafbe1;--f1:#eef4d6;--f2:#fbe9d0;--f3:#ffd8d3;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--box:#161b22;--line:#6e7681;--back:#58a6ff;--self:#bc8cff;--bad:#ff7b72;--many:#d29922;--f0:#12341d;--f1:#2a3216;--f2:#3d2a12;--f3:#4a1a1a}}
.page{fill:var(--page)}
.node rect{fill:var(--box);stroke:var(--line);stroke-width:1.2}
.node.repeated rect{stroke:var(--many);stroke-width:2.4}
.node.failing rect{stroke:var(--bad);stroke-width:2.4}
.node.dead-end rect{stroke:var(--bad);stroke-width:2.4;stroke-dasharray:7 4}
.node.fail-0 rect{fill:var(--f0)}.node.fail-1 rect{fill:var(--f1)}.node.fail-2 rect{fill:var(--f2)}.node.fail-3 rect{fill:var(--f3)}
.name{fill:var(--ink);font-size:13px;text-anchor:middle}
.figures{fill:var(--soft);font-size:11px;text-anchor:middle}
.edge{fill:none;stroke:var(--line)}
.edge.backward{stroke:var(--back);stroke-dasharray:6 4}
.edge.self{stroke:var(--self)}
.head.forward{fill:var(--line)}.head.backward{fill:var(--back)}.head.self{fill:var(--self)}
.label{fill:var(--soft);font-size:11px;text-anchor:middle;paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}
.label.backward{fill:var(--back)}.label.self{fill:var(--self)}
`;
