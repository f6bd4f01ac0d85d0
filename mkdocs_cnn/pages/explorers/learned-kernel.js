// <cnn-learned-kernel steps="[…]" costs="[…]" kernels="[[…]]" wanted="[…]"> around the figure
// "kernel-forms". With scripts, the still picture gives way on screens to one that plays the
// kernel forming. It never begins by itself, and stops where less motion is asked for. Caption,
// downloads and print stay as they are. Colours are in mkdocs_cnn.css.

const PACE = { ordinary: 500, calm: 1600 }; // milliseconds from frame to frame

// Places in the picture, in units of its view box; on a phone one is about a pixel.
const WIDTH = 360;
const HEIGHT = 254;
const KERNEL = { x: 1, y: 24, width: 138, height: 118 };
const WANTED = { x: 1, y: 172, width: 138, height: 78 };
const CURVE = { left: 188, right: 352, top: 26, bottom: 228 };
const DECADES_PER_TICK = 4;

// -- arithmetic, which the tests hold against Python's

/** The frame so many further on, but neither before the first nor after the last. */
export function frame_after(frame, by, frames) {
  return Math.min(Math.max(frame + by, 0), frames - 1);
}

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

class LearnedKernel extends HTMLElement {
  connectedCallback() {
    this.lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.lessMotion.addEventListener("change", this.pause);
    if (this.view) return; // it has only been moved
    for (const name of ["steps", "costs", "kernels", "wanted"]) {
      this[name] = JSON.parse(this.getAttribute(name));
    }
    this.most = Math.max(...this.wanted.map(Math.abs));
    this.decades = decades(this.costs);
    this.frame = 0;
    this.build();
    this.draw();
  }

  disconnectedCallback() {
    this.lessMotion.removeEventListener("change", this.pause);
    this.pause();
  }

  get last() {
    return this.steps.length - 1;
  }

  // -- what the reader does

  step(by) {
    this.pause();
    this.show(frame_after(this.frame, by, this.steps.length));
  }

  slide() {
    this.pause();
    this.sentence.ariaLive = "off"; // the slider speaks for itself
    this.show(Number(this.slider.value));
  }

  play() {
    this.sentence.ariaLive = "off"; // too fast to be read out
    this.show(this.frame === this.last ? 0 : this.frame + 1);
    if (this.frame === this.last) return this.pause();
    this.timer = setTimeout(() => this.play(), PACE[this.lessMotion.matches ? "calm" : "ordinary"]);
    this.playButton.textContent = "Pause";
  }

  pause = () => {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.view) return;
    this.sentence.ariaLive = "polite";
    this.playButton.textContent = "Play";
  };

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.target === this.slider) return; // there the arrows move the slider
    event.preventDefault();
    this.step(by);
  }

  show(frame) {
    this.frame = frame;
    this.draw();
  }

  // -- what stands on the page

  build() {
    const button = (label, act) => {
      const made = html("button", { type: "button" }, label);
      made.addEventListener("click", act);
      return made;
    };
    this.back = button("Step back", () => this.step(-1));
    this.forward = button("Step forward", () => this.step(1));
    this.playButton = button("Play", () => (this.timer ? this.pause() : this.play()));
    this.slider = html("input", { type: "range", min: 0, max: this.last, value: 0 });
    this.slider.ariaLabel = "Step of gradient descent";
    this.slider.addEventListener("input", () => this.slide());
    this.sentence = html("p", { class: "cnn-stepper__sentence", role: "status" });
    this.tiles = tiles(KERNEL);
    this.dot = svg("circle", { class: "cnn-forming__dot", r: 5 });
    this.picture = svg("svg", { role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}` }, ...this.drawn());
    this.view = html(
      "div",
      { class: "cnn-stepper cnn-forming", role: "group", "aria-label": "The same, step by step" },
      this.picture,
      this.sentence,
      this.slider,
      html("div", { class: "cnn-stepper__buttons" }, this.back, this.playButton, this.forward),
    );
    this.view.dataset.layer = "Conv2d";
    this.view.addEventListener("keydown", (event) => this.key(event));
    this.querySelector("figure").prepend(this.view);
    this.dataset.stepping = ""; // the still picture goes
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
    const points = this.steps.map((_, frame) => this.place(frame).join()).join(" ");
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
      text(right, bottom + 16, this.steps[this.last], "end"),
      svg("polyline", { class: "cnn-forming__curve", points }),
    ];
  }

  y(cost) {
    return CURVE.bottom - height_of(cost, this.decades) * (CURVE.bottom - CURVE.top);
  }

  /** Where a frame's point is on the curve. */
  place(frame) {
    const way = this.steps[frame] / this.steps[this.last];
    return [CURVE.left + way * (CURVE.right - CURVE.left), this.y(this.costs[frame])];
  }

  // -- one frame

  draw() {
    const said = `step ${this.steps[this.frame]}: cost ${cost_said(this.costs[this.frame])}`;
    const kernel = this.kernels[this.frame];
    this.tiles.forEach((tile, n) => this.fill(tile, kernel[n], weight_said(kernel[n])));
    const [x, y] = this.place(this.frame);
    this.dot.style.transform = `translate(${x}px, ${y}px)`;
    this.picture.ariaLabel = `Kernel at ${said}; its weights ${rows(kernel)}`;
    this.sentence.textContent = said.replace("step", "Step");
    this.slider.value = this.frame;
    this.slider.ariaValueText = said;
    this.back.ariaDisabled = this.frame === 0;
    this.forward.ariaDisabled = this.frame === this.last;
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

function svg(name, attributes = {}, ...children) {
  return set(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, ...children);
}

function html(name, attributes = {}, ...children) {
  return set(document.createElement(name), attributes, ...children);
}

function set(element, attributes, ...children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

customElements.define("cnn-learned-kernel", LearnedKernel);
