// What the layers of a network give and cost: shapes, parameters, multiply-adds.
//
// The arithmetic of network.py, for a network that a reader has changed: the same names,
// the same order, the same messages (`operations` are multiply-adds). It knows nothing
// of the page.

const ArchitectureNetwork = (() => {
  const NUMBER_BYTES = 4;
  const decimal = new Intl.NumberFormat("tr");

  /** A setting that no network can have; the message (Turkish) says what to do. */
  class Problem extends Error {
    constructor(message, layer, setting) {
      super(message);
      Object.assign(this, { layer, setting });
    }
  }

  const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

  /** A text with values in place of the {names} in it. */
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? decimal.format(value) : value;
    });
  }

  /** What some layers cost together, memory in bytes. */
  function costs(layers, batch) {
    const parameters = sum(layers.map((layer) => layer.parameters));
    const state = 2 * NUMBER_BYTES * parameters;
    const outputs = batch * NUMBER_BYTES * sum(layers.map((layer) => layer.outputs));
    const operations = sum(layers.map((layer) => layer.operations));
    return { parameters, state, outputs, memory: state + outputs, operations };
  }

  /** What each layer of a network gives; throws Problem. */
  function measure(network, setup) {
    const result = [];
    let shape = [];
    names(network, setup).forEach((name, index) => {
      const layer = network.layers[index];
      const check = new Check(index, name, layer, setup);
      check.ranges();
      result.push({ name, kind: layer.kind, ...RULES[layer.kind](check, layer, shape) });
      shape = result[index].shape;
    });
    return result;
  }

  /** The layers' names: "Evrişim 1" is the first of its kind. */
  function names(network, setup) {
    const counts = {};
    return network.layers.map(({ kind }) => {
      counts[kind] = (counts[kind] || 0) + 1;
      const { name } = setup.kinds[kind];
      return kind === "input" ? name : `${name} ${counts[kind]}`;
    });
  }

  /** The rules that a layer's settings keep; every method throws Problem or returns. */
  class Check {
    constructor(index, name, layer, setup) {
      Object.assign(this, { index, name, layer, setup });
    }

    fail(problem, setting, values) {
      const owner = filled(this.setup.kinds[this.layer.kind].owner, this);
      const message = filled(this.setup.problems[problem], { owner, ...values });
      throw new Problem(message, this.index, setting);
    }

    /** Every setting is a whole number within its limits. */
    ranges() {
      for (const setting of this.setup.kinds[this.layer.kind].settings) {
        const value = this.layer[setting];
        const limits = this.setup.settings[setting];
        const problem = rangeProblem(value, limits);
        if (problem) this.fail(problem, setting, { ...limits, value });
      }
    }

    /** Groups share the channels that come in, and those that go out, evenly. */
    groups(incoming) {
      const { groups, channels } = this.layer;
      if (incoming % groups) this.fail("incoming", "groups", { groups, incoming });
      if (channels % groups) this.fail("outgoing", "groups", { groups, channels });
    }

    /** To how many places along a side the window is put. */
    slide(side) {
      const { window, stride, padding = 0 } = this.layer;
      const padded = side + 2 * padding;
      if (window > padded) {
        this.fail(padding ? "padded" : "window", "window", { window, side, padded });
      }
      return Math.floor((padded - window) / stride) + 1;
    }
  }

  function rangeProblem(value, { least, most }) {
    if (value === null) return "unreadable";
    if (!Number.isInteger(value)) return "fraction";
    return (value < least && "low") || (value > most && "high");
  }

  function counted(shape, weights = 0, biases = 0, operations = 0) {
    const outputs = product(shape);
    return { shape, parameters: weights + biases, outputs, operations };
  }

  const RULES = {
    input(check, { channels, size }) {
      return { ...counted([channels, size, size]), outputs: 0 };
    },

    conv(check, { window, channels, groups }, [incoming, before]) {
      check.groups(incoming);
      const side = check.slide(before);
      const weights = ((channels * incoming) / groups) * window ** 2;
      return counted([channels, side, side], weights, channels, weights * side ** 2);
    },

    pool(check, layer, [channels, before]) {
      const side = check.slide(before);
      return counted([channels, side, side]);
    },

    norm(check, layer, shape) {
      return counted(shape);
    },

    dense(check, { units }, shape) {
      const weights = product(shape) * units;
      return counted([units], weights, units, weights);
    },
  };

  return { Problem, costs, measure, filled };
})();
