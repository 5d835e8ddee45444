// Bytes from the server with the JSON that describes them, as pages/components/framed.py writes them: the length of the
// JSON (uint32), the JSON, and from the next multiple of eight on the bytes. All numbers are little-endian, as is every
// machine a browser runs on today.

/** {header, start}: the JSON, and where in `bytes` what it describes begins. */
export function unframed(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, start: 4 + length };
}
