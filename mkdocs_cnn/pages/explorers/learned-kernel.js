// <cnn-learned-kernel steps="[…]" costs="[…]" kernels="[[…]]" wanted="[…]"> around the figure
// "kernel-forms": the kernel as it forms. Colours are in mkdocs_cnn.css.

import { html, set, Stepper, svg } from "./dom.js";

// Places in the picture, in units of its view box; on a phone one is about a pixel.
const WIDTH = 360;
const HEIGHT = 254;
const KERNEL = { x: 1, y: 24, width: 138, height: 118 };
const WANTED = { x: 1, y: 172, width: 138, height: 78 };
const CURVE = { left: 188, right: 352, top: 26, bottom: 228 };
const DECADES_PER_TICK = 4;

// -- arithmetic, which the tests hold against Python's

/** The sign of a weight, and how full its colour is: 1 from `most` on. */
export function shade(weight, most) {
  return [Math.sign(weight), Math.min(Math.abs(weight) / most, 1)];
}

/** The powers of ten between which all costs lie. */
export function decades(costs) {
  const powers = costs.map(Math.log10);
  return [Math.floor(Math.min(...powers)), Math.ceil(Math.max(...powers))];
}

/** Where a cost stands on a logarithmic axis from 10^lowest, 0, to 10^highest, 1. */
export function height_of(cost, [lowest, highest]) {
  return (Math.log10(cost) - lowest) / (highest - lowest);
}

/** A cost with two significant digits; below a thousandth with a power of ten. */
export function cost_said(cost) {
  if (cost >= 0.001) return cost.toLocaleString("en", { maximumSignificantDigits: 2 });
  const [digits, exponent] = cost.toExponential(1).split("e");
  return `${digits} × 10${raised(Number(exponent))}`;
}

/** A weight with two decimals; there is no −0.00. */
export function weight_said(weight) {
  const hundredths = Math.round(weight * 100) || 0;
  return minus((hundredths / 100).toFixed(2));
}

function minus(number) {
  return String(number).replace("-", "−");
}

function raised(exponent) {
  return [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
}

// -- the element

class LearnedKernel extends Stepper {
  pace = { ordinary: 500, calm: 1600 };

  read() {
    this.descents = JSON.parse(this.getAttribute("steps")); // of gradient descent, by frame
    for (const name of ["costs", "kernels", "wanted"]) {
      this[name] = JSON.parse(this.getAttribute(name));
    }
    this.steps = this.descents.length;
    this.most = Math.max(...this.wanted.map(Math.abs));
    this.decades = decades(this.costs);
  }

  slide() {
    this.pause();
    this.sentence.ariaLive = "off"; // the slider speaks for itself
    this.show(Number(this.slider.value));
  }

  build() {
    this.back = this.stepButton("Step back", -1);
    this.forward = this.stepButton("Step forward", 1);
    this.slider = html("input", { type: "range", min: 0, max: this.steps - 1, value: 0 });
    this.slider.ariaLabel = "Step of gradient descent";
    this.slider.addEventListener("input", () => this.slide());
    this.tiles = tiles(KERNEL);
    this.dot = svg("circle", { class: "cnn-forming__dot", r: 5 });
    this.picture = svg("svg", { role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` }, ...this.drawn());
    const buttons = [this.back, this.playButton, this.forward];
    return html(
      "div",
      {
        class: "cnn-stepper cnn-forming",
        role: "group",
        "aria-label": "The same, step by step",
        "data-layer": "Conv2d",
      },
      this.picture,
      this.sentence,
      this.slider,
      html("div", { class: "cnn-stepper__buttons" }, ...buttons),
    );
  }

  drawn() {
    const wanted = tiles(WANTED);
    wanted.forEach((tile, n) => this.fill(tile, this.wanted[n], minus(this.wanted[n])));
    return [
      heading(KERNEL, "kernel"),
      ...this.tiles,
      heading(WANTED, "wanted"),
      ...wanted,
      ...this.curve(),
      this.dot,
    ];
  }

  /** The cost at all frames on a logarithmic axis, drawn once. */
  curve() {
    const { left, right, top, bottom } = CURVE;
    const points = this.descents.map((_, frame) => this.place(frame).join()).join(" ");
    const axis = `${left},${top} ${left},${bottom} ${right},${bottom}`;
    const [lowest, highest] = this.decades;
    const powers = Array.from({ length: highest - lowest + 1 }, (_, n) => lowest + n);
    const ticks = powers.filter((power) => power % DECADES_PER_TICK === 0);
    const grid = ticks.flatMap((power) => {
      const y = this.y(10 ** power);
      const name = power === 0 ? "1" : `10${raised(power)}`;
      return [svg("line", { x1: left, x2: right, y1: y, y2: y }), text(left - 6, y, name, "end")];
    });
    return [
      heading({ x: left, y: top, width: right - left }, "cost"),
      ...grid,
      svg("polyline", { class: "cnn-forming__axis", points: axis }),
      text(left, bottom + 16, "step 0"),
      text(right, bottom + 16, this.descents.at(-1), "end"),
      svg("polyline", { class: "cnn-forming__curve", points }),
    ];
  }

  y(cost) {
    return CURVE.bottom - height_of(cost, this.decades) * (CURVE.bottom - CURVE.top);
  }

  /** Where a frame's point is on the curve. */
  place(frame) {
    const way = this.descents[frame] / this.descents.at(-1);
    return [CURVE.left + way * (CURVE.right - CURVE.left), this.y(this.costs[frame])];
  }

  // -- one frame

  draw() {
    const said = `step ${this.descents[this.step]}: cost ${cost_said(this.costs[this.step])}`;
    const kernel = this.kernels[this.step];
    this.tiles.forEach((tile, n) => this.fill(tile, kernel[n], weight_said(kernel[n])));
    const [x, y] = this.place(this.step);
    this.dot.style.transform = `translate(${x}px, ${y}px)`;
    this.picture.ariaLabel = `Kernel at ${said}; its weights ${rows(kernel)}`;
    this.sentence.textContent = said.replace("step", "Step");
    this.slider.value = this.step;
    this.slider.ariaValueText = said;
    this.back.ariaDisabled = this.step === 0;
    this.forward.ariaDisabled = this.step === this.steps - 1;
  }

  fill(tile, weight, said) {
    const [sign, share] = shade(weight, this.most);
    const full = sign > 0 ? "var(--cnn-shared)" : "var(--cnn-sparse)";
    const colour = `color-mix(in srgb, ${full} ${100 * share}%, var(--cnn-faint))`;
    tile.style.setProperty("--cnn-fill", colour);
    tile.querySelector("text").textContent = said;
  }
}

// -- parts

/** The cells of a kernel of nine weights, still without them. */
function tiles({ x, y, width, height }) {
  const [across, down] = [width / 3, height / 3];
  return Array.from({ length: 9 }, (_, n) => {
    const [left, top] = [x + (n % 3) * across, y + Math.floor(n / 3) * down];
    const place = { x: left + 1, y: top + 1, width: across - 2, height: down - 2, rx: 2 };
    const label = text(left + across / 2, top + down / 2, "");
    return svg("g", { class: "cnn-stepper__tile" }, svg("rect", place), label);
  });
}

function rows(kernel) {
  const said = kernel.map(weight_said);
  return [0, 3, 6].map((start) => said.slice(start, start + 3).join(", ")).join("; ");
}

function heading({ x, y, width }, words) {
  return set(text(x + width / 2, y - 13, words), { class: "cnn-stepper__heading" });
}

function text(x, y, words, anchor = "middle") {
  return svg("text", { x, y, "font-size": 12, style: `text-anchor: ${anchor}` }, words);
}

customElements.define("cnn-learned-kernel", LearnedKernel);
