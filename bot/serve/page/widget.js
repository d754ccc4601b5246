/* The chat, for a page of its own and for a corner of anybody's page:

     <script src="https://faq.example/widget.js" defer></script>

   data-target="#id"   fill that element, instead of a button in the corner that opens a panel
   data-title="…"      the heading (else the title of the pack)
   data-label="…"      what the button says
   data-position="left"  the other corner
   data-theme="light"  or "dark" (else as the person's system has it)
   data-color="#0b5cad"  of the button and of what the person says; white text must be legible on it
   data-token="…"      for a server that asks for one; whoever reads the page can read it
   data-remember="no"  forget the conversation with every page (else it lasts until the tab is closed)

   The element that it makes, <faqbot-chat>, has open(), close(), ask(text) and restart(), and tells of every reply by the
   event `faqbot-reply`. Its style sheet is made by script and lives in a shadow tree: the page's style and its
   Content-Security-Policy stay as they are. Text becomes text nodes and nothing else. */
(() => {
"use strict";

const script = document.currentScript;
const BASE = new URL(".", script.src).href;
const LONGEST = 6000;   // characters of a message
const PATIENCE = 20000; // milliseconds
const KEPT = 60;        // messages that outlast a change of page

const WORDS = {
  ask: "Ask a question",
  label: "Your question",
  send: "Send",
  close: "Close",
  restart: "Start again",
  restarted: "A new conversation. What was said before is forgotten.",
  expired: "The conversation before this had ended, so I no longer know what was said in it.",
  said: "You said:",
  replied: "Reply:",
  urgent: "Urgent",
  choose: "Which one do you mean?",
  next: "You could ask",
  topics: "What can I ask?",
  source: "Source",
  reviewed: "reviewed",
  unreviewed: "review date not known",
  newTab: "(opens in a new tab)",
  helpful: "Was this helpful?",
  yes: "Yes",
  no: "No",
  thanks: "Thank you.",
  waiting: "Looking for the answer…",
  retry: "Try again",
  failed: "The question could not be sent. Are you online?",
  busy: "Too many questions at the moment. Please try again shortly.",
  long: "The question is too long.",
  refused: "This page may not ask here.",
  broken: "Something went wrong. Please try again later.",
  token: "Access token",
  enter: "Continue",
  needsToken: "This server asks for an access token.",
};

const STYLE = `
:host {
  color-scheme: light dark; display: block; height: 100%;
  --ink: light-dark(#1b2430, #e6eaef); --paper: light-dark(#fff, #161b21); --faint: light-dark(#eef1f4, #222a33);
  --line: light-dark(#76828f, #8b97a4); --soft: light-dark(#505c69, #a9b4c0);
  --own: #0b5cad; --link: light-dark(#0b5cad, #7ab8f5);
  --alarm: light-dark(#b3141d, #ff8f8f); --alarm-paper: light-dark(#fff0f0, #3a1417);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); text-align: start;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([floating]) { position: fixed; z-index: 2147483000; inset: auto max(1rem, env(safe-area-inset-right)) max(1rem, env(safe-area-inset-bottom)) auto; height: auto; }
:host([floating][position="left"]) { inset-inline: max(1rem, env(safe-area-inset-left)) auto; }
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea, input { font: inherit; color: inherit; }
button { cursor: pointer; min-height: 2.75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper); padding: .375rem .75rem; }
button:hover { background: var(--faint); }
button[aria-disabled="true"] { cursor: default; color: var(--soft); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.own, .own:hover { background: var(--own); border-color: var(--own); color: #fff; }
.own:hover { filter: brightness(.9); }
.launch { border-radius: 2rem; padding: .75rem 1.25rem; box-shadow: 0 2px 12px #0006; font-weight: 600; }
.panel { display: flex; flex-direction: column; height: 100%; background: var(--paper); border: 1px solid var(--faint); overflow: hidden; }
:host([floating]) .panel { position: fixed; inset: auto 1rem 1rem auto; width: 25rem; height: min(40rem, calc(100dvh - 2rem)); border: 1px solid var(--line); border-radius: .75rem; box-shadow: 0 6px 32px #0006; }
:host([floating][position="left"]) .panel { inset-inline: 1rem auto; }
header { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .5rem .5rem .5rem 1rem; border-bottom: 1px solid var(--faint); }
h1, h2 { flex: 1 1 8rem; margin: 0; font-size: 1.0625rem; line-height: 1.3; }
header button { border-color: transparent; font-size: .875rem; }
.note { position: sticky; top: -1rem; z-index: 1; margin: -1rem -1rem 0; padding: .5rem 1rem; background: var(--faint); border-bottom: 1px solid var(--paper); font-size: .875rem; }
.log { flex: 1 1 auto; min-height: 6rem; overflow-y: auto; overscroll-behavior: contain; padding: 1rem; display: flex; flex-direction: column; gap: .75rem; }
.log > * { flex: none; }
.say { align-self: end; max-width: 85%; padding: .5rem .875rem; border-radius: .875rem .875rem .125rem .875rem; background: var(--own); color: #fff; white-space: pre-wrap; overflow-wrap: anywhere; }
.reply { align-self: start; max-width: 95%; overflow-wrap: anywhere; }
.body { padding: .625rem .875rem; border-radius: .125rem .875rem .875rem .875rem; background: var(--faint); }
.body > * { margin: 0; }
.body > :not(.unseen) + * { margin-top: .5rem; }
.body ul, .body ol { padding-inline-start: 1.5rem; }
.urgent .body { background: var(--alarm-paper); border: 2px solid var(--alarm); border-inline-start-width: .5rem; font-size: 1.0625rem; }
.urgent a { font-weight: 700; white-space: nowrap; }
.refer .body { border-inline-start: .375rem solid var(--line); }
.mark { color: var(--alarm); font-weight: 700; }
.aside { margin: .375rem 0 0; font-size: .875rem; color: var(--soft); }
.choices { margin: .5rem 0 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; }
.choices button { text-align: start; border-color: var(--link); color: var(--link); }
.feedback { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .375rem; font-size: .875rem; color: var(--soft); }
.feedback button { padding-block: .125rem; min-height: 2rem; min-width: 2.75rem; }
.feedback button[aria-pressed="true"] { border-color: var(--link); color: var(--link); font-weight: 700; }
a { color: var(--link); }
details { padding: 0 1rem; border-bottom: 1px solid var(--faint); }
details[open] { max-height: 45%; overflow-y: auto; flex: none; }
summary { cursor: pointer; padding: .625rem 0; font-size: .875rem; }
details h2, details h3 { margin: .25rem 0; font-size: .875rem; }
details .choices { margin-bottom: .75rem; }
form { display: flex; gap: .5rem; align-items: end; padding: .625rem max(.625rem, env(safe-area-inset-right)) max(.625rem, env(safe-area-inset-bottom)) max(.625rem, env(safe-area-inset-left)); border-top: 1px solid var(--faint); }
.gate { flex-wrap: wrap; }
.gate p { flex: 1 0 100%; margin: 0; }
textarea, input { flex: 1 1 auto; min-width: 0; min-height: 2.75rem; max-height: 9rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper); resize: none; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) {
  :host([floating]) .panel, :host([floating][position="left"]) .panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
}
:host([floating]) .note { position: static; }
@media (max-width: 30rem), (max-height: 32rem) { .note { position: static; } } /* the little room is for the replies */
@media (min-width: 52rem) { :host(:not([floating])) .panel { border-radius: .75rem; } }
@media (forced-colors: active) { .say, .body { border: 1px solid; } .urgent .body { border-width: 4px; } }
@media (prefers-reduced-motion: no-preference) { .log { scroll-behavior: smooth; } }
@media print { form, .feedback, .choices, header button, details, .launch { display: none !important; } .log { overflow: visible; } }
`;

/* ---- making elements: attributes and text, never markup ---------------------------------------------------------------- */

function make(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.filter((part) => part !== null));
  return node;
}

/* The Markdown that packs may use: paragraphs, lists and **bold**. told: makes nodes of a text, given what stands before it. */
function marked(markdown, told = (text) => [text]) {
  const blocks = [];
  let list = null;
  for (const line of markdown.split("\n")) {
    const [, mark, item] = /^\s*(-|\d+\.)\s+(.*)$/.exec(line) || [];
    if (item !== undefined) {
      const tag = mark === "-" ? "ul" : "ol";
      if (!list || list.localName !== tag) blocks.push((list = make(tag, tag === "ol" ? { start: parseInt(mark, 10) } : {})));
      list.append(make("li", { dir: "auto" }, ...bold(item, told)));
    } else {
      list = null;
      if (line.trim()) blocks.push(make("p", { dir: "auto" }, ...bold(line, told)));
    }
  }
  return blocks;
}

function bold(line, told) {
  let before = "";
  return line.split("**").flatMap((part, n) => {
    const nodes = told(part, before);
    before += part;
    return n % 2 ? [make("strong", {}, ...nodes)] : nodes;
  });
}

/* Numbers to call become links: those that the pack names for emergencies, and others behind a word such as "call". What is
   an amount (38.5, 101 °F, 500 mg, 24 hours) stays text. */
const NUMBER = /\+?\d(?:[ -]?\d){2,14}/g;
const CALL = /\b(?:call|dial|phone|ring|line)\b[^\d.;:!?]{0,40}$/i;
const AMOUNT = /^(?:[.,/:]?\d|[ -]?(?:%|°|[fc]\b|mg\b|ml\b|degrees|seconds?\b|minutes?\b|hours?\b|days?\b|weeks?\b))/i;
const bare = (number) => number.replace(/[ -]/g, "");

function dialled(text, start, emergency) {
  const parts = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(NUMBER)) {
    let number = found;
    while (number && AMOUNT.test(text.slice(index + number.length))) number = number.slice(0, Math.max(0, number.search(/[ -]\d*$/)));
    const before = start + text.slice(0, index);
    if (bare(number).length < 3 || /\w[.,/]?$/.test(before) || !(emergency.has(bare(number)) || CALL.test(before))) continue;
    parts.push(text.slice(at, index), make("a", { href: `tel:${bare(number)}` }, number));
    at = index + number.length;
  }
  return [...parts, text.slice(at)];
}

function cited(source) {
  const url = /^https?:\/\//i.test(source.url || "") ? source.url : null;
  const title = url
    ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, source.title, make("span", { class: "unseen" }, ` ${WORDS.newTab}`))
    : source.title;
  const day = source.reviewed ? `${WORDS.reviewed} ${source.reviewed}` : WORDS.unreviewed;
  return make("p", { class: "aside", dir: "auto" }, `${WORDS.source}: `, title, source.section ? `, “${source.section}”` : "", `, ${day}`);
}

/* ---- the server -------------------------------------------------------------------------------------------------------- */

class Refusal extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
  get words() {
    if (!this.status) return WORDS.failed;
    if (this.status === 429 || this.status === 503) return WORDS.busy;
    if (this.status === 403) return WORDS.refused;
    return this.code === "text_too_long" || this.status === 413 ? WORDS.long : WORDS.broken;
  }
}

async function call(method, path, body, token) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(BASE + path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "omit", signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refusal(0, "unreachable");
  }
  const told = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(response.status, told?.error?.code || "");
  return told;
}

/* ---- what outlasts a change of page: in this tab only, and only for pages of this site ---------------------------------- */

const store = {
  key: `faqbot ${BASE}`,
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) || {};
    } catch {
      return {};
    }
  },
  write(value) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      /* a browser that keeps nothing: the conversation lasts as long as the page */
    }
  },
};

/* ---- the element ------------------------------------------------------------------------------------------------------- */

class Chat extends HTMLElement {
  #set = {};              // the settings, from the script's data- attributes
  #talk = { id: null, said: [], open: false, token: null };
  #parts = {};            // the elements that change
  #about = null;          // what the bot is, once the server has told
  #emergency = new Set(); // its numbers to call
  #turns = Promise.resolve();

  begin(settings) {
    this.#set = settings;
    if (settings.remember !== "no") Object.assign(this.#talk, store.read());
    for (const name of ["theme", "position"]) if (settings[name]) this.setAttribute(name, settings[name]);
    this.toggleAttribute("floating", !settings.target);
    if (settings.color) this.style.setProperty("--own", settings.color);
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(...this.#frame());
    if (!settings.target) this.#show(this.#talk.open);
    if (settings.target || this.#talk.open) this.#meet();
  }

  open() {
    this.#show(true);
    this.#meet();
    this.#parts.text.focus();
  }

  close() {
    if (!this.hasAttribute("floating")) return;
    this.#show(false);
    this.#parts.launch.focus();
  }

  /* Ask as if the person had typed it; the reply, or null when there was none. */
  ask(text) {
    const turn = this.#turns.then(() => this.#turn(text));
    this.#turns = turn.catch(() => null);
    return this.#turns;
  }

  restart() {
    const { id } = this.#talk;
    if (id) this.#call("DELETE", `v1/conversations/${encodeURIComponent(id)}`).catch(() => null);
    Object.assign(this.#talk, { id: null, said: [] });
    this.#keep();
    this.#parts.log.replaceChildren(this.#parts.note, make("p", { class: "aside" }, WORDS.restarted));
    this.#greet();
    this.#parts.text.focus();
  }

  #frame() {
    const floating = this.hasAttribute("floating");
    const p = this.#parts;
    p.launch = make("button", { type: "button", class: "launch own", "aria-expanded": "false", click: () => this.open() }, this.#set.label || WORDS.ask);
    p.title = make(floating ? "h2" : "h1", { id: "title", dir: "auto" }, this.#set.title || WORDS.ask);
    p.note = make("p", { class: "note", role: "note", dir: "auto", hidden: true });
    p.topics = make("details", { hidden: true }, make("summary", {}, WORDS.topics));
    p.log = make("div", { class: "log", role: "log", "aria-labelledby": "title", tabindex: "0" }, p.note);
    p.text = make("textarea", {
      rows: 1, maxlength: LONGEST, "aria-label": WORDS.label, placeholder: WORDS.ask, enterkeyhint: "send", autocomplete: "off", dir: "auto",
      keydown: (event) => this.#key(event), input: () => this.#grow(),
    });
    p.form = make("form", { submit: (event) => this.#submit(event) }, p.text, make("button", { type: "submit", class: "own" }, WORDS.send));
    p.gate = this.#gate();
    p.panel = make("section", { class: "panel", "aria-labelledby": "title", role: floating ? "dialog" : "region" },
      make("header", {}, p.title,
        make("button", { type: "button", click: () => this.restart() }, WORDS.restart),
        floating ? make("button", { type: "button", click: () => this.close() }, WORDS.close) : null),
      p.topics, p.log, p.gate, p.form);
    if (floating) p.panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.close());
    else p.launch.hidden = true;
    return [p.launch, p.panel];
  }

  #gate() {
    const input = make("input", { type: "password", autocomplete: "off", "aria-label": WORDS.token, required: true });
    return make("form", { class: "gate", hidden: true, submit: (event) => {
      event.preventDefault();
      this.#talk.token = input.value.trim();
      input.value = "";
      this.#keep();
      this.#lock(false);
      this.#meet();
      this.#parts.text.focus();
    } }, make("p", {}, WORDS.needsToken), input, make("button", { type: "submit", class: "own" }, WORDS.enter));
  }

  #show(open) {
    const { panel, launch } = this.#parts;
    panel.hidden = !open;
    panel.setAttribute("aria-modal", String(matchMedia("(max-width: 30rem)").matches)); // then it covers the page
    launch.hidden = open;
    this.#talk.open = open;
    this.#keep();
  }

  #lock(locked) {
    this.#parts.gate.hidden = !locked;
    this.#parts.form.hidden = locked;
  }

  #keep() {
    if (this.#set.remember !== "no") store.write({ ...this.#talk, said: this.#talk.said.slice(-KEPT) });
  }

  async #call(method, path, body) {
    try {
      return await call(method, path, body, this.#talk.token || this.#set.token);
    } catch (refusal) {
      if (refusal.status === 401) {
        this.#lock(true);
        this.#parts.gate.querySelector("input").focus();
      }
      // What a server says to pages that it does not know, browsers keep from them: it looks as if nobody had answered.
      if (refusal.code === "origin_not_allowed" || (!refusal.status && new URL(BASE).origin !== location.origin)) {
        console.error(`faqbot: the server at ${BASE} has to run, and to be started with --origin ${location.origin}`);
      }
      throw refusal;
    }
  }

  /* Ask the server what it is, once; then show that, and what was said before. */
  async #meet() {
    if (this.#about) return;
    try {
      this.#about = await this.#call("GET", "v1/topics");
    } catch (refusal) {
      if (refusal.status !== 401) this.#problem(refusal, () => this.#meet());
      return;
    }
    for (const numbers of Object.values(this.#about.emergency)) {
      for (const [number] of numbers.matchAll(NUMBER)) this.#emergency.add(bare(number));
    }
    const { title, note, topics } = this.#parts;
    title.textContent = this.#set.title || this.#about.title;
    note.textContent = this.#about.notice;
    note.hidden = !this.#about.notice;
    topics.hidden = !this.#about.topics.length;
    const tag = this.hasAttribute("floating") ? "h3" : "h2";
    for (const { section, questions } of this.#about.topics) {
      if (section) topics.append(make(tag, { dir: "auto" }, section));
      topics.append(this.#choices(questions.map((question) => [question, question]), section || WORDS.topics));
    }
    topics.addEventListener("click", (event) => {
      if (!event.target.closest("button")) return;
      topics.open = false;
      topics.querySelector("summary").focus();
    });
    this.#greet();
    for (const said of this.#talk.said) this.#add(said);
  }

  #greet() {
    if (!this.#about) return;
    this.#put(make("div", { class: "reply" }, make("div", { class: "body" }, ...marked(this.#about.greeting)), this.#next(this.#about.starters)));
  }

  async #turn(text) {
    const { log } = this.#parts;
    text = text.trim().slice(0, LONGEST);
    if (!text) return null;
    const said = this.#say({ text });
    const waiting = make("p", { class: "aside" }, WORDS.waiting);
    const timer = setTimeout(() => this.#put(waiting), 400);
    log.setAttribute("aria-busy", "true");
    try {
      const reply = await this.#send(text);
      this.#say({ ask: text, reply });
      this.dispatchEvent(new CustomEvent("faqbot-reply", { detail: { text, reply }, bubbles: true, composed: true }));
      return reply;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#talk.said.pop();
      this.#keep();
      this.#problem(refusal, () => {
        said.remove();
        this.ask(text);
      });
      return null;
    } finally {
      clearTimeout(timer);
      waiting.remove();
      log.removeAttribute("aria-busy");
    }
  }

  async #send(text) {
    for (let again = false; ; again = true) {
      if (!this.#talk.id) this.#talk.id = (await this.#call("POST", "v1/conversations")).id;
      try {
        return await this.#call("POST", `v1/conversations/${encodeURIComponent(this.#talk.id)}/messages`, { text });
      } catch (refusal) {
        if (again || refusal.code !== "unknown_conversation") throw refusal;
        this.#talk.id = null;
        this.#put(make("p", { class: "aside" }, WORDS.expired));
      }
    }
  }

  #say(said) {
    this.#talk.said.push(said);
    this.#keep();
    return this.#add(said);
  }

  #add({ text, ask, reply }) {
    if (reply) return this.#put(this.#reply(ask, reply));
    return this.#put(make("div", { class: "say", dir: "auto" }, make("span", { class: "unseen" }, `${WORDS.said} `), text));
  }

  /* A long reply is shown from its beginning, below the question that it answers; anything else to its end. */
  #put(node) {
    const { log, note } = this.#parts;
    const question = log.lastElementChild;
    log.append(node);
    const first = node.matches(".reply") && question.matches(".say") ? question : node;
    const covered = getComputedStyle(note).position === "sticky" ? note.offsetHeight : 0;
    log.scrollTop = node.matches(".reply") ? first.offsetTop - log.offsetTop - covered - 12 : log.scrollHeight;
    return node;
  }

  #reply(ask, reply) {
    const urgent = reply.kind === "urgent";
    const options = reply.options.map(({ title, question }) => [title, question]);
    return make("div", { class: `reply ${urgent || reply.kind === "refer" ? reply.kind : ""}` },
      make("div", { class: "body", role: urgent ? "alert" : null },
        urgent ? make("p", { class: "mark" }, WORDS.urgent) : make("span", { class: "unseen" }, WORDS.replied),
        ...marked(options.length ? unlisted(reply) : reply.markdown, urgent ? (text, before) => dialled(text, before, this.#emergency) : undefined)),
      options.length ? this.#choices(options, WORDS.choose) : null,
      ...reply.sources.map(cited),
      this.#next(reply.suggestions),
      reply.kind === "answer" ? this.#feedback(ask, reply) : null);
  }

  #choices(choices, label) {
    return make("ul", { class: "choices", "aria-label": label },
      ...choices.map(([title, question]) => make("li", {}, make("button", { type: "button", dir: "auto", click: () => this.ask(question) }, title))));
  }

  #next(questions) {
    if (!questions.length) return null;
    return make("div", {}, make("p", { class: "aside" }, WORDS.next), this.#choices(questions.map((question) => [question, question]), WORDS.next));
  }

  #feedback(ask, reply) {
    const told = make("span", { role: "status" });
    const button = (title, helpful) => make("button", { type: "button", "aria-pressed": "false", click: async (event) => {
      const pressed = event.currentTarget;
      if (pressed.getAttribute("aria-disabled")) return;
      for (const other of buttons) other.setAttribute("aria-disabled", "true");
      try {
        await this.#call("POST", "v1/feedback", { helpful, intent: reply.intent && reply.intent.slice(0, 200), text: ask });
        pressed.setAttribute("aria-pressed", "true");
        told.textContent = WORDS.thanks;
      } catch (refusal) {
        told.textContent = refusal.words;
        for (const other of buttons) other.removeAttribute("aria-disabled");
      }
    } }, title);
    const buttons = [button(WORDS.yes, true), button(WORDS.no, false)];
    return make("div", { class: "feedback", role: "group", "aria-label": WORDS.helpful }, make("span", {}, WORDS.helpful), ...buttons, told);
  }

  #problem(refusal, again) {
    const node = make("div", { class: "reply", role: "alert" }, make("div", { class: "body" }, make("p", {}, refusal.words)),
      make("ul", { class: "choices" }, make("li", {}, make("button", { type: "button", click: () => {
        node.remove();
        this.#parts.text.focus();
        again();
      } }, WORDS.retry))));
    this.#put(node);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#parts.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const { text } = this.#parts;
    const said = text.value;
    text.value = "";
    this.#grow();
    this.ask(said);
  }

  #grow() {
    const { text } = this.#parts;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }
}

/* The words of a clarification without the list that its buttons show. */
function unlisted(reply) {
  const titles = new Set(reply.options.map(({ title }) => title));
  return reply.markdown.split("\n").filter((line) => !titles.has(line.replace(/^\s*(-|\d+\.)\s+/, ""))).join("\n");
}

/* ---- on the page ------------------------------------------------------------------------------------------------------- */

function start() {
  if (!customElements.get("faqbot-chat")) customElements.define("faqbot-chat", Chat);
  const settings = { ...script.dataset };
  const target = settings.target ? document.querySelector(settings.target) : document.body;
  if (!target) return console.error(`faqbot: there is no element ${settings.target} on this page`);
  const chat = document.createElement("faqbot-chat");
  chat.begin(settings);
  if (settings.target) target.replaceChildren(chat);
  else target.append(chat);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
})();
