// Makes the code on a page editable and runs it in the chosen framework.
//
// Speaks Jupyter's own protocol (https://jupyter-client.readthedocs.io, "messaging") with
// the server that the page comes from. A cell runs after all cells before it, as in the
// notebook of its framework; what was printed when the book was made comes back with
// "Undo".

(() => {
  const { base, notebooks, kernels: names, words } = document.currentScript.dataset;
  const language = document.documentElement.lang;
  const own = JSON.parse(words);

  /** A text in the language of the book, with values for the names in braces. */
  function _(text, values = {}) {
    const found = own[text] || text;
    return found.replace(/\{(\w+)\}/g, (braces, name) => values[name] ?? braces);
  }

  const kernelNames = Object.fromEntries(names.split(" ").map((pair) => pair.split("=")));

  // One kernel for each framework ---------------------------------------------------

  function cookie(name) {
    const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
    return (pairs.find(([key]) => key === name) || ["", ""])[1];
  }

  async function ask(method, path, body) {
    const answer = await fetch(base + path, {
      method,
      body: body && JSON.stringify(body),
      headers: { "X-XSRFToken": cookie("_xsrf") },
      keepalive: method === "DELETE", // also when the page is being left
    });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return answer.status === 204 ? null : answer.json();
  }

  class Kernel {
    constructor(framework) {
      this.framework = framework;
      this.done = new Set(); // the cells that have run in it
      this.waiting = new Map(); // by the identity of the message that they answer
      this.session = crypto.randomUUID();
    }

    async start() {
      const path = `${notebooks}/${this.framework}/x.ipynb`;
      const name = kernelNames[this.framework];
      this.id = (await ask("POST", "api/kernels", { name, path })).id;
      const url = new URL(`${base}api/kernels/${this.id}/channels`, window.location.href);
      url.protocol = url.protocol.replace("http", "ws");
      url.searchParams.set("session_id", this.session);
      this.socket = new WebSocket(url);
      this.socket.onmessage = (event) => this.receive(JSON.parse(event.data));
      await new Promise((resolve, reject) => {
        this.socket.onopen = resolve;
        this.socket.onerror = () => reject(new Error(_("no connection")));
      });
      this.socket.onclose = () => this.lose();
    }

    /** Run code; true if it raised no error. `show` gets each message of its output. */
    run(code, show) {
      const id = crypto.randomUUID();
      const header = {
        msg_id: id,
        msg_type: "execute_request",
        session: this.session,
        username: "",
        date: new Date().toISOString(),
        version: "5.3",
      };
      const content = { code, silent: false, store_history: true, allow_stdin: false };
      const message = { header, content, channel: "shell", parent_header: {}, metadata: {} };
      this.socket.send(JSON.stringify(message));
      return new Promise((resolve, reject) => {
        this.waiting.set(id, { show, resolve, reject, ok: null, idle: false });
      });
    }

    receive(message) {
      const id = message.parent_header.msg_id;
      const waiting = this.waiting.get(id);
      if (!waiting) return;
      const { msg_type: type } = message.header;
      if (type === "execute_reply") waiting.ok = message.content.status === "ok";
      else if (type !== "status") waiting.show(type, message.content);
      else waiting.idle = message.content.execution_state === "idle";
      if (waiting.ok === null || !waiting.idle) return;
      this.waiting.delete(id);
      waiting.resolve(waiting.ok);
    }

    lose() {
      kernels.delete(this.framework);
      for (const { reject } of this.waiting.values()) reject(new Error(_("connection lost")));
    }

    interrupt() {
      return ask("POST", `api/kernels/${this.id}/interrupt`);
    }

    end() {
      return ask("DELETE", `api/kernels/${this.id}`);
    }
  }

  const kernels = new Map();

  /** The running kernel of a framework; a promise, so that it is started once. */
  function kernelOf(framework) {
    if (!kernels.has(framework)) {
      const kernel = new Kernel(framework);
      const started = kernel.start().then(() => kernel);
      started.catch(() => kernels.delete(framework));
      kernels.set(framework, started);
    }
    return kernels.get(framework);
  }

  // Output --------------------------------------------------------------------------

  const plain = (text) => text.replace(/\x1b\[[\d;]*m/g, "");

  function printed(text, kind) {
    const pre = document.createElement("pre");
    pre.className = `live-text live-${kind}`;
    pre.textContent = plain(text);
    return pre;
  }

  function picture(type, data) {
    const image = new Image();
    image.alt = _("Figure drawn by the cell");
    image.src =
      type === "image/png"
        ? `data:${type};base64,${data}`
        : `data:${type},${encodeURIComponent(data)}`;
    return image;
  }

  /** The best of several forms of one result that a page can show safely. */
  function shown(data) {
    for (const type of ["image/svg+xml", "image/png"])
      if (data[type]) return picture(type, [].concat(data[type]).join(""));
    return printed([].concat(data["text/plain"] || "").join(""), "result");
  }

  /** Shows the messages of one run of a cell, updates in place. */
  class Output {
    constructor(box) {
      this.box = box;
      this.displays = new Map();
      this.wait = false;
      box.replaceChildren();
    }

    add(type, content) {
      if (type === "clear_output" && content.wait) this.wait = true;
      else if (type === "clear_output") this.box.replaceChildren();
      else if (type === "stream") this.print(content);
      else if (type === "error") this.append(printed(content.traceback.join("\n"), "error"));
      else if (type === "update_display_data") this.update(content);
      else if (type === "display_data" || type === "execute_result") this.display(content);
    }

    append(node) {
      if (this.wait) this.box.replaceChildren();
      this.wait = false;
      this.box.append(node);
    }

    print({ name, text }) {
      let pre = this.box.lastElementChild;
      if (this.wait || !pre || !pre.matches(`.live-${name}`))
        this.append((pre = printed("", name)));
      // A carriage return writes over the line, as progress bars do.
      const lines = (pre.textContent + plain(text)).split("\n");
      pre.textContent = lines.map((line) => line.replace(/.*\r(?=.)/, "")).join("\n");
    }

    display({ data, transient }) {
      const node = shown(data);
      if (transient && transient.display_id) this.displays.set(transient.display_id, node);
      this.append(node);
    }

    update({ data, transient }) {
      const node = shown(data);
      const old = this.displays.get(transient.display_id);
      if (!old) return;
      old.replaceWith(node);
      this.displays.set(transient.display_id, node);
    }
  }

  // Cells ---------------------------------------------------------------------------

  /** The notebooks that the page offers, by framework. */
  const notebookLinks = Object.fromEntries(
    [...document.querySelectorAll('a[href*="_downloads/notebooks/"]')].map((link) => {
      const [, framework] = link.href.match(/notebooks\/([^/]+)\/[^/]+$/);
      return [framework, link.href];
    }),
  );

  function frameworkOf(cell) {
    const panel = cell.closest(".framework-panel");
    if (panel) return panel.dataset.framework;
    const chosen = document.querySelector("[role=tab][aria-selected=true]");
    return chosen ? chosen.dataset.framework : Object.keys(notebookLinks)[0];
  }

  /** Stored outputs of a cell: its own, or those in the tabs of all frameworks. */
  function storedOutputs(cell) {
    const own = [...cell.querySelectorAll(":scope > .cell_output, :scope > .hide .cell_output")];
    const next = cell.nextElementSibling;
    const tabs = next && next.matches(".framework-tabs") && !next.querySelector(".cell_input");
    return tabs ? [...own, next] : own;
  }

  class Cell {
    constructor(input) {
      this.element = input.closest(".cell");
      this.code = input.querySelector("pre");
      this.printed = this.code.cloneNode(true);
      this.stored = storedOutputs(this.element);
      this.makeEditable();
      this.box = document.createElement("div");
      this.box.className = "live-output";
      this.bar = document.createElement("div");
      this.bar.className = "live-bar";
      this.runButton = this.button(_("Run"), () => run(this));
      this.stopButton = this.button(_("Stop"), () => this.stop());
      this.undoButton = this.button(_("Undo"), () => this.undo());
      this.status = document.createElement("span");
      this.status.setAttribute("role", "status");
      this.bar.append(this.status);
      this.stopButton.hidden = this.undoButton.hidden = true;
      input.after(this.bar);
      this.element.append(this.box);
    }

    get source() {
      return this.code.textContent.replace(/\n$/, "");
    }

    makeEditable() {
      this.code.contentEditable = "plaintext-only";
      this.code.spellcheck = false;
      this.code.setAttribute("role", "textbox");
      this.code.setAttribute("aria-multiline", "true");
      this.code.setAttribute("aria-label", _("Editable code"));
      this.code.addEventListener("input", () => (this.undoButton.hidden = false));
      this.code.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        run(this);
      });
    }

    button(text, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", act);
      this.bar.append(button);
      return button;
    }

    /** Show new output in place of the stored one. */
    begin() {
      for (const stored of this.stored) stored.hidden = true;
      this.undoButton.hidden = false;
      this.output = new Output(this.box);
    }

    async stop() {
      await (await kernelOf(frameworkOf(this.element))).interrupt();
    }

    undo() {
      this.code.replaceChildren(...this.printed.cloneNode(true).childNodes);
      for (const stored of this.stored) stored.hidden = false;
      this.box.replaceChildren();
      this.undoButton.hidden = true;
      this.status.textContent = "";
    }
  }

  const cells = [...document.querySelectorAll("article .cell_input")].map((i) => new Cell(i));

  // Running -------------------------------------------------------------------------

  const notebookCache = new Map();

  /** The code cells of a framework's notebook, those that the page does not show too. */
  async function notebookOf(framework) {
    if (!notebookCache.has(framework))
      notebookCache.set(framework, (await fetch(notebookLinks[framework])).json());
    const { cells: all } = await notebookCache.get(framework);
    return all.filter((cell) => cell.cell_type === "code");
  }

  /** What runs in a framework, in order: cells of the page, and texts of hidden ones. */
  async function sequence(framework) {
    const own = cells.filter((cell) => {
      const panel = cell.element.closest(".framework-panel");
      return !panel || panel.dataset.framework === framework;
    });
    const left = [...own];
    const steps = [];
    for (const { source } of await notebookOf(framework)) {
      const text = [].concat(source).join("").trim();
      const here = left.length && left[0].printed.textContent.trim() === text;
      steps.push(here ? left.shift() : text);
    }
    return left.length ? own : steps; // another edition of the notebook: the page counts
  }

  async function run(cell) {
    const framework = frameworkOf(cell.element);
    cell.runButton.disabled = true;
    cell.stopButton.hidden = false;
    try {
      cell.status.textContent = _("Starting the kernel…");
      const kernel = await kernelOf(framework);
      const steps = await sequence(framework);
      const before = steps.slice(0, steps.indexOf(cell)).filter((s) => !kernel.done.has(s));
      for (const [number, step] of before.entries()) {
        cell.status.textContent = _("Cells before: {number}/{count}", {
          number: number + 1,
          count: before.length,
        });
        if (!(await execute(kernel, step)))
          throw new Error(_("a cell before raised an error; correct it first"));
      }
      cell.status.textContent = _("Running…");
      const began = performance.now();
      const ok = await execute(kernel, cell);
      const seconds = ((performance.now() - began) / 1000).toLocaleString(language, {
        maximumFractionDigits: 1,
      });
      cell.status.textContent = ok
        ? _("Finished ({seconds} s).", { seconds })
        : _("It raised an error.");
    } catch (error) {
      cell.status.textContent = _("Not run: {reason}.", { reason: error.message });
    } finally {
      cell.runButton.disabled = false;
      cell.stopButton.hidden = true;
    }
  }

  async function execute(kernel, step) {
    if (step instanceof Cell) step.begin();
    const source = step instanceof Cell ? step.source : step;
    const show = step instanceof Cell ? (...m) => step.output.add(...m) : () => {};
    const ok = await kernel.run(source, show);
    if (ok) kernel.done.add(step);
    return ok;
  }

  window.addEventListener("pagehide", async () => {
    for (const started of kernels.values()) (await started).end();
  });
})();
