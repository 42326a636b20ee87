/** The wire lies on the recorded disk too: so the record tells what was on it before each sync. */
export const WIRE_FILE = 'wire.txt';
