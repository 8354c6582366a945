// What is kept of a request's head: what the library looks at, and of a token no more than its shape.

export interface Head {
  method: string;
  /** Path only: a query may hold secrets. */
  target: string;
  host: string;
  headers: [name: string, value: string][];
}

const READ = ["authorization", "content-type", "content-encoding", "content-length", "transfer-encoding"];

export function headOf(method: string, url: string, headers: Iterable<readonly [string, string]>): Head {
  const [, host = "", rest = ""] = /^(?:[a-z][\w+.-]*:\/\/)?([^/?#]*)([^]*)$/i.exec(url.trim())!;
  const kept: Head = {
    method,
    target: rest.replace(/[?#][^]*$/, "") || "/",
    host: host.replace(/^.*@/, ""),
    headers: [],
  };
  for (const [name, value] of headers) {
    if (name.toLowerCase() === "host") kept.host = value;
    else if (READ.includes(name.toLowerCase()))
      kept.headers.push([name, /^authorization$/i.test(name) ? veiled(value) : value]);
  }
  return kept;
}

/** Credentials of the same shape: the check says the same of them, and nobody can use them. */
function veiled(value: string): string {
  const [, scheme, space, token] = /^(\S*)([ \t]*)([^]*)$/.exec(value)!;
  const veil = (text: string) => text.replace(/[!-~]/g, "*").replace(/[^\t -~]/g, "\u00b7");
  // A scheme is a word; a token alone is none.
  return (token ? scheme! : /^(bearer|basic|digest)$/i.test(scheme!) ? scheme! : veil(scheme!)) + space! + veil(token!);
}
