export default { esbuild: { jsx: "automatic" }, build: { rollupOptions: { input: "one.html" } } };
