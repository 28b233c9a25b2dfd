// One view for all labs: shows a drawing and makes its marks interactive.
// The marks are described in course/views/drawing.py. No request, no library.

const STEP = 0.01; // of a handle's way, per arrow key; ten times that with Page keys
const WAIT = 100; // milliseconds between two messages while a handle is moved
const HELD = 500; // milliseconds for which a handle's own place counts, not the drawn
const QUIET = 800; // milliseconds without a change before the sentence is spoken

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

// What may scroll is a stop of the Tab key, or keys could not scroll it.
function region(box, name) {
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
}

// Parts of one drawing are one stop of the Tab key; arrows go from part to part.
function rove(parts, current) {
  parts.forEach((part) => part.setAttribute("tabindex", part === current ? 0 : -1));
}

// Says how to get about, to who cannot see that there are parts.
function describe(picture, parts) {
  const pick = parts.some((part) => part.dataset.pick !== undefined);
  const keys = parts.length > 1 ? ": arrow keys go from part to part" : "";
  picture.setAttribute("aria-label", `Picture${keys}${pick ? ", Enter chooses" : ""}`);
}

function prepare(picture) {
  const parts = [...picture.querySelectorAll("[data-pick], [data-link]")].filter(
    (part) => part.dataset.pick !== undefined || part.dataset.say !== undefined,
  );
  const picked = parts.find((part) => part.getAttribute("aria-pressed") === "true");
  rove(parts, picked || parts[0]);
  for (const svg of picture.querySelectorAll("svg[role=img]")) {
    // An image has no parts for a screen reader: with parts it is a group.
    if (svg.querySelector("[data-pick], [data-say]")) svg.setAttribute("role", "group");
  }
  for (const part of parts) {
    const pick = part.dataset.pick !== undefined;
    part.setAttribute("role", part.getAttribute("role") || (pick ? "button" : "img"));
    if (part.dataset.say && !part.hasAttribute("aria-label")) {
      part.setAttribute("aria-label", part.dataset.say);
    }
  }
  for (const handle of picture.querySelectorAll("[data-drag]")) {
    handle.setAttribute("role", "slider");
    handle.setAttribute("tabindex", 0);
    handle.setAttribute("aria-label", handle.dataset.say || handle.dataset.drag);
    handle.setAttribute("aria-valuemin", 0);
    handle.setAttribute("aria-valuemax", 1);
    handle.setAttribute("aria-valuenow", handle.dataset.value);
    handle.setAttribute("aria-valuetext", handle.dataset.text || handle.dataset.value);
    const upright = handle.dataset.axis === "y";
    handle.setAttribute("aria-orientation", upright ? "vertical" : "horizontal");
  }
  describe(picture, parts);
  return parts;
}

function link(picture, readout, part) {
  const names = new Set((part?.dataset.link || "").split(" ").filter(Boolean));
  const said = [];
  for (const other of picture.querySelectorAll("[data-link], [data-pick]")) {
    const shared = (other.dataset.link || "").split(" ").some((n) => names.has(n));
    const lit = other === part || shared;
    other.classList.toggle("is-linked", lit);
    if (lit && other.dataset.say) said.push(other.dataset.say);
  }
  readout.textContent = said.join(" · ");
}

function valueOf(handle, event) {
  const box = handle.closest("[data-track]").getBoundingClientRect();
  const share = handle.dataset.axis === "y"
    ? (box.bottom - event.clientY) / box.height
    : (event.clientX - box.left) / box.width;
  return Math.min(1, Math.max(0, share));
}

// What ipywidgets leaves out around the view: its controls' keys are not Jupyter's
// either (d, d would delete the cell), and the handle of a slider has a name.
function settle(el) {
  const lab = el.closest(".course-lab");
  if (!lab) return;
  lab.dataset.lmSuppressShortcuts = "true";
  for (const slider of lab.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent;
    for (const handle of slider.querySelectorAll(".noUi-handle")) {
      if (label) handle.setAttribute("aria-label", label);
    }
  }
}

function render({ model, el }) {
  const root = element("div", "course-view", el);
  // Keys pressed here are not Jupyter's: a letter would insert or delete cells.
  root.dataset.lmSuppressShortcuts = "true";
  const picture = element("div", "course-picture", root);
  picture.setAttribute("role", "group");
  const readout = element("p", "course-readout", root);
  const status = element("p", "course-summary", root);
  const spoken = element("p", "course-spoken", root);
  spoken.setAttribute("role", "status");
  const more = element("div", "course-more", root);
  const details = element("details", "course-table", more);
  element("summary", "", details).textContent = "As a table";
  const table = element("div", "", details);
  region(table, "The table");
  const code = element("details", "course-code", more);
  element("summary", "", code).textContent = "As code";
  const text = element("pre", "", code);
  region(text, "The code");
  const copy = element("button", "", code);
  copy.type = "button";
  copy.textContent = "Copy";
  const copied = element("span", "", code);
  copied.setAttribute("role", "status");
  let parts = [];

  function show() {
    const focused = root.getRootNode().activeElement; // also inside a shadow root
    const inside = picture.contains(focused) && focused;
    const place = parts.indexOf(inside);
    picture.innerHTML = model.get("picture");
    parts = prepare(picture);
    readout.hidden = !picture.querySelector("[data-say]:not([data-drag])");
    link(picture, readout, null);
    fit();
    if (inside) refocus(inside.dataset, place);
  }
  // The keys go on where they were: at the same name, else at the same place.
  function refocus({ drag, pick }, place) {
    const [kind, name] = drag === undefined ? ["pick", pick] : ["drag", drag];
    const same = name !== undefined && `[data-${kind}="${CSS.escape(name)}"]`;
    const near = place < 0 ? undefined : parts[Math.min(place, parts.length - 1)];
    const again = (same && picture.querySelector(same)) || near || picture;
    if (parts.includes(again)) rove(parts, again);
    if (again === picture) picture.tabIndex = -1;
    again.focus({ preventScroll: true });
  }
  // A picture wider than its place scrolls, by keys as well.
  function fit() {
    if (picture === root.getRootNode().activeElement) return;
    const stops = picture.querySelector("[tabindex]");
    if (picture.scrollWidth > picture.clientWidth && !stops) picture.tabIndex = 0;
    else picture.removeAttribute("tabindex");
  }
  const sizes = new ResizeObserver(fit);
  sizes.observe(picture);
  // Seen at once, spoken when changes pause: a moved handle would chatter.
  let speaking = null;
  function words() {
    status.textContent = model.get("summary");
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      spoken.textContent = status.textContent;
      speaking = setTimeout(() => (spoken.textContent = ""), 5 * QUIET);
    }, QUIET);
  }
  const rows = () => {
    table.innerHTML = model.get("table");
    details.hidden = !model.get("table");
  };
  const lines = () => {
    text.textContent = model.get("code");
    code.hidden = !model.get("code");
    copied.textContent = "";
  };
  const changes = { picture: show, summary: words, table: rows, code: lines };
  for (const [name, change] of Object.entries(changes)) {
    model.on(`change:${name}`, change);
    change();
  }
  clearTimeout(speaking); // what a page begins with is read, not announced

  function pick(part) {
    if (part?.dataset.pick === undefined) return;
    // A counter, so that choosing the same part twice is told twice.
    model.set("picked", { name: part.dataset.pick, count: Date.now() });
    model.save_changes();
  }
  let waiting = null;
  let sent = -Infinity;
  let held = null;
  function send() {
    waiting = null;
    sent = performance.now();
    model.set("dragged", { name: held.name, value: held.value });
    model.save_changes();
  }
  function move(handle, value) {
    const rounded = Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;
    held = { name: handle.dataset.drag, value: rounded, at: performance.now() };
    handle.setAttribute("aria-valuenow", rounded);
    waiting ??= setTimeout(send, Math.max(0, sent + WAIT - performance.now()));
  }
  // The drawing lags behind a held key; the next step counts from the last one.
  function valueNow(handle) {
    const fresh = held?.name === handle.dataset.drag
      && performance.now() - held.at < HELD;
    return fresh ? held.value : Number(handle.dataset.value);
  }

  let dragging = null;
  const stopDragging = () => dragging?.abort();

  const partOf = (event) => event.target.closest?.("[data-pick], [data-link]");
  picture.addEventListener("pointerover", (event) => {
    const part = partOf(event);
    if (part) link(picture, readout, part);
  });
  picture.addEventListener("focusin", (event) => {
    const part = partOf(event);
    if (part) link(picture, readout, part);
  });
  picture.addEventListener("click", (event) => {
    pick(event.target.closest?.("[data-pick]"));
  });
  picture.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus({ preventScroll: true });
    const name = handle.dataset.drag;
    // The handle is drawn anew while it moves, so the window is listened to.
    const find = () => picture.querySelector(`[data-drag="${CSS.escape(name)}"]`);
    const follow = (e) => {
      if (e.pointerId === event.pointerId && find()) move(find(), valueOf(find(), e));
    };
    // A track that is its own handle goes where it is pressed.
    if (handle.dataset.track !== undefined) follow(event);
    stopDragging();
    dragging = new AbortController();
    const { signal } = dragging;
    window.addEventListener("pointermove", follow, { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, stopDragging, { signal });
    }
  });
  picture.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return; // the browser's own
    const handle = event.target.closest("[data-drag]");
    const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    if (handle) {
      const now = valueNow(handle);
      const step = Number(handle.dataset.step) || STEP;
      const page = Math.max(10 * STEP, step);
      const ways = { PageUp: now + page, PageDown: now - page, Home: 0, End: 1 };
      const next = event.key in sign ? now + sign[event.key] * step : ways[event.key];
      if (next === undefined) return;
      event.preventDefault();
      move(handle, next);
      return;
    }
    const here = parts.indexOf(event.target);
    if (here < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick(event.target);
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const ends = { Home: 0, End: parts.length - 1 };
    const next = step ? here + step : ends[event.key];
    if (next === undefined || !parts[next]) return;
    event.preventDefault();
    rove(parts, parts[next]);
    parts[next].focus();
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(model.get("code"));
      copied.textContent = " Copied.";
    } catch {
      // No permission, or no secure page: then by hand.
      getSelection().selectAllChildren(text);
      copied.textContent = " Selected: press Ctrl+C or ⌘C.";
    }
  });
  // The view is drawn before it is on the page, and the controls when they can.
  const settling = [0, 300, 2000].map((wait) => setTimeout(settle, wait, el));
  return () => {
    settling.forEach(clearTimeout);
    clearTimeout(waiting);
    clearTimeout(speaking);
    stopDragging();
    sizes.disconnect();
    for (const [name, change] of Object.entries(changes)) {
      model.off(`change:${name}`, change);
    }
  };
}

export default { render };
