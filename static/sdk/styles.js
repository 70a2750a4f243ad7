// One style sheet for all shadow roots. It is constructed by script, which a page's style-src does not forbid.
export const styles = [`
:host { --a: var(--feelback-accent, currentColor); --r: var(--feelback-radius, .5em); display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0 .75em; position: relative; min-height: 2.5em }
:host([hidden]) { display: none }
* { box-sizing: border-box; font: inherit; color: inherit }
[part=choices] { display: flex; flex-wrap: wrap; gap: var(--feelback-gap, .5em) }
button { display: inline-flex; align-items: center; justify-content: center; gap: .4em; min-width: 2.5em; min-height: 2.5em; padding: .25em .75em; cursor: pointer; background: var(--feelback-background, transparent); border: 1px solid var(--feelback-border, color-mix(in srgb, currentColor 45%, transparent)); border-radius: var(--r) }
button:hover { background: color-mix(in srgb, currentColor 8%, transparent) }
:focus-visible { outline: 2px solid var(--a); outline-offset: 2px }
[aria-pressed=true], [aria-pressed=true]:hover { outline: 1px solid var(--a); background: color-mix(in srgb, var(--a) 16%, transparent) }
[part=count] { min-width: 2ch; text-align: end; font-variant-numeric: tabular-nums }
.hidden { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
[part=status]:empty:not([data-room]) { position: absolute }
[data-room]:empty::before { content: attr(data-room); visibility: hidden }
`];
