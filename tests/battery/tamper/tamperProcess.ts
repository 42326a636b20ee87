import '#adapters/runtime/runtimeCheck';
import { tamperWithEach } from './tamperWithEach.ts';

/** One share of the rows. Arguments: journal, first place, stride. */
const [path = '', from = '0', stride = '1'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(tamperWithEach(path, { from: Number(from), stride: Number(stride) }))}\n`);
