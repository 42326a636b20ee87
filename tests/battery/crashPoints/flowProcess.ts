import '#adapters/runtime/runtimeCheck';
import { cutFlow } from './cutFlow.ts';
import { flows } from './flows.ts';

/** One flow. Arguments: its name, stride, points of the recovery for the second death. */
const [name = '', stride = '1', double = '0'] = process.argv.slice(2);
const flow = flows().find((each) => each.name === name);
if (!flow) throw new Error(`there is no flow '${name}'`);
process.stdout.write(`${JSON.stringify(await cutFlow(flow, { stride: Number(stride), double: Number(double) }))}\n`);
