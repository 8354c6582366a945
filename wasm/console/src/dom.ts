// Elements without a framework.

type Child = Node | string | false | null | undefined;
type Properties = { [name: string]: string | number | boolean | EventListener | undefined };

/** An element: attributes by name, listeners as `onclick` and such, then children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== false && child != null));
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id} in the page`);
  return element as T;
}

/** A small drawing from the page's own sprite. */
export function icon(name: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Arrow keys, Home and End move between the tabs; the one that gets the focus is shown. */
export function tabs(list: HTMLElement, shown: (name: string) => void): (name: string) => void {
  const all = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  const name = (tab: HTMLElement) => tab.dataset.name!;
  const select = (tab: HTMLElement) => {
    for (const other of all) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
      byId(other.getAttribute("aria-controls")!).hidden =
        other.getAttribute("aria-controls") !== tab.getAttribute("aria-controls");
    }
    shown(name(tab));
  };
  list.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest<HTMLElement>("[role=tab]");
    if (tab) select(tab);
  });
  list.addEventListener("keydown", (event) => {
    const there = all.filter((tab) => !tab.hidden);
    const at = there.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const next = step === undefined || at < 0 ? undefined : there.at(step % there.length);
    if (!next) return;
    event.preventDefault();
    next.focus();
    select(next);
  });
  return (wanted) => select(all.find((tab) => name(tab) === wanted)!);
}
