// The request as a form. It owns no data: the text is the request, and every change here is an edit of the text.

import { byId, h, icon } from "./dom";
import * as json from "./json";
import { message, number, words } from "./language";
import type { Channel, Diagnostic } from "./library";
import { ATTACHMENT, BODY, DESCRIPTOR } from "./mend";

const ALIAS = "applicationDescriptor";

type Identifier = "clientId" | "unauthorizedClientId" | "appMarker";
const IDENTIFIERS: readonly Identifier[] = ["clientId", "appMarker", "unauthorizedClientId"];

/** So many attachments get a card of their own; a text with more is edited as text. */
const MOST_CARDS = 20;

type Key = (typeof DESCRIPTOR)[number] | (typeof ATTACHMENT)[number] | "text";
/** The keyboard that a phone shows for an address of a kind. */
const KEYBOARDS: Record<string, string> = { phone: "tel", email: "email", numeric: "numeric" };

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Field {
  root: HTMLElement;
  label: HTMLElement;
  input: Input;
  required: HTMLElement;
  hint: HTMLElement;
  notes: HTMLElement;
}

/** An input for what machines read: nothing is capitalized, corrected or filled in. */
function line(keyboard = "text"): HTMLInputElement {
  return h("input", {
    type: "text",
    inputmode: keyboard,
    spellcheck: "false",
    autocapitalize: "none",
    autocorrect: "off",
    autocomplete: "off",
  });
}

export interface FormOptions {
  text(): string;
  change(edit: json.Edit): void;
}

export class Form {
  private form = byId<HTMLFormElement>("form");
  private rests = byId("form-rests");
  private fields = new Map<string, Field>();
  private heading = { message: h("legend"), receiver: h("legend") };
  private all = h("fieldset", { class: "whole" });
  private cards = h("div", { class: "cards" });
  private optional: HTMLButtonElement;
  private optionalLabel = h("span");
  private showOptional = false;
  private add: HTMLButtonElement;
  private attachmentsTitle = h("h3", { id: "attachments-title", tabindex: -1 });
  private attachmentNotes = h("ul", { class: "notes" });
  private more = h("p", { class: "hint" });
  private channels: readonly Channel[] = [];
  private attached = false;

  constructor(private options: FormOptions) {
    const identifiers = IDENTIFIERS.map((key) => this.field(key, line()));
    this.optional = h(
      "button",
      { type: "button", class: "quiet", "aria-expanded": "false", onclick: () => this.toggleOptional() },
      icon("down"),
      this.optionalLabel,
    );
    this.add = h("button", { type: "button", class: "quiet", onclick: () => this.addAttachment() });
    this.all.append(
      h(
        "fieldset",
        {},
        this.heading.receiver,
        this.field("channelType", h("select")),
        this.field("deviceAddress", line()),
        ...identifiers,
        this.optional,
      ),
      h(
        "fieldset",
        {},
        this.heading.message,
        this.field("text", h("textarea", { rows: 4 })),
        h(
          "section",
          { "aria-labelledby": "attachments-title", class: "attachments" },
          h("div", { class: "row" }, this.attachmentsTitle, this.add),
          this.attachmentNotes,
          this.cards,
          this.more,
        ),
      ),
    );
    this.form.append(this.all);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", (event) => {
      const id = (event.target as HTMLElement).id.replace(/^f-/, "");
      if (this.fields.has(id)) this.edited(id, (event.target as Input).value);
    });
    // A field that was emptied stays until the focus leaves it.
    this.form.addEventListener("focusout", () => queueMicrotask(() => this.arrange()));
  }

  /** Words again, in another language. */
  translate() {
    this.heading.message.textContent = words.message;
    this.heading.receiver.textContent = words.receiver;
    this.attachmentsTitle.textContent = words.attachments;
    this.optionalLabel.textContent = words.optionalFields;
    this.add.replaceChildren(icon("plus"), words.addAttachment);
    for (const [id, field] of this.fields) {
      field.label.textContent = words[id.split("-").at(-1) as Key];
      field.required.textContent = words.required;
    }
    this.cards.querySelectorAll("fieldset").forEach((card, i) => this.nameCard(card, i));
  }

  /** Shows what the text says. What a person is typing is never touched: it is what the text says already. */
  show(text: string, root: json.Value | null, channels: readonly Channel[], diagnostics: readonly Diagnostic[]) {
    this.channels = channels;
    this.rests.hidden = root?.kind === "object";
    this.rests.textContent = root ? words.notObject : words.notJson;
    this.all.disabled = root?.kind !== "object";
    // With nothing in it to focus, the form itself must be scrollable by keyboard.
    if (this.all.disabled) this.form.tabIndex = 0;
    else this.form.removeAttribute("tabindex");
    if (root?.kind === "object") this.fill(text, root);
    this.report(diagnostics);
    this.arrange();
  }

  private fill(text: string, root: json.Value) {
    const descriptor = this.descriptor(root)?.value;
    const say = (id: string, value: json.Value | undefined) => this.put(id, json.shown(text, value));
    say("text", json.member(root, "text")?.value);
    this.fillChannels(text, json.member(descriptor, "channelType")?.value);
    for (const key of DESCRIPTOR.slice(1)) say(key, json.member(descriptor, key)?.value);

    const items = json.member(root, "attachments")?.value.items ?? [];
    this.attached = items.length > 0;
    const cards = items.slice(0, MOST_CARDS);
    while (this.cards.childElementCount > cards.length) this.dropCard();
    while (this.cards.childElementCount < cards.length) this.addCard();
    cards.forEach((item, i) => {
      for (const key of ATTACHMENT) say(`${i}-${key}`, json.member(item, key)?.value);
    });
    this.more.hidden = items.length <= MOST_CARDS;
    this.more.textContent = words.moreAttachments(number(items.length - MOST_CARDS));
  }

  private put(id: string, value: string) {
    const { input } = this.fields.get(id)!;
    // An input can't hold every string: a one-line field has no line ends, a text area has LF only.
    const held = input instanceof HTMLTextAreaElement ? value.replace(/\r\n?/g, "\n") : value.replace(/[\r\n]/g, "");
    if (input.value !== held) input.value = held;
  }

  /** The channel's name is compared as the check does: trimmed, in any case. */
  private fillChannels(text: string, value: json.Value | undefined) {
    const given = json.shown(text, value);
    const known = this.channels.find(({ name }) => name === given.trim().toUpperCase());
    const select = this.fields.get("channelType")!.input as HTMLSelectElement;
    const wanted = known?.name ?? given;
    const rows: [string, string][] = this.channels.map(({ name }) => [name, name]);
    if (!known) rows.unshift([given, given.trim() ? words.notInPolicy(given) : words.chooseChannel]);
    const current = [...select.options].map((option) => `${option.value}\n${option.text}`).join("\n");
    if (current !== rows.flat().join("\n"))
      select.replaceChildren(...rows.map(([value, label]) => h("option", { value }, label)));
    if (select.value !== wanted) select.value = wanted;
  }

  /** What is wrong is said at its field too. */
  private report(diagnostics: readonly Diagnostic[]) {
    const by = new Map<string, Diagnostic[]>();
    for (const diagnostic of diagnostics) {
      const id = fieldOf(diagnostic.path);
      if (id !== undefined) by.set(id, [...(by.get(id) ?? []), diagnostic]);
    }
    const list = (found: Diagnostic[] | undefined) =>
      (found ?? []).map((f) => h("li", { class: f.severity }, message(f)));
    for (const [id, field] of this.fields) {
      const found = by.get(id);
      field.notes.replaceChildren(...list(found));
      field.notes.hidden = !found;
      field.input.setAttribute("aria-invalid", String(found?.some((f) => f.severity === "violation") ?? false));
      field.root.classList.toggle("warned", found?.every((f) => f.severity === "warning") ?? false);
    }
    this.attachmentNotes.replaceChildren(...list(by.get("attachments")));
  }

  /** Which fields there are follows the channel's rules. */
  private arrange() {
    const field = (id: string) => this.fields.get(id)!;
    const channel = this.channels.find(({ name }) => name === field("channelType").input.value);
    let hidden = 0;
    for (const id of IDENTIFIERS) {
      const { root, input, required } = field(id);
      const needed = channel?.requires.includes(id) ?? false;
      required.hidden = !needed;
      input.setAttribute("aria-required", String(needed));
      const busy =
        needed ||
        input.value !== "" ||
        root.contains(document.activeElement) ||
        input.getAttribute("aria-invalid") === "true";
      root.hidden = !busy && !this.showOptional;
      if (!busy) hidden++;
    }
    this.optional.hidden = hidden === 0;
    this.optional.setAttribute("aria-expanded", String(this.showOptional));
    for (const [id, { required, input }] of this.fields) {
      if (!/^(text|channelType|deviceAddress|\d+-url)$/.test(id)) continue;
      // A text may be left out beside attachments.
      const needed = id !== "text" || !this.attached;
      required.hidden = !needed;
      input.setAttribute("aria-required", String(needed));
    }
    const kinds = channel ? [channel.address].flat() : [];
    const address = field("deviceAddress");
    address.hint.textContent = kinds
      .map((kind) => words.kinds[kind] ?? "")
      .filter(Boolean)
      .join(" ");
    address.input.setAttribute("inputmode", KEYBOARDS[kinds[0] ?? ""] ?? "text");
    this.count(channel);
  }

  /** An input measures as the contract does, in UTF-16 units. */
  private count(channel: Channel | undefined) {
    const { hint, input } = this.fields.get("text")!;
    const length = input.value.length;
    const limit = channel?.text ?? 2000; // where there is no channel to ask: contract, §3
    const parts: (string | HTMLElement)[] = [words.units(number(length), number(limit))];
    const bound = (most: number | null | undefined, said: (length: string) => string) => {
      if (most != null) parts.push(" · ", h("span", { class: length > most ? "over" : "" }, said(number(most))));
    };
    bound(channel?.textWarning, words.unitsLong);
    if (this.attached) bound(channel?.captionWarning, words.unitsCaption);
    hint.replaceChildren(h("span", { title: words.unitsLabel }, ...parts));
    hint.classList.toggle("over", length > limit);
  }

  private edited(id: string, value: string) {
    const text = this.options.text();
    const root = json.parse(text);
    if (root?.kind !== "object") return;
    const attachment = /^(\d+)-(\w+)$/.exec(id);
    if (id === "text") return this.options.change(json.set(text, root, root, id, JSON.stringify(value), BODY));
    if (attachment) {
      const item = json.member(root, "attachments")?.value.items[Number(attachment[1])];
      if (item) this.write(text, root, item, attachment[2]!, value, ATTACHMENT);
      return;
    }
    const owner = this.descriptor(root);
    if (owner?.value.kind === "object") this.write(text, root, owner.value, id, value, DESCRIPTOR);
    else if (owner)
      this.options.change({
        from: owner.value.from,
        to: owner.value.to,
        insert: `{${JSON.stringify(id)}: ${JSON.stringify(value)}}`,
      });
    else this.options.change(json.setIn(text, root, "clientApplicationDescriptor", id, JSON.stringify(value), BODY));
  }

  private write(
    text: string,
    root: json.Value,
    object: json.Value,
    key: string,
    value: string,
    order: readonly string[],
  ) {
    if (object.kind !== "object") {
      this.options.change({
        from: object.from,
        to: object.to,
        insert: `{${JSON.stringify(key)}: ${JSON.stringify(value)}}`,
      });
      return;
    }
    const optional = !["url", "channelType", "deviceAddress"].includes(key);
    const at = object.members.findIndex((member) => member.key === key);
    // What is emptied and not required is taken away; a size is a number where it looks like one.
    if (value === "" && optional) {
      if (at >= 0) this.options.change(json.remove(object, at));
    } else {
      const raw = key === "size" && /^-?(0|[1-9]\d*)$/.test(value) ? value : JSON.stringify(value);
      this.options.change(json.set(text, root, object, key, raw, order));
    }
  }

  /** The descriptor under either of its names; the first one counts. */
  private descriptor(root: json.Value): json.Member | undefined {
    return root.members.find(({ key }) => key === "clientApplicationDescriptor" || key === ALIAS);
  }

  private toggleOptional() {
    this.showOptional = !this.showOptional;
    this.arrange();
  }

  private addAttachment() {
    const text = this.options.text();
    const root = json.parse(text);
    if (root?.kind !== "object") return;
    let list = json.member(root, "attachments")?.value;
    if (list?.kind === "array") this.options.change(json.append(text, root, list, "url", '"https://"'));
    else {
      const edit = json.set(text, root, root, "attachments", "[]", BODY);
      const next = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
      const nextRoot = json.parse(next)!;
      list = json.member(nextRoot, "attachments")!.value;
      const item = json.append(next, nextRoot, list, "url", '"https://"');
      // One step for undo: the list with its first item in it.
      const whole = next.slice(0, item.from) + item.insert + next.slice(item.to);
      const grown = whole.length - next.length;
      this.options.change({ ...edit, insert: whole.slice(edit.from, edit.from + edit.insert.length + grown) });
    }
    const input = this.fields.get(`${this.cards.childElementCount - 1}-url`)?.input as HTMLInputElement | undefined;
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  }

  private removeAttachment(index: number) {
    const root = json.parse(this.options.text());
    const list = root && json.member(root, "attachments")?.value;
    if (!list?.items[index]) return;
    this.options.change(json.remove(list, index));
    const left = this.cards.children.item(Math.min(index, this.cards.childElementCount - 1));
    (left?.querySelector("input") ?? this.attachmentsTitle).focus();
  }

  private field(id: string, input: Input): HTMLElement {
    input.id = `f-${id}`;
    const hint = h("p", { class: "hint", id: `f-${id}-hint` });
    const notes = h("ul", { class: "notes", id: `f-${id}-notes` });
    input.setAttribute("aria-describedby", `${hint.id} ${notes.id}`);
    const label = h("label", { for: input.id });
    const required = h("span", { class: "required", hidden: true });
    const root = h("div", { class: "field" }, h("div", { class: "row" }, label, required), input, hint, notes);
    this.fields.set(id, { root, label, input, required, hint, notes });
    return root;
  }

  private addCard() {
    const index = this.cards.childElementCount;
    const remove = h("button", { type: "button", class: "quiet", onclick: () => this.removeAttachment(index) });
    const card = h(
      "fieldset",
      { class: "card" },
      h("legend"),
      remove,
      ...ATTACHMENT.map((key) =>
        this.field(`${index}-${key}`, line(key === "size" ? "numeric" : key === "url" ? "url" : "text")),
      ),
    );
    this.cards.append(card);
    this.nameCard(card, index);
    for (const key of ATTACHMENT) {
      const field = this.fields.get(`${index}-${key}`)!;
      field.label.textContent = words[key];
      field.required.textContent = words.required;
    }
  }

  private dropCard() {
    const index = this.cards.childElementCount - 1;
    for (const key of ATTACHMENT) this.fields.delete(`${index}-${key}`);
    this.cards.lastElementChild?.remove();
  }

  private nameCard(card: Element, index: number) {
    card.querySelector("legend")!.textContent = words.attachment(index + 1);
    const button = card.querySelector("button")!;
    button.textContent = words.remove;
    button.setAttribute("aria-label", words.removeAttachment(index + 1));
  }
}

/** The field of the form that a path speaks of. */
function fieldOf([first, second, third]: readonly (string | number)[]): string | undefined {
  if (first === "text" && second === undefined) return "text";
  if (first === "clientApplicationDescriptor" || first === ALIAS)
    return second === undefined ? undefined : String(second);
  if (first !== "attachments") return undefined;
  if (second === undefined) return "attachments";
  return third === undefined ? `${second}-url` : `${second}-${third}`;
}
