// Hive Gateway with its Rust planner for a supergraph in a file: `node hive.mjs FILE PORT`. The viewer's token and hat go
// on to subgraphs, with the secret by which these know the router (ROUTER_SECRET).
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const [file, port] = process.argv.slice(2);
const gateway = createGatewayRuntime({
  supergraph: file,
  unifiedGraphHandler,
  logging: false,
  landingPage: false,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => {
      const told = { 'jishi-router': process.env.ROUTER_SECRET };
      for (const name of ['authorization', 'jishi-hat']) {
        if (request.headers.has(name)) told[name] = request.headers.get(name);
      }
      return told;
    },
  },
});
createServer(gateway).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0)); // the runtime takes the signal for itself, and stays
