// <cnn-vectorised-image size="3" kernel-size="2"> around the figure of that name, unit by unit.
// Colours are in mkdocs_cnn.css.

import { html, set, Stepper, svg } from "./dom.js";
import { NO_WEIGHT, output_size, weight_identity, weights_used } from "./windows.js";

const LAYERS = {
  Linear: "fully connected",
  LocallyConnected2d: "own weights",
  Conv2d: "shared weights",
};
const CHOICES = ["LocallyConnected2d", "Conv2d"];
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const STROKES = ["none", "6 3", "2 2.4", "9 2.5 2 2.5"]; // as in the figures: not by colour alone

// Places in the picture, in units of its view box; on a phone one is about a pixel.
const WIDTH = 360;
const SQUARES = { y: 25, side: 102, image: 4, weights: 129, map: 254 };
const WIRES = { outputs: 164, inputs: 252, tiles: 0.6 };
const MATRIX = { x: 30, y: 276, width: 328, row: 26 };

let instances = 0; // the switches of two explorers on one page are two groups

class VectorisedImage extends Stepper {
  pace = { ordinary: 2000, calm: 4000 };

  read() {
    this.size = Number(this.getAttribute("size"));
    this.kernel_size = Number(this.getAttribute("kernel-size"));
    const axis = { size: this.size, kernel_size: this.kernel_size };
    this.identities = Object.fromEntries(
      Object.keys(LAYERS).map((layer) => [layer, weight_identity(layer, axis, axis)]),
    );
    this.side = output_size(axis); // of the feature map, in units
    this.steps = this.side ** 2; // one for each unit
    this.layer = "Conv2d";
  }

  build() {
    this.previous = this.stepButton("Previous", -1);
    this.next = this.stepButton("Next", 1);
    this.window = svg("rect", { class: "cnn-stepper__window" });
    this.drawing = svg("g");
    this.picture = svg("svg", { role: "img" }, this.drawing, this.window);
    this.tally = html("dl", { class: "cnn-stepper__tally" });
    return html(
      "div",
      { class: "cnn-stepper", role: "group", "aria-label": "The same, unit by unit" },
      this.choice(),
      this.picture,
      html("div", { class: "cnn-stepper__buttons" }, this.previous, this.next, this.playButton),
      this.sentence,
      html("p", { class: "cnn-stepper__title" }, "Weights used so far"),
      this.tally,
    );
  }

  choice() {
    const name = `cnn-vectorised-image-${++instances}`;
    const options = CHOICES.map((layer) => {
      const radio = html("input", { type: "radio", name });
      radio.checked = layer === this.layer;
      radio.addEventListener("change", () => {
        this.layer = layer;
        this.draw();
      });
      return html("label", {}, radio, LAYERS[layer]);
    });
    const legend = html("legend", {}, "Each unit has");
    return html("fieldset", { class: "cnn-stepper__choice" }, legend, ...options);
  }

  // -- one step

  draw() {
    const count = weights_used(this.identity, this.steps);
    this.weights = weightNames(count).map((name, n) => ({ name, colour: weightColour(n, count) }));
    const height = MATRIX.y + this.steps * MATRIX.row + 4;
    const label = `Image, weights, units and matrix at unit f${this.step + 1}`;
    set(this.picture, { viewBox: `0 0 ${WIDTH} ${height}`, "aria-label": label });
    this.view.dataset.layer = this.layer;
    this.drawing.replaceChildren(
      ...this.image(),
      ...this.kernels(),
      ...this.map(),
      ...this.wires(),
      ...this.matrix(),
    );
    this.placeWindow();
    this.sentence.replaceChildren(...this.unitInWords());
    this.tally.replaceChildren(...Object.keys(LAYERS).map((layer) => this.counted(layer)));
    set(this.previous, { "aria-disabled": this.step === 0 });
    set(this.next, { "aria-disabled": this.step === this.steps - 1 });
  }

  get identity() {
    return this.identities[this.layer];
  }

  /** What a unit reads, as [input, weight]. */
  reads(unit) {
    return [...this.identity[unit].entries()].filter(([, weight]) => weight !== NO_WEIGHT);
  }

  /** Whether a unit has had its turn, has it now, or has it still before it. */
  turn(unit) {
    return unit < this.step ? "past" : unit === this.step ? "present" : "future";
  }

  /** The image, with the weights that lie on its pixels. */
  image() {
    const cell = SQUARES.side / this.size;
    const weights = new Map(this.reads(this.step));
    const pixels = this.identity[0].map((_, input) => {
      const [row, column] = [Math.floor(input / this.size), input % this.size];
      const [x, y] = [SQUARES.image + column * cell, SQUARES.y + row * cell];
      const drawn = [square(x, y, cell, cell)];
      if (weights.has(input)) {
        const corner = 0.47 * cell;
        drawn.push(text(x + 0.3 * cell, y + 0.32 * cell, input + 1, 0.4 * cell));
        drawn.push(this.tile(weights.get(input), x + corner, y + corner, 0.46 * cell));
      } else {
        drawn.push(text(x + cell / 2, y + cell / 2, input + 1, 0.4 * cell));
      }
      return svg("g", {}, ...drawn);
    });
    return [heading(SQUARES.image, "image"), ...pixels];
  }

  placeWindow() {
    const cell = SQUARES.side / this.size;
    const [row, column] = [Math.floor(this.step / this.side), this.step % this.side];
    const length = this.kernel_size * cell;
    set(this.window, { x: SQUARES.image, y: SQUARES.y, width: length, height: length, rx: 3 });
    this.window.style.transform = `translate(${column * cell}px, ${row * cell}px)`;
  }

  /** The weights that there are: one kernel for all units, or one for each. */
  kernels() {
    const gap = 7;
    const tile = (SQUARES.side - (this.side - 1) * gap) / (this.side * this.kernel_size);
    const pitch = tile * this.kernel_size + gap;
    const { weights: x, y, side } = SQUARES;
    if (this.layer === "Conv2d") {
      const margin = (side - (pitch - gap)) / 2;
      return [heading(x, "one filter"), this.kernel(this.step, x + margin, y + margin, tile)];
    }
    const kernels = this.identity.map((_, unit) => {
      const [row, column] = [Math.floor(unit / this.side), unit % this.side];
      return this.kernel(unit, x + column * pitch, y + row * pitch, tile);
    });
    return [heading(x, `${inWords(this.steps)} filters`), ...kernels];
  }

  kernel(unit, x, y, tile) {
    const turn = this.turn(unit);
    const tiles = this.reads(unit).map(([, weight], n) => {
      const [row, column] = [Math.floor(n / this.kernel_size), n % this.kernel_size];
      const place = [x + column * tile, y + row * tile, tile, tile];
      return turn === "future" ? square(...place) : this.tile(weight, ...place);
    });
    const length = this.kernel_size * tile + 4;
    return svg("g", { "data-turn": turn }, ...tiles, frame(x - 2, y - 2, length, length));
  }

  /** The feature map, unit by unit. */
  map() {
    const cell = Math.min(SQUARES.side / this.side, 40);
    const margin = (SQUARES.side - cell * this.side) / 2;
    const cells = this.identity.map((_, unit) => {
      const x = SQUARES.map + margin + (unit % this.side) * cell;
      const y = SQUARES.y + margin + Math.floor(unit / this.side) * cell;
      const label = text(x + cell / 2, y + cell / 2, unitName(unit));
      const attributes = { class: "cnn-stepper__unit", "data-turn": this.turn(unit) };
      return svg("g", attributes, square(x, y, cell, cell), label);
    });
    return [heading(SQUARES.map, "feature map"), ...cells];
  }

  get column() {
    return MATRIX.width / this.identity[0].length; // its width in the matrix
  }

  /** Units above, inputs below, and the lines of the units that have had their turn. */
  wires() {
    const lines = this.identity
      .slice(0, this.step + 1)
      .flatMap((_, unit) => this.reads(unit).map((pair) => this.line(unit, ...pair)));
    const read = new Map(this.reads(this.step));
    const units = this.identity.map((_, unit) => {
      const label = unitName(unit);
      return this.disc("unit", this.above(unit), WIRES.outputs, label, this.turn(unit));
    });
    const inputs = this.identity[0].map((_, input) => {
      const turn = read.has(input) ? "present" : "future";
      return this.disc("input", this.below(input), WIRES.inputs, input + 1, turn);
    });
    const side = Math.min(0.58 * this.column, 17);
    const tiles = [...read].map(([input, weight]) => {
      const x = between(this.above(this.step), this.below(input), WIRES.tiles);
      const y = between(WIRES.outputs, WIRES.inputs, WIRES.tiles);
      return this.tile(weight, x - side / 2, y - side / 2, side);
    });
    return [...lines, ...units, ...inputs, ...tiles];
  }

  /** Where a unit stands: twice as far from its neighbour as an input, where there is room. */
  above(unit) {
    const pitch = Math.min(2 * this.column, MATRIX.width / this.steps);
    return MATRIX.x + MATRIX.width / 2 + (unit - (this.steps - 1) / 2) * pitch;
  }

  /** Where an input stands: above its column of the matrix. */
  below(input) {
    return MATRIX.x + (input + 0.5) * this.column;
  }

  line(unit, input, weight) {
    const ends = {
      x1: this.above(unit),
      y1: WIRES.outputs,
      x2: this.below(input),
      y2: WIRES.inputs,
    };
    const turn = this.turn(unit);
    const line = svg("line", { class: "cnn-stepper__line", "data-turn": turn, ...ends });
    const telling = turn === "present" && this.layer === "Conv2d";
    line.style.strokeDasharray = telling ? STROKES[weight % STROKES.length] : "none";
    line.style.setProperty("--cnn-fill", this.weights[weight].colour);
    return line;
  }

  disc(kind, cx, cy, label, turn) {
    const r = Math.min(0.42 * this.column, 13);
    const attributes = { class: `cnn-stepper__${kind}`, "data-turn": turn };
    return svg("g", attributes, svg("circle", { cx, cy, r }), text(cx, cy, label, 1.2 * r));
  }

  /** A row for each unit, a column for each input. */
  matrix() {
    return this.identity.map((weights, unit) => {
      const y = MATRIX.y + unit * MATRIX.row;
      const turn = this.turn(unit);
      const cells = weights.map((weight, input) => {
        const place = [MATRIX.x + input * this.column, y, this.column, MATRIX.row];
        const empty = turn === "future" || weight === NO_WEIGHT;
        return empty ? square(...place) : this.tile(weight, ...place);
      });
      const label = text(MATRIX.x / 2, y + MATRIX.row / 2, unitName(unit));
      const edge = frame(MATRIX.x, y, MATRIX.width, MATRIX.row);
      return svg("g", { class: "cnn-stepper__row", "data-turn": turn }, ...cells, label, edge);
    });
  }

  /** A weight: its letter on its colour. */
  tile(weight, x, y, width, height = width) {
    const { name, colour } = this.weights[weight];
    const label = text(x + width / 2, y + height / 2, name, 0.72 * Math.min(width, height));
    const tile = svg("g", { class: "cnn-stepper__tile" }, square(x, y, width, height), label);
    tile.style.setProperty("--cnn-fill", colour);
    return tile;
  }

  unitInWords() {
    const reads = this.reads(this.step);
    const pixels = reads.map(([input]) => input + 1).join(", ");
    const letters = reads.map(([, weight]) => this.weights[weight].name).join(", ");
    const whose = {
      Conv2d: `the same ${inWords(reads.length)} weights as every unit`,
      LocallyConnected2d: "its own, which no other unit uses",
    };
    return [
      "Unit ",
      html("span", {}, "f", html("sub", {}, this.step + 1)),
      ` reads pixels ${pixels} with weights ${letters}: ${whose[this.layer]}.`,
    ];
  }

  counted(layer) {
    const used = weights_used(this.identities[layer], this.step + 1);
    const bar = html("span", { class: "cnn-stepper__bar" });
    bar.style.setProperty("--cnn-share", used / weights_used(this.identities.Linear, this.steps));
    const current = layer === this.layer ? { "data-current": "" } : {};
    const row = [html("dt", {}, LAYERS[layer]), html("dd", {}, bar, used)];
    return html("div", { "data-layer": layer, ...current }, ...row);
  }
}

// -- parts

function weightNames(count) {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const enough = count <= letters.length;
  return enough ? letters.slice(0, count) : [...Array(count).keys()].map((n) => n + 1);
}

function inWords(number) {
  return NUMBERS[number] ?? String(number);
}

/** A colour along the theme's ramp, of which the style sheet gives four points. */
function weightColour(n, count) {
  const way = (3 * n) / Math.max(count - 1, 1);
  const from = Math.min(Math.floor(way), 2);
  const share = `${(way - from) * 100}%`;
  return `color-mix(in srgb, var(--cnn-ramp-${from + 1}) ${share}, var(--cnn-ramp-${from}))`;
}

function unitName(unit) {
  return "f" + [...String(unit + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
}

function heading(x, words) {
  const made = text(x + SQUARES.side / 2, SQUARES.y - 14, words);
  return set(made, { class: "cnn-stepper__heading" });
}

function between(start, end, way) {
  return start + (end - start) * way;
}

function frame(x, y, width, height) {
  return svg("rect", { class: "cnn-stepper__frame", x, y, width, height, rx: 3 });
}

function square(x, y, width, height) {
  return svg("rect", { x: x + 1, y: y + 1, width: width - 2, height: height - 2, rx: 2 });
}

/** Words centred on a place, as large as there is room for and at most as large as they should be. */
function text(x, y, words, room = Infinity) {
  return svg("text", { x, y, "font-size": Math.min(13, room) }, words);
}

customElements.define("cnn-vectorised-image", VectorisedImage);
