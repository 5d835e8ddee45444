// Our packing of arrays, as payload.py writes it: a header, and the arrays one after another as header.arrays lists them.

import { unframed } from "../shared/framed.js";

const TYPES = { float64: Float64Array, float32: Float32Array };

/** {header, arrays: {name: typed array}} from the `bytes` of a payload; the arrays are views, not copies. */
export function unpack(bytes) {
  // A typed array may only begin at a multiple of its element size; bytes off the wire begin anywhere.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { header, start } = unframed(aligned);
  let offset = aligned.byteOffset + start;
  const arrays = {};
  for (const [name, dtype, shape] of header.arrays) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    arrays[name] = new TYPES[dtype](aligned.buffer, offset, size);
    offset += arrays[name].byteLength;
  }
  return { header, arrays };
}
