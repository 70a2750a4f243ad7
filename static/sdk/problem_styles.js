// Styles of the box that tells an author on localhost what is wrong.
export const styles = `
aside { position: fixed; z-index: 2147483647; inset-block-end: 1rem; inset-inline-start: 1rem; max-inline-size: min(26rem, 90vw); padding: .75rem 1rem; border: 1px solid #b45309; border-radius: .5rem; background: #fffbeb; color: #1c1917; font: 14px/1.4 system-ui, sans-serif }
ul { margin: .25rem 0 .5rem; padding-inline-start: 1.25rem }
a { color: #92400e }
button { font: inherit; min-block-size: 2rem; padding: 0 .75rem; color: inherit; background: none; border: 1px solid; border-radius: .25rem; cursor: pointer }
`;
