// Decodes a federated trace as Apollo does: `node trace.mjs < BASE64` prints the fields of its tree.
import { readFileSync } from 'node:fs';
import { Trace } from '@apollo/usage-reporting-protobuf';

const trace = Trace.decode(Buffer.from(readFileSync(0, 'utf8'), 'base64'));
const problem = Trace.verify(trace);
if (problem) throw new Error(problem);
if (!(trace.durationNs > 0 && trace.endTime.seconds >= trace.startTime.seconds)) throw new Error('times');

const fields = [];
function read(node, path) {
  for (const child of node.child) {
    const below = [...path, child.id === 'index' ? child.index : child.responseName];
    if (child.type) fields.push(`${below.join('.')}: ${child.type} of ${child.parentType}`);
    if (child.endTime < child.startTime || child.endTime > trace.durationNs) throw new Error(`times of ${below}`);
    read(child, below);
  }
}
read(trace.root, []);
console.log(JSON.stringify(fields));
