// Hive Gateway with its Rust planner for a supergraph in a file: `node hive.mjs FILE PORT`. The authorization header goes
// on to subgraphs.
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
      const authorization = request.headers.get('authorization');
      return authorization ? { authorization } : {};
    },
  },
});
createServer(gateway).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0)); // the runtime takes the signal for itself, and stays
