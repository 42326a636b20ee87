import '#adapters/runtime/runtimeCheck';
import { cutFlow } from './cutFlow.ts';
import { flows } from './flows.ts';

/** One flow. Arguments: its name, stride, points of the recovery for the second death; the points of one case alone (`17,3`). */
const [name = '', stride = '1', double = '0', only = ''] = process.argv.slice(2);
const flow = flows().find((each) => each.name === name);
if (!flow) throw new Error(`there is no flow '${name}'`);
const choice = { stride: Number(stride), double: Number(double), ...(only === '' ? {} : { only: only.split(',').map(Number) }) };
process.stdout.write(`${JSON.stringify(await cutFlow(flow, choice))}\n`);
