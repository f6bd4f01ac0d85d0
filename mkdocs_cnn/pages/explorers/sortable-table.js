// <cnn-sortable-table filter-label="Find a network"> around a table in its frame. With scripts, the
// headings become buttons that sort, a field above the table leaves out rows, and a frame that
// scrolls can be scrolled by keyboard. On paper it is the plain table. Looks are in mkdocs_cnn.css.

import { html } from "./dom.js";
import {
  cell_key,
  contains_all,
  is_numeric,
  next_direction,
  rows_left,
  sorted_order,
} from "./order.js";

class SortableTable extends HTMLElement {
  connectedCallback() {
    if (this.filter) return; // it has only been moved
    this.table = this.querySelector("table");
    this.frame = this.table.parentElement;
    this.parts = [...this.table.tBodies].map((body) => ({ body, rows: [...body.rows] }));
    this.rows = this.parts.flatMap((part) => part.rows); // in the author's order
    this.language = this.closest("[lang]")?.lang || "en";
    this.buildFilter();
    this.table.querySelectorAll("thead th[scope=col]").forEach((heading) => this.arm(heading));
    this.sift();
    this.watch();
  }

  // -- the order

  /** Lets a heading sort the rows by its column. */
  arm(heading) {
    const button = html("button", { type: "button", class: "cnn-table__sort" });
    button.append(...heading.childNodes);
    button.addEventListener("click", () => this.turn(heading));
    heading.append(button);
  }

  /** Goes on to the column's next order: first one way, then the other, then as it was. */
  turn(heading) {
    const keysOf = (rows) => rows.map((row) => key(row.cells[heading.cellIndex]));
    const numeric = is_numeric(keysOf(this.rows));
    const direction = next_direction(heading.getAttribute("aria-sort"), numeric);
    for (const { body, rows } of this.parts) {
      const order = sorted_order(keysOf(rows), direction, this.language);
      body.append(...order.map((place) => rows[place]));
    }
    this.table.querySelector("[aria-sort]")?.removeAttribute("aria-sort");
    if (direction) heading.setAttribute("aria-sort", direction);
  }

  // -- the filter

  buildFilter() {
    const words = this.getAttribute("filter-label") ?? "Find a row";
    this.field = html("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.status = html("p", { role: "status" });
    const label = html("label", {}, html("span", {}, words), this.field);
    this.filter = html("div", { class: "cnn-table-filter" }, label, this.status);
    this.field.addEventListener("input", () => this.sift());
    this.field.addEventListener("keydown", (event) => event.key === "Escape" && this.clear(event));
    this.prepend(this.filter);
  }

  clear(event) {
    if (!this.field.value) return; // the key is for something else
    event.preventDefault();
    this.field.value = "";
    this.sift();
  }

  /** Leaves the rows that contain what is typed, and says how many they are. */
  sift() {
    const typed = this.field.value;
    for (const row of this.rows) row.hidden = !contains_all(words(row), typed);
    const left = this.rows.filter((row) => !row.hidden).length;
    this.status.textContent = rows_left(left, this.rows.length, typed);
  }

  // -- the frame

  watch() {
    const sizes = new ResizeObserver(() => this.reach());
    sizes.observe(this.frame);
    sizes.observe(this.table);
  }

  /** Lets the keyboard reach a frame that scrolls, and no other. */
  reach() {
    const name = this.table.caption?.textContent.trim() || "Table";
    const region = { tabindex: 0, role: "region", "aria-label": name };
    const scrolls = this.frame.scrollWidth > this.frame.clientWidth;
    for (const [attribute, value] of Object.entries(region)) {
      if (scrolls) this.frame.setAttribute(attribute, value);
      else this.frame.removeAttribute(attribute);
    }
  }
}

// -- parts

/** What decides where a cell stands; a row may be too short to have the cell. */
function key(cell) {
  const values = [...(cell?.querySelectorAll("data.quantity") ?? [])].map((data) => data.value);
  return cell_key({ values, data_sort: cell?.dataset.sort, text: cell?.textContent });
}

/** All that a row may be found by: its words, not its numbers. */
function words(row) {
  const cells = [...row.cells].filter((cell) => !cell.querySelector("data.quantity"));
  return [...cells.map((cell) => cell.textContent), row.dataset.keywords ?? ""].join(" ");
}

customElements.define("cnn-sortable-table", SortableTable);
