// The clients graphql-ws and graphql-sse against an endpoint: `node subscribers.mjs HOST:PORT` prints what each saw, by the name of the check.
import { createClient as sseClient } from 'graphql-sse';
import { createClient as wsClient } from 'graphql-ws';
import WebSocket from 'ws';

const host = process.argv[2];
const PAID = 'subscription { paid { total parcel } }';
const OPERATIONS = {
  events: { query: PAID },
  query: { query: 'query Q($n: Int) { total(n: $n) }', operationName: 'Q', variables: { n: 7 } },
  mutation: { query: 'mutation { pay }' },
  invalid: { query: 'subscription { nothing }' },
  lost: { query: 'subscription { lost { total } }' },
};

function ws(authorization) {
  const client = wsClient({
    url: `ws://${host}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazyCloseTimeout: 1000,
    connectionParams: authorization && { authorization },
  });
  return (operation) => client.iterate(operation);
}

function sse(authorization) {
  const client = sseClient({ url: `http://${host}/graphql`, retryAttempts: 0, headers: authorization ? { authorization } : {} });
  return (operation) => client.iterate(operation);
}

async function all(results) {
  const seen = [];
  try {
    for await (const result of results) seen.push(result);
  } catch (error) {
    seen.push({ thrown: Array.isArray(error) ? error : (error.code ?? error.response?.status ?? String(error)) });
  }
  return seen;
}

async function first(results) {
  const { value } = await results.next();
  await results.return();
  return value;
}

const seen = {};
for (const [name, connect] of Object.entries({ ws, sse })) {
  const run = connect('Bearer good');
  for (const [check, operation] of Object.entries(OPERATIONS)) seen[`${name} ${check}`] = await all(run(operation));
  seen[`${name} left`] = await first(run({ query: 'subscription { paid(forever: true) { total } }' }));
  seen[`${name} at once`] = (await Promise.all([1, 2, 3].map(() => all(run({ query: PAID }))))).map((events) => events.length);
  seen[`${name} forbidden`] = await all(connect('Bearer bad')({ query: PAID }));
}
console.log(JSON.stringify(seen));
process.exit(0);
