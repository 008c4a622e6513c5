// Lets a reader change the networks of an architecture explorer.
//
// The page already holds the picture and the table, as markup.py made them. Inputs take
// the places of the values; each change is calculated by ArchitectureNetwork and written
// into the texts and outlines that are there. What cannot be is explained, and the last
// network that can be stays in sight. Nothing is added that would move the page.

(() => {
  const { Problem, costs, measure } = ArchitectureNetwork;
  const HINT =
    "Bir sayıyı yazarak ya da ↑ ve ↓ tuşlarıyla değiştirin, ağ hemen yeniden " +
    "hesaplanır. Kalın mavi sayılar hazır ağınkilerden farklıdır.";
  const LAST_VALID = "Resim ve tablo son geçerli ağı gösteriyor.";
  const QUIET = window.matchMedia("(prefers-reduced-motion: reduce)");

  // Numbers as markup.py writes them.

  const whole = new Intl.NumberFormat("tr");
  const tenths = fixed(1);
  const hundredths = fixed(2);
  const words = new Intl.NumberFormat("tr", {
    notation: "compact",
    compactDisplay: "long",
    maximumFractionDigits: 1,
  });
  const UNITS = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]];

  function fixed(digits) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat("tr", options);
  }

  /** "938.146.176"; from ten billion on "12,3 milyar", which fits its column. */
  function number(value) {
    return value < 1e10 ? whole.format(value) : words.format(value);
  }

  function memory(bytes) {
    const unit = UNITS.find(([, size]) => bytes >= size);
    return unit ? `${tenths.format(bytes / unit[1])} ${unit[0]}` : `${bytes} B`;
  }

  function written(measured, name) {
    return (name === "memory" ? memory : number)(measured[name]);
  }

  // Blocks as picture.py draws them.

  const [WIDTH, HEIGHT] = [56, 108];
  const [TALLEST, WIDEST, FLAT] = [90, 26, 8];
  const [DEPTH, SLOPE] = [0.24, 0.6];

  /** The largest side, channels and units of some layers. */
  function scale(layers) {
    const maps = layers.filter(({ shape }) => shape.length > 1);
    const rows = layers.filter(({ shape }) => shape.length === 1);
    return {
      side: Math.max(...maps.map(({ shape }) => shape[1])),
      channels: Math.max(...maps.map(({ shape }) => shape[0])),
      units: Math.max(...rows.map(({ shape }) => shape[0])),
    };
  }

  function faces(shape, largest) {
    const [width, height] = size(shape, largest);
    const deep = shape.length > 1 ? height * DEPTH : FLAT / 2;
    const rise = deep * SLOPE;
    const [left, bottom] = [(WIDTH - width - deep) / 2, HEIGHT - 1];
    const [top, right] = [bottom - height, left + width];
    const [behind, up] = [right + deep, top - rise];
    return {
      front: path([left, bottom], [left, top], [right, top], [right, bottom]),
      top: path([left, top], [left + deep, up], [behind, up], [right, top]),
      side: path([right, bottom], [right, top], [behind, up], [behind, bottom - rise]),
    };
  }

  function size(shape, largest) {
    if (shape.length === 1) return [FLAT, grown(shape[0], largest.units, TALLEST)];
    const [channels, side] = shape;
    const width = grown(channels, largest.channels, WIDEST);
    return [width, grown(side, largest.side, TALLEST)];
  }

  function grown(value, largest, most) {
    return Math.max(1.5, most * Math.sqrt(value / largest));
  }

  function path(...corners) {
    return `M${corners.map((corner) => corner.map(rounded).join(" ")).join("L")}Z`;
  }

  function rounded(value) {
    return Math.floor(10 * value + 0.5) / 10;
  }

  // The page.

  /** Write a text where it has changed, so that the change catches the eye. */
  function write(element, text) {
    if (element.textContent === text) return;
    element.textContent = text;
    if (QUIET.matches) return;
    const color = getComputedStyle(element).getPropertyValue("--explorer-flash");
    element.animate({ backgroundColor: [color, "transparent"] }, 1200);
  }

  /** The number in an input; null if there is none. */
  function valueOf(input) {
    return input.value.trim() === "" ? null : Number(input.value);
  }

  class Explorer {
    constructor(root) {
      this.root = root;
      this.setup = JSON.parse(root.dataset.setup);
      this.message = this.one(".explorer-message");
      this.values = this.all(".explorer-value").map((value) => this.input(value));
      this.choice = this.select(this.one(".explorer-choice"));
      this.listen();
      this.choose();
      root.classList.add("is-interactive");
    }

    one(selector) {
      return this.root.querySelector(selector);
    }

    all(selector) {
      return [...this.root.querySelectorAll(selector)];
    }

    /** Put an input in the place of a value. */
    input(value) {
      const { layer, setting } = value.dataset;
      const { least, most } = this.setup.settings[setting];
      const input = document.createElement("input");
      const properties = { type: "number", min: least, max: most, step: 1 };
      Object.assign(input, { ...properties, required: true, autocomplete: "off" });
      input.className = value.className;
      Object.assign(input.dataset, { layer, setting });
      const name = value.closest("tr")?.querySelector(".explorer-name");
      const labels = [name, value.previousElementSibling].filter(Boolean);
      input.setAttribute("aria-labelledby", labels.map(({ id }) => id).join(" "));
      value.replaceWith(input);
      return input;
    }

    /** Put a list of the networks in the place of the name of one. */
    select(name) {
      const select = document.createElement("select");
      select.className = name.className;
      for (const network of this.setup.networks) {
        select.add(new Option(network.name, network.key));
      }
      select.setAttribute("aria-labelledby", name.previousElementSibling.id);
      name.replaceWith(select);
      return select;
    }

    listen() {
      this.choice.addEventListener("change", () => this.choose());
      this.one(".explorer-reset").addEventListener("click", () => this.choose());
      for (const input of this.values) {
        input.addEventListener("input", () => this.update());
      }
      for (const event of ["focusin", "pointerover"]) {
        this.root.addEventListener(event, ({ target }) => this.point(target));
      }
    }

    /** Show the chosen network as it is in the list. */
    choose() {
      const key = this.choice.value;
      this.preset = this.setup.networks.find((network) => network.key === key);
      for (const part of this.all("[data-network]")) {
        part.hidden = part.dataset.network !== key;
      }
      this.own = this.values.filter((input) => {
        const body = input.closest("[data-network]");
        return !body || body.dataset.network === key;
      });
      for (const input of this.own) input.value = this.presetValue(input);
      this.update();
    }

    presetValue({ dataset: { layer, setting } }) {
      return this.preset.layers[layer][setting];
    }

    /** The network with the numbers in the inputs. */
    read() {
      const layers = this.preset.layers.map((layer) => ({ ...layer }));
      for (const input of this.own) {
        layers[input.dataset.layer][input.dataset.setting] = valueOf(input);
      }
      return { layers };
    }

    /** Calculate and show what the inputs say, or why that cannot be. */
    update() {
      for (const input of this.own) {
        input.classList.toggle("is-changed", valueOf(input) !== this.presetValue(input));
      }
      const network = this.read();
      try {
        this.show(measure(network, this.setup), network.layers[0].batch);
        this.explain(null);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.explain(problem);
      }
    }

    /** Say what is wrong, at the input that it is about; null: nothing is. */
    explain(problem) {
      this.root.classList.toggle("has-problem", problem !== null);
      for (const input of this.own) {
        const { layer, setting } = input.dataset;
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
        if (problem?.layer !== Number(layer) || problem.setting !== setting) continue;
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", this.message.id);
      }
      this.message.textContent = problem ? `${problem.message} ${LAST_VALID}` : HINT;
      this.announce(problem ? this.message.textContent : this.summary);
    }

    /** Let screen readers say what there is to know once the reader pauses. */
    announce(text) {
      const status = this.one(".explorer-live");
      window.clearTimeout(this.waiting);
      // Not at the start: nobody has changed anything yet.
      if (this.announced === undefined) this.announced = text;
      this.waiting = window.setTimeout(() => {
        if (this.announced !== text) status.textContent = text;
        this.announced = text;
      }, 700);
    }

    show(layers, batch) {
      const before = measure(this.preset, this.setup);
      const known = this.preset.layers[0].batch;
      this.draw(layers, [...layers, ...before]);
      this.fill(layers, batch, before.map((layer) => costs([layer], known)));
      this.total(costs(layers, batch), costs(before, known));
    }

    /** Draw the blocks in a scale in which all of `known` have room. */
    draw(layers, known) {
      const largest = scale(known);
      const items = this.one(`ol[data-network="${this.preset.key}"]`).children;
      layers.forEach(({ shape }, index) => {
        const outlines = faces(shape, largest);
        for (const face of items[index].querySelectorAll("path")) {
          face.setAttribute("d", outlines[face.getAttribute("class")]);
        }
        const [channels, ...sides] = shape.map((n) => whole.format(n));
        write(items[index].querySelector(".explorer-channels"), channels);
        write(items[index].querySelector(".explorer-sides"), sides.join("×\u200b"));
      });
    }

    /** Write each layer's row; bars are as long as their share of the largest. */
    fill(layers, batch, before) {
      const each = layers.map((layer) => costs([layer], batch));
      this.rows().forEach((row, index) => {
        const shape = layers[index + 1].shape.map((n) => whole.format(n)).join(" × ");
        write(row.querySelector(".explorer-shape"), shape);
        for (const cell of row.querySelectorAll("[data-measure]")) {
          const name = cell.dataset.measure;
          const own = each[index + 1];
          write(cell.querySelector(".explorer-number"), written(own, name));
          const most = Math.max(...[...each, ...before].map((cost) => cost[name]));
          this.bar([...cell.querySelectorAll("rect")], own, name, most);
        }
      });
    }

    bar([first, second], own, name, most) {
      const percent = (part) => `${((100 * part) / most).toFixed(2)}%`;
      first.setAttribute("width", percent(second ? own.state : own[name]));
      if (!second) return;
      second.setAttribute("x", percent(own.state));
      second.setAttribute("width", percent(own.outputs));
    }

    rows() {
      return [...this.one(`tbody[data-network="${this.preset.key}"]`).rows];
    }

    /** Write what all layers cost, and how many times that of the preset. */
    total(now, before) {
      for (const cell of this.all("tfoot [data-measure]")) {
        const name = cell.dataset.measure;
        const element = cell.querySelector(".explorer-number");
        if (cell.closest(".explorer-totals")) {
          write(element, written(now, name));
        } else {
          write(element, hundredths.format(now[name] / before[name]));
          element.classList.toggle("is-changed", now[name] !== before[name]);
        }
      }
      for (const part of this.all("[data-total]")) {
        write(part, memory(now[part.dataset.total]));
      }
      this.summary =
        `${number(now.parameters)} parametre, ${memory(now.memory)} bellek, ` +
        `${number(now.operations)} çarpma–toplama.`;
    }

    /** Mark the block of the layer that the reader is at. */
    point(target) {
      const row = target.closest?.("tbody tr");
      const index = row ? this.rows().indexOf(row) + 1 : -1;
      const items = this.one(`ol[data-network="${this.preset.key}"]`).children;
      [...items].forEach((item, n) => item.classList.toggle("is-current", n === index));
    }
  }

  for (const root of document.querySelectorAll(".architecture-explorer")) {
    new Explorer(root);
  }
})();
