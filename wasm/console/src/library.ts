// The package that the page is about: all of it from one entry, so that there is one module in the page.

export * from "outgoing-to-device/server";
