// An answer of the live channel, as pack() of pages/live.py writes it: the length of a JSON text (uint32, little-endian),
// that text, and from the next multiple of eight on the data that are bytes.

/** {of, shows: {key: data, undefined for what has to wait}, more, took} or {refused}; `more`: the rest is on its way; ms. */
export function unpackAnswer(message) {
  const length = new DataView(message).getUint32(0, true);
  const { shows, ...header } = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length)));
  const start = 4 + length;
  const read = ({ data, from, to }) => data ?? (to && new Uint8Array(message, start + from, to - from));
  return { ...header, shows: Object.fromEntries(Object.entries(shows).map(([key, each]) => [key, read(each)])) };
}
