import { createHash } from 'node:crypto';

/** The style of an exported page. It has nothing that asks for a file. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
h3 { font-size: .85rem; margin: .75rem 0 .25rem; opacity: .7; }
header p, summary span { opacity: .7; font-size: .9em; }
details { border-left: 3px solid #8886; margin: .5rem 0; padding: 0 .75rem; }
details.error { border-color: #c33; }
summary { cursor: pointer; }
pre { background: #8881; margin: 0; max-height: 30rem; overflow: auto; padding: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; font-size: .85rem; }
dd { margin: 0 0 .5rem; }
`;

/** By which the page's policy knows it. */
export const PAGE_STYLE_HASH: string = createHash('sha256').update(PAGE_STYLE).digest('base64');
