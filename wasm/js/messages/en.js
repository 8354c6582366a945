// English is built in, so the catalogue is empty: it is there to be named beside the others.

export default {};
