// What a click does on the page. Runs once, inside gr.HTML: `element`, `trigger` and `server` come from there.
//
// HTML comes from the server, where every word in it was escaped; here nobody's words are ever made into markup, only
// into text. Names of events and of server functions are those of bot/web.py: "ask"; open_story, digested, open_chat,
// more_posts, whole_post, find_stories, answered, rate.
"use strict";

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 899px)");
const MEMORY = "digg-deeper";
const REMEMBERED = 50;
const SLOW_MS = 15_000;
const LOST_MS = 180_000;

let story = null; // the story that is shown, "" for all of them
let scope = null; // the story that the conversation is about, "" for all of them
let conversation = null;
let asking = null; // while a question is being answered: {scope} of it
let cameFrom = null; // the citation that led to a post, to go back to
let opened = 0; // counts the stories opened, so that a late answer does not replace a newer one
const rated = new Map();

// What is remembered in this browser: the conversation of each story.

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(MEMORY));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function remember(about, id) {
  const others = remembered().filter((entry) => entry[0] !== about);
  const kept = id ? [[about, id], ...others] : others;
  try {
    localStorage.setItem(MEMORY, JSON.stringify(kept.slice(0, REMEMBERED)));
  } catch {
    // a browser that keeps nothing still answers
  }
}

const conversationOf = (about) => remembered().find((entry) => entry[0] === about)?.[1] ?? null;

// Asking the server, with its failures told as the server tells its own.

async function lookUp(name, said) {
  try {
    return await server[name](said);
  } catch {
    return lost();
  }
}

function lost() {
  const told = document.createElement("div");
  told.className = "dd-failure";
  told.setAttribute("role", "alert");
  told.innerHTML = "<strong>No answer from the server</strong><p>It may have been stopped, or the connection is gone.</p>";
  told.append(button("Reload the page", () => location.reload(), "dd-more"));
  return told;
}

function button(label, onclick, css = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = css;
  made.textContent = label;
  made.addEventListener("click", onclick);
  return made;
}

function put(place, html) {
  if (html instanceof Node) place.replaceChildren(html);
  else place.innerHTML = html;
}

function parsed(html) {
  if (html instanceof Node) return html;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

// Stories.

const part = (name) => find(`#dd-story-part [data-part="${name}"]`);

// A digest is made when a story is first looked at; the story stands meanwhile.
async function awaitDigest(turn, thread) {
  const shown = await lookUp("digested", { thread });
  if (turn !== opened || shown?.thread !== thread) return;
  put(part("head"), shown.head);
  put(part("deeper"), shown.deeper);
  if (scope === thread && !conversation && !asking) await showConversation();
}

async function openStory(wanted, { push = true, chat = true, at = null, focus = true, note = false } = {}) {
  const turn = ++opened;
  root.dataset.loading = "";
  const said = wanted === null ? { first: true } : { thread: wanted };
  const shown = await lookUp("open_story", said);
  if (turn !== opened) return;
  delete root.dataset.loading;
  const whole = typeof shown === "object" && !(shown instanceof Node);
  story = whole ? shown.thread : wanted;
  if (!note) part("note").replaceChildren();
  put(part("head"), whole ? shown.head : shown);
  put(part("deeper"), whole ? shown.deeper : "");
  put(part("posts"), whole ? shown.posts : "");
  if (find("[data-digest-pending]")) awaitDigest(turn, story);
  find("#dd-left").scrollTop = 0;
  const title = find("#dd-story-part h1");
  document.title = story && title ? `${title.textContent} · Digg Deeper` : "Digg Deeper";
  if (push) history.pushState({ story }, "", addressOf(story));
  offerThis();
  if (chat) await openChat(story);
  if (at) await openComment(at);
  else if (focus) title?.focus({ preventScroll: true });
}

// A new server reads its sample story in while the page is already there.
setInterval(async () => {
  if (document.hidden || root.hasAttribute("data-adding") || !find("#dd-story-part .dd-empty")) return;
  const shown = await lookUp("open_story", { first: true });
  if (shown.head && !shown.head.includes("dd-empty")) openStory(shown.thread, { push: false, focus: false });
}, 2_000);

const addressOf = (thread) => (thread ? `?story=${encodeURIComponent(thread)}` : "./");

function wantedByAddress() {
  const asked = new URLSearchParams(location.search);
  const thread = asked.get("story");
  const comment = asked.get("comment");
  const span = /^(\d+)-(\d+)$/.exec(asked.get("span") ?? "");
  const at = thread && comment ? { thread, comment, span: span && [Number(span[1]), Number(span[2])] } : null;
  return { thread, at };
}

// Posts: found, fetched where they are not loaded, unfolded, their words marked.

const card = (comment) =>
  [...document.querySelectorAll("#dd-story-part .dd-posts [data-comment]")].find(
    (each) => each.matches(".dd-post") && each.dataset.comment === comment,
  );

async function openComment({ thread, comment, span, core = null }, from = null) {
  if (thread !== story) {
    cameFrom = from;
    await openStory(thread, { chat: false, at: { thread, comment, span, core }, focus: false });
    return;
  }
  cameFrom = from ?? cameFrom;
  const found = await loaded(thread, comment, span);
  showPane("story");
  if (!found) return;
  unfold(found);
  clearMarks();
  const marks = span ? mark(found, span, "mark") : [];
  if (core) mark(found, core, "b");
  document.querySelectorAll(".dd-post.dd-here").forEach((each) => each.classList.remove("dd-here"));
  found.classList.add("dd-here");
  wayBack(found);
  found.focus({ preventScroll: true });
  const to = marks[0] ?? found;
  to.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
}

async function loaded(thread, comment, span) {
  const present = card(comment);
  const text = present && find("[data-text]", present);
  if (present && (!span || !text || [...text.textContent].length >= span[1])) return present;
  const whole = parsed(await lookUp("whole_post", { thread, comment }));
  const fetched = whole.firstElementChild;
  if (present && fetched?.matches(".dd-post")) {
    present.replaceWith(fetched);
    return fetched;
  }
  const slot = find("[data-cited]");
  slot?.replaceChildren(whole);
  return card(comment) ?? null;
}

function unfold(post) {
  find("[data-text]", post)?.classList.remove("dd-folded");
  find("[data-unfold]", post)?.remove();
}

// Offsets are code points of the post's text; the text of a node is counted in UTF-16 units.
function mark(post, [start, end], tag) {
  const text = find("[data-text]", post);
  if (!text) return [];
  const units = [...text.textContent];
  const from = units.slice(0, start).join("").length;
  const to = from + units.slice(start, end).join("").length;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const marks = [];
  let at = 0;
  for (const node of nodes) {
    const low = Math.max(from, at) - at;
    const high = Math.min(to, at + node.length) - at;
    at += node.length;
    if (low >= high) continue;
    const piece = low ? node.splitText(low) : node;
    if (high - low < piece.length) piece.splitText(high - low);
    const marked = document.createElement(tag);
    marked.dataset.marked = "";
    piece.replaceWith(marked);
    marked.append(piece);
    marks.push(marked);
  }
  return marks;
}

function clearMarks() {
  for (const old of document.querySelectorAll("#dd-story-part [data-marked]")) {
    const held = old.parentNode;
    old.replaceWith(...old.childNodes);
    held.normalize();
  }
}

function wayBack(post) {
  document.querySelectorAll(".dd-back").forEach((each) => each.remove());
  if (!cameFrom) return;
  post.append(
    button("Back to the answer", () => {
      showPane("chat");
      cameFrom?.scrollIntoView({ block: "center" });
      cameFrom?.focus({ preventScroll: true });
    }, "dd-back"),
  );
}

// The two panes, one at a time on a narrow screen.

function showPane(name) {
  root.dataset.pane = name;
  document.querySelectorAll("[data-pane]").forEach((each) => {
    if (each !== root) each.setAttribute("aria-pressed", String(each.dataset.pane === name));
  });
}

// Reading a discussion in.

const readForm = () => find("[data-read]");

function adding(open) {
  root.toggleAttribute("data-adding", open);
  document.querySelectorAll("[data-add]").forEach((each) => each.setAttribute("aria-expanded", String(open)));
  if (!open) return;
  showPane("story");
  find("#dd-left").scrollTop = 0;
  find("input", readForm()).focus();
}

async function readIn() {
  const form = readForm();
  const submit = find("[type=submit]", form);
  submit.disabled = true;
  readNote('<p class="dd-working" role="status">Reading …</p>');
  const reading = { early: false };
  try {
    const reply = await fetch("page/read", { method: "POST", body: new FormData(form) });
    if (!reply.ok) throw await reply.json();
    for await (const line of lines(reply.body)) showReading(reading, parsed(JSON.parse(line).html).firstElementChild);
  } catch (problem) {
    showReading(reading, told(problem));
  }
  submit.disabled = false;
  const added = find("[data-added]", form);
  if (!reading.early && added?.dataset.added) openAdded(added, added.dataset.added);
}

// How far a reading in is: in the form at first, above its story once that can be asked. The button stays the same one,
// so that it can be clicked.
function showReading(reading, now) {
  const before = find(".dd-job");
  if (now.dataset.job && before?.dataset.job === now.dataset.job) {
    find(".dd-job-now", before).replaceChildren(...find(".dd-job-now", now).childNodes);
    put(find(".dd-job-hint", before), find(".dd-job-hint", now).innerHTML);
  } else if (reading.early) put(part("note"), now);
  else readNote(now);
  if (reading.early || !now.dataset.stored) return;
  reading.early = true;
  find("[type=submit]", readForm()).disabled = false;
  openAdded(find(".dd-job"), now.dataset.stored);
}

function openAdded(note, thread) {
  readForm().reset();
  showFile();
  adding(false);
  part("note").replaceChildren(note);
  readNote("");
  openStory(thread, { note: true });
}

async function cancelReading(at) {
  at.disabled = true;
  at.textContent = "Cancelling …";
  try {
    await fetch(`v1/jobs/${encodeURIComponent(at.dataset.cancel)}`, { method: "DELETE" });
  } catch {
    at.disabled = false;
    at.textContent = "Cancel";
  }
}

const readNote = (html) => put(find("[data-read-note]"), html);

async function* lines(body) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const pieces = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = pieces.pop();
    yield* pieces;
    if (done) return;
  }
}

// A problem as the server's own pages of errors give it, made from text alone.
function told(problem) {
  if (!problem?.detail) return lost();
  const message = document.createElement("div");
  message.className = "dd-failure";
  message.setAttribute("role", "alert");
  const [title, detail, next] = ["strong", "p", "p"].map((tag) => document.createElement(tag));
  title.textContent = problem.title;
  detail.textContent = problem.detail;
  next.textContent = problem.next_step ?? "";
  message.append(title, detail, next);
  return message;
}

function showFile() {
  const [file] = find("[name=file]", readForm()).files;
  find("[data-file]").textContent = file ? file.name : "Choose a file, or drop one here";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-read] [name=file]")) showFile();
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.(".dd-file")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.(".dd-file") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  find("[name=file]", readForm()).files = event.dataTransfer.files;
  showFile();
});

// The conversation.

const composer = () => find("[data-composer]");
const box = () => find("#dd-question");
const turnNow = () => find("#dd-turn-part .dd-turn");
const filterFields = () => [...document.querySelectorAll("[data-filter]")];

// Filters narrow a question over all stories; they stay until they are cleared.
function filters() {
  if (scope) return {};
  return Object.fromEntries(filterFields().map((field) => [field.dataset.filter, field.value.trim()]));
}

function showFilters() {
  const all = find("[data-filters]");
  if (!all) return;
  all.hidden = Boolean(scope);
  const said = filterFields().filter((field) => field.value.trim());
  find("[data-filtered]").textContent = said.map((field) => ` · ${field.parentElement.firstChild.textContent.toLowerCase()} ${field.value.trim()}`).join("");
  find("[data-unfilter]").hidden = !said.length;
}

async function openChat(about) {
  scope = about;
  conversation = conversationOf(about);
  await showConversation();
}

async function showConversation() {
  const about = scope;
  const shown = await lookUp("open_chat", { scope: about, conversation });
  if (about !== scope) return;
  find("#dd-turn-part").hidden = true;
  put(find("#dd-history-part [data-part]") ?? historyPlace(), shown);
  const none = Boolean(find("#dd-story-part .dd-empty"));
  box().disabled = none;
  box().placeholder = none ? "Add a discussion first" : about ? "Ask about this discussion" : "Ask all stories";
  offerThis();
  showFilters();
  showRatings();
  const log = find("#dd-log");
  log.scrollTop = find(".dd-past .dd-turn", log) ? log.scrollHeight : 0;
}

function historyPlace() {
  const place = document.createElement("div");
  place.dataset.part = "history";
  const host = find("#dd-history-part .html-container > div") ?? find("#dd-history-part");
  host.replaceChildren(place);
  return place;
}

function ask(question) {
  if (asking || !question.trim()) {
    box().focus();
    return;
  }
  asking = { scope };
  composer().classList.add("dd-busy");
  keepTurn();
  echo(question);
  showPane("chat");
  trigger("ask", { question, scope, conversation, ...filters() });
  waitFor(turnNow());
}

// A conversation about all stories stays while one of them is looked at, until somebody wants to ask that one.
async function askAboutThis(wanted) {
  if (wanted && story && story !== scope) await openChat(story);
}

function offerThis() {
  const offer = find("[data-here]");
  if (offer) offer.hidden = !story || story === scope;
}

// The finished turn joins the ones before it; the place that Gradio writes to is free for the next.
function keepTurn() {
  const turn = turnNow();
  if (find("#dd-turn-part").hidden || turn.hidden) return;
  const kept = turn.cloneNode(true);
  find(".dd-past")?.append(kept);
}

function echo(question) {
  const turn = turnNow();
  turn.hidden = false;
  turn.removeAttribute("data-done");
  turn.setAttribute("aria-busy", "true");
  const asked = document.createElement("h3");
  asked.className = "dd-asked";
  asked.dir = "auto";
  asked.textContent = question;
  const working = document.createElement("div");
  working.className = "dd-answer";
  working.innerHTML =
    '<p class="dd-working"><span class="dd-dots" aria-hidden="true"><i></i><i></i><i></i></span> Reading the discussion …</p>';
  turn.replaceChildren(asked, working);
  find("#dd-turn-part").hidden = false;
  tell("Reading the discussion …");
  toTop();
}

// The question stands on top while its answer grows, unless somebody scrolls.
let placed = null;
function toTop() {
  const log = find("#dd-log");
  const head = find(".dd-chat-head").offsetHeight;
  log.scrollTop += turnNow().getBoundingClientRect().top - log.getBoundingClientRect().top - head;
  placed = log.scrollTop;
}

function stayOnTop() {
  if (placed !== null && Math.abs(find("#dd-log").scrollTop - placed) < 2) toTop();
}

let slow = 0;
let gone = 0;

function waitFor() {
  clearTimeout(slow);
  clearTimeout(gone);
  slow = setTimeout(() => working("Still reading …"), SLOW_MS);
  gone = setTimeout(() => {
    put(find(".dd-answer", turnNow()), lost());
    answered();
  }, LOST_MS);
}

function working(words) {
  const place = find(".dd-working", turnNow());
  if (place && !("part" in place.dataset)) place.lastChild.textContent = ` ${words}`;
}

async function answered() {
  clearTimeout(slow);
  clearTimeout(gone);
  const about = asking.scope;
  asking = null;
  composer().classList.remove("dd-busy");
  const turn = turnNow();
  if (turn.dataset.conversation) {
    remember(about, turn.dataset.conversation);
    if (about === scope) conversation = turn.dataset.conversation;
  }
  tell(turn.dataset.lead ?? "");
  showRatings();
  if (about === scope && find("#dd-turn-part").hidden) await showConversation();
  if (about === scope && !narrow.matches && document.activeElement === document.body) box().focus({ preventScroll: true });
  if (turn.dataset.answer && about && story === about) {
    const list = await lookUp("answered", { thread: about });
    if (story === about && !(list instanceof Node)) put(part("deeper"), list);
  }
}

// What a screen reader says of an answer: its first sentence, and that one is being looked for.
function tell(words) {
  find("[data-told]").textContent = words;
}

async function rate(group, helpful, note = null) {
  const answer = group.dataset.answerId;
  const told = await lookUp("rate", { answer, helpful, note });
  if (told instanceof Node || told.includes("dd-failure")) {
    put(find(".dd-thanks", group), told);
    return;
  }
  rated.set(answer, helpful);
  showRatings();
  if (note === null && !helpful) askWhy(group);
  else find(".dd-thanks", group).textContent = "Thank you.";
}

function askWhy(group) {
  const form = document.createElement("form");
  form.className = "dd-why";
  form.innerHTML =
    '<input maxlength="500" placeholder="What is wrong with it?" aria-label="What is wrong with it?"><button>Send</button>';
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rate(group, false, find("input", form).value.trim());
  });
  find(".dd-thanks", group).replaceChildren(form);
  find("input", form).focus();
}

function showRatings() {
  for (const group of document.querySelectorAll(".dd-feedback")) {
    const helpful = rated.get(group.dataset.answerId);
    for (const each of group.querySelectorAll("[data-helpful]")) {
      each.setAttribute("aria-pressed", String(helpful !== undefined && (each.dataset.helpful === "yes") === helpful));
    }
  }
}

const spanOf = (span) => span?.split("-").map(Number) ?? null;

// Clicks, wherever they are: nothing in the server's HTML carries a script.

const CLICKS = [
  ["[data-open]", (at) => openComment({ ...at.dataset, span: spanOf(at.dataset.span), core: spanOf(at.dataset.focus) }, at)],
  ["[data-story]", (at) => { showPane("story"); openStory(at.dataset.story); }],
  ["[data-ask]", async (at) => { await askAboutThis(at.closest("#dd-story-part")); ask(at.dataset.ask); }],
  ["[data-here]", () => askAboutThis(true)],
  ["[data-add]", () => adding(!root.hasAttribute("data-adding"))],
  ["button[data-pane]", (at) => showPane(at.dataset.pane)],
  [".dd-skip", () => { showPane("chat"); box().focus(); }],
  ["[data-unfilter]", () => { filterFields().forEach((field) => { field.value = ""; }); showFilters(); }],
  ["[data-new]", () => { remember(scope, null); conversation = null; showConversation(); box().focus(); }],
  ["[data-cancel]", (at) => cancelReading(at)],
  ["[data-unfold]", (at) => unfold(at.closest(".dd-post"))],
  ["[data-whole]", async (at) => at.closest(".dd-post").replaceWith(parsed(await lookUp("whole_post", at.closest(".dd-post").dataset)))],
  ["[data-sort]", (at) => sortBy(at.dataset.sort)],
  ["[data-more]", async (at) => at.replaceWith(parsed(await lookUp("more_posts", { thread: story, sort: at.dataset.order, cursor: at.dataset.more })))],
  ["[data-more-stories]", async (at) => at.parentElement.replaceWith(parsed(await lookUp("find_stories", { q: find("[data-find]").value, cursor: at.dataset.moreStories })))],
  ["[data-helpful]", (at) => rate(at.closest(".dd-feedback"), at.dataset.helpful === "yes")],
  [".dd-cite blockquote", (at) => { if (getSelection().isCollapsed) find("[data-open]", at)?.click(); }],
];

async function sortBy(sort) {
  document.querySelectorAll("[data-sort]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.sort === sort)));
  const shown = await lookUp("more_posts", { thread: story, sort });
  const pressed = find('[data-sort][aria-pressed="true"]');
  if (pressed?.dataset.sort === sort) put(find("[data-posts]"), shown);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  for (const [selector, act] of CLICKS) {
    const at = event.target.closest?.(selector);
    if (!at || (selector.endsWith("blockquote") && event.target.closest("a, button"))) continue;
    event.preventDefault();
    act(at);
    return;
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-read]")) {
    event.preventDefault();
    readIn();
  }
  if (!event.target.matches("[data-composer]")) return;
  event.preventDefault();
  const question = box().value;
  if (asking || !question.trim()) return;
  ask(question);
  box().value = "";
  grow();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer().requestSubmit();
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target === box()) grow();
  if (event.target.matches("[data-filter]")) showFilters();
  if (!event.target.matches("[data-find]")) return;
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const q = event.target.value;
    const list = await lookUp("find_stories", { q });
    if (find("[data-find]")?.value === q) put(find("[data-stories]"), list);
  }, 200);
});

function grow() {
  box().style.height = "auto";
  box().style.height = `${Math.min(box().scrollHeight + 2, 160)}px`;
}

addEventListener("popstate", () => {
  const { thread, at } = wantedByAddress();
  openStory(thread ?? "", { push: false, at });
});

// The rest of the page is put in place by Gradio after this part of it: wait for it, then begin.

function begin() {
  new MutationObserver(() => {
    const turn = turnNow();
    if (!asking) return;
    stayOnTop();
    if (turn?.hasAttribute("data-done")) answered();
    else waitFor();
  }).observe(find("#dd-turn-part"), { subtree: true, childList: true, attributes: true, attributeFilter: ["data-done"] });
  const { thread, at } = wantedByAddress();
  showPane("story");
  openStory(thread, { push: false, at, focus: false });
}

const ready = setInterval(() => {
  if (!find("#dd-turn-part .dd-turn") || !find("[data-composer]") || !part("head") || !readForm()) return;
  clearInterval(ready);
  begin();
}, 20);
