// Styles of what asks why, which elements of both builds have.
export const styles = `
[part=followup] { flex: 1 0 100%; display: grid; gap: .75em; justify-items: start; max-inline-size: 32em; margin-block: .75em .25em }
[part=followup][hidden] { display: none }
.over { position: absolute; z-index: 2; inset-block-start: 100%; inset-inline-start: 0; inline-size: max-content; max-inline-size: min(32em, 85vw); padding: 1em; border: 1px solid; border-radius: var(--r); background: var(--feelback-surface, Canvas); color: var(--feelback-on-surface, CanvasText) }
[part=followup-question] { font-weight: 600; outline-offset: 4px }
[part=reasons], [part=actions] { display: flex; flex-wrap: wrap; align-items: center; gap: .5em }
[part=field] { display: grid; gap: .25em; inline-size: 100% }
[part=input] { inline-size: 100%; min-block-size: 2.5em; padding: .5em .75em; background: transparent; border: 1px solid color-mix(in srgb, currentColor 55%, transparent); border-radius: var(--r) }
`;
