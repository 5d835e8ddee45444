// Our packing of arrays, as payload.py writes it: the length of a JSON header (uint32), that
// header, and from the next multiple of eight on the arrays, one after another as header.arrays lists them.
// All numbers are little-endian, as is every machine a browser runs on today.

const TYPES = { float64: Float64Array, float32: Float32Array };

/** {header, arrays: {name: typed array}} from the `bytes` of a payload; the arrays are views, not copies. */
export function unpack(bytes) {
  // A typed array may only begin at a multiple of its element size; bytes off the wire begin anywhere.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const length = new DataView(aligned.buffer, aligned.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  let offset = aligned.byteOffset + Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, dtype, shape] of header.arrays) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    arrays[name] = new TYPES[dtype](aligned.buffer, offset, size);
    offset += arrays[name].byteLength;
  }
  return { header, arrays };
}
