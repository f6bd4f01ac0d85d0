// In which order the rows of a table stand, and which of them are left: the arithmetic of
// sortable-table.js. The tests hold it against Python's own sorting.
//
// A cell's key says where it stands: a list of numbers, a text, or NOTHING. A number that is whole
// is a BigInt, for counts grow beyond 2 ** 53; JavaScript compares it exactly with any other.

export const NOTHING = null;

const BLANK = new Set(["", "–", "—", "-"]);
const NUMERAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/; // as the pages write it: 14,450,688

/** The number that a text is, or NOTHING if it is no number. */
export function number_in(text) {
  const written = text.trim().replace(/^−/, "-");
  const numeral = GROUPED.test(written) ? written.replaceAll(",", "") : written;
  if (!NUMERAL.test(numeral)) return NOTHING;
  return /^[+-]?\d+$/.test(numeral) ? BigInt(numeral) : Number(numeral);
}

/** A cell's key, from the values of its quantities, else from its data-sort, else from its text. */
export function cell_key({ values = [], data_sort = null, text = "" }) {
  const numbers = values.map(number_in);
  if (numbers.length && !numbers.includes(NOTHING)) return numbers;
  const written = (data_sort ?? text).trim();
  if (BLANK.has(written)) return NOTHING;
  const number = number_in(written);
  return number === NOTHING ? written : [number];
}

/** Whether a column holds numbers and nothing else, blanks aside. */
export function is_numeric(keys) {
  const filled = keys.filter((key) => key !== NOTHING);
  return filled.length > 0 && filled.every(Array.isArray);
}

/** What a click does to a column: the direction that comes after this one, null for none. */
export function next_direction(direction, numeric) {
  const [first, second] = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
  return new Map([
    [null, first],
    [first, second],
    [second, null],
  ]).get(direction);
}

/**
 * The places of the keys in sorted order. Equal keys stay as they were, blanks come last in either
 * direction, and in ascending order numbers come before texts. No direction is no change.
 */
export function sorted_order(keys, direction, language = "en") {
  const places = [...keys.keys()];
  if (direction === null) return places;
  const collator = new Intl.Collator(language, { numeric: true });
  const sign = direction === "ascending" ? 1 : -1;
  const blank = (place) => keys[place] === NOTHING;
  const filled = places.filter((place) => !blank(place));
  filled.sort((one, other) => sign * compared(keys[one], keys[other], collator));
  return [...filled, ...places.filter(blank)];
}

/** Below zero, zero or above it, as the first key comes before the second, with it or after it. */
function compared(one, other, collator) {
  const [text, otherText] = [typeof one === "string", typeof other === "string"];
  if (text && otherText) return collator.compare(one, other);
  if (text || otherText) return text ? 1 : -1;
  const place = one.findIndex((number, n) => number != other[n]); // 1n != 1 is false
  if (place < 0) return one.length - other.length; // the one is how the other begins
  return one[place] < other[place] ? -1 : 1; // where the other has ended, it comes first
}

/** The words of a text, letters and digits, without case and accents. */
export function words_of(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** Whether every word that is typed is the beginning of a word of the text. */
export function contains_all(text, typed) {
  const words = words_of(text);
  return words_of(typed).every((sought) => words.some((word) => word.startsWith(sought)));
}

/** How many rows are left, in words. */
export function rows_left(left, all, typed) {
  return left || !typed.trim() ? `${left} of ${all} rows` : `no row contains “${typed.trim()}”`;
}
