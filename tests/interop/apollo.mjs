// Apollo Gateway for a supergraph in a file: `node apollo.mjs FILE PORT`. The viewer's token and hat go on to subgraphs,
// with the secret by which these know the router (ROUTER_SECRET).
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';

const [file, port] = process.argv.slice(2);

class Subgraph extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const [name, value] of Object.entries(context)) if (value) request.http.headers.set(name, value);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(file, 'utf8'),
  buildService: ({ url }) => new Subgraph({ url }),
});
const server = new ApolloServer({ gateway });
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) => ({
    authorization: req.headers.authorization,
    'jishi-hat': req.headers['jishi-hat'],
    'jishi-router': process.env.ROUTER_SECRET,
  }),
});
