export * from "./types/index.js"; // for console/, until it resolves the package itself
