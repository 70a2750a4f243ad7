// Styles of the elements that are not in the core.
import { styles } from "./styles.js";

styles.push(`
[part=icon] { transition: scale .15s }
[aria-pressed=true] [part=icon] { scale: 1.15 }
@media (prefers-reduced-motion: reduce) { [part=icon] { transition: none } }
.stars [part=count], .scale [part=count] { display: none }
.stars { gap: 0 }
.stars button { min-block-size: 2em; border: 0; padding: 0; min-inline-size: 2em; font-size: 1.25em; opacity: .45; background: none; outline-width: 0 }
.stars button:focus-visible { outline-width: 2px }
.stars .lit, .stars:hover button:hover, .stars:hover button:has(~ button:hover) { opacity: 1; color: var(--feelback-star, var(--a)) }
.stars:hover button:hover ~ button { opacity: .45; color: inherit }
.scale { gap: .125em; flex-wrap: nowrap }
.scale button { padding: 0; flex: 1 1 auto; inline-size: 2.25em; min-inline-size: 1.5em; max-inline-size: 3.25em; gap: 0 }
.column { display: inline-grid; grid-template-columns: minmax(0, max-content); gap: .25em; max-inline-size: 100% }
.picker { position: relative }
[part=ends] { display: flex; justify-content: space-between; gap: 1em; font-size: .875em }
[part=average] { display: inline-block; min-inline-size: 6ch; font-variant-numeric: tabular-nums }
[hidden] { display: none }
.panel { position: absolute; z-index: 2; inset-block-end: 100%; inset-inline-start: 0; inline-size: max-content; max-inline-size: 90vw; padding: .25em; border: 1px solid; border-radius: var(--r); background: var(--feelback-surface, Canvas); color: var(--feelback-on-surface, CanvasText) }
.panel[hidden] { display: none }
:host(feelback-message), :host(feelback-tagged-message), :host(feelback-form) { display: block; inline-size: 100%; max-inline-size: 32em }
:host([layout=dialog]) { display: inline-block; inline-size: auto }
[part~=send] { border-color: var(--a); font-weight: 600 }
form { display: grid; gap: .75em; justify-items: start }
form[hidden] { display: none }
form [part=question] { font-weight: 600 }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .25em 1em }
legend { padding: 0; margin-block-end: .25em }
[part=tag] { display: inline-flex; align-items: center; gap: .4em; min-block-size: 2em; cursor: pointer }
[part=field] { display: grid; gap: .25em; inline-size: 100% }
.boolean { grid-template-columns: auto 1fr; align-items: center; inline-size: auto }
.boolean input { order: -1 }
input:not([type=radio], [type=checkbox]), textarea, select { inline-size: 100%; min-block-size: 2.5em; padding: .5em .75em; background: transparent; border: 1px solid color-mix(in srgb, currentColor 55%, transparent); border-radius: var(--r) }
option { background: Canvas; color: CanvasText }
textarea { resize: vertical }
[part=actions] { display: flex; gap: .5em }
dialog { inline-size: min(32em, 92vw); padding: 1.25em; border: 1px solid; border-radius: var(--r); background: var(--feelback-surface, Canvas); color: var(--feelback-on-surface, CanvasText) }
::backdrop { background: rgb(0 0 0 / 45%) }
form ~ [role=status] { position: static; inline-size: auto; clip-path: none; white-space: normal; display: block; outline: 0; margin: .5em 0 }
form ~ [role=status]:empty { margin: 0 }
form ~ .failed { border-inline-start: .25em solid; padding: .25em .75em }
`);
