// Which inputs a window reads and with which weights: the arithmetic of the explorers.
//
// The names and the results are those of mkdocs_cnn.layers.axis and mkdocs_cnn.arrays.matrix; tests
// hold the two against each other. One channel in, one channel out, padded with zeros. An axis is
// { size, kernel_size, stride = 1, padding = [0, 0], dilation = 1 }.

export const NO_WEIGHT = -1;

/** Windows that fit along an axis. */
export function output_size({ size, kernel_size, stride = 1, padding = [0, 0], dilation = 1 }) {
  const extent = dilation * (kernel_size - 1) + 1;
  const padded = size + padding[0] + padding[1];
  if (extent > padded) {
    throw new RangeError(`kernel extent ${extent} exceeds padded input ${padded}`);
  }
  return Math.floor((padded - extent) / stride) + 1;
}

/** The taps of one output's window that stand on an input, as [tap, input index]. */
export function taps({ size, kernel_size, stride = 1, padding = [0, 0], dilation = 1 }, output) {
  const start = output * stride - padding[0];
  return [...Array(kernel_size).keys()]
    .map((tap) => [tap, start + tap * dilation])
    .filter(([, index]) => 0 <= index && index < size);
}

/**
 * Which weight stands between each output and each input, numbered from 0: a row for each output,
 * NO_WEIGHT where the two do not touch. The layer is "Linear", "LocallyConnected2d" or "Conv2d".
 */
export function weight_identity(layer, down, across) {
  const inputs = down.size * across.size;
  let next = 0; // the number of the next weight, where each connection has its own
  const rows = [];
  for (let row = 0; row < output_size(down); row++) {
    for (let column = 0; column < output_size(across); column++) {
      const weights = Array(inputs).fill(NO_WEIGHT);
      for (const [tap_down, y] of taps(down, row)) {
        for (const [tap_across, x] of taps(across, column)) {
          const shared = tap_down * across.kernel_size + tap_across;
          weights[y * across.size + x] = layer === "Conv2d" ? shared : next++;
        }
      }
      rows.push(weights);
    }
  }
  if (layer !== "Linear") return rows;
  return rows.map((weights, output) => weights.map((_, input) => output * inputs + input));
}

/** How many different weights the first outputs of a layer use. */
export function weights_used(identity, outputs) {
  const used = new Set(identity.slice(0, outputs).flat());
  used.delete(NO_WEIGHT);
  return used.size;
}
