// The package that the page is about, from one entry, so that there is one module in the page.

export * from 'outgoing-to-device';
