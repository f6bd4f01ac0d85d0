// What the explorers share: elements of a page, and one that a reader steps through or plays.

export function html(name, attributes = {}, ...children) {
  return set(document.createElement(name), attributes, ...children);
}

export function svg(name, attributes = {}, ...children) {
  return set(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, ...children);
}

/** Gives an element attributes and children, and returns it. */
export function set(element, attributes, ...children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The step so many further on, but neither before the first nor after the last. */
export function step_after(step, by, steps) {
  return Math.min(Math.max(step + by, 0), steps - 1);
}

/**
 * An element around a figure. With scripts, the still picture gives way on screens to one that goes
 * step by step: by buttons, by arrow keys, or played. It never begins by itself, and stops where
 * less motion is asked for. Caption, downloads and print stay as they are.
 *
 * A subclass says how many `steps` there are and the `pace` in milliseconds from one to the next,
 * `read`s its attributes, `build`s what it shows of its `sentence` and its buttons, and `draw`s the
 * present `step`.
 */
export class Stepper extends HTMLElement {
  connectedCallback() {
    this.lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.lessMotion.addEventListener("change", this.pause);
    if (this.view) return; // it has only been moved
    this.step = 0;
    this.read();
    this.sentence = html("p", { class: "cnn-stepper__sentence", role: "status" });
    this.playButton = this.button("Play", () => (this.timer ? this.pause() : this.play()));
    this.view = this.build();
    this.view.addEventListener("keydown", (event) => this.key(event));
    this.querySelector("figure").prepend(this.view);
    this.dataset.stepping = ""; // the still picture goes
    this.show(0);
  }

  disconnectedCallback() {
    this.lessMotion.removeEventListener("change", this.pause);
    this.pause();
  }

  button(label, act) {
    const made = html("button", { type: "button" }, label);
    made.addEventListener("click", act);
    return made;
  }

  /** A button that goes so many steps further. */
  stepButton(label, by) {
    return this.button(label, () => this.go(by));
  }

  go(by) {
    this.pause();
    this.show(step_after(this.step, by, this.steps));
  }

  play() {
    this.sentence.ariaLive = "off"; // too fast to be read out
    const last = this.steps - 1;
    this.show(this.step === last ? 0 : this.step + 1);
    if (this.step === last) return this.pause();
    const wait = this.pace[this.lessMotion.matches ? "calm" : "ordinary"];
    this.timer = setTimeout(() => this.play(), wait);
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
    if (!by || event.target.localName === "input") return; // there the arrows move the input
    event.preventDefault();
    this.go(by);
  }

  show(step) {
    this.step = step;
    this.draw();
  }
}
