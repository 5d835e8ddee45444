// An answer of the live channel, as pack() of pages/live.py writes it.

import { unframed } from "../shared/framed.js";

/**
 * {of, shows: {key: data, undefined for what has to wait}, more, took} or {refused}: `more` says that the rest is on its
 * way, `took` how many ms the server worked.
 */
export function unpackAnswer(message) {
  const bytes = new Uint8Array(message);
  const { header: { shows, ...header }, start } = unframed(bytes);
  const read = ({ data, from, to }) => data ?? (to && bytes.subarray(start + from, start + to));
  return { ...header, shows: Object.fromEntries(Object.entries(shows).map(([key, each]) => [key, read(each)])) };
}
