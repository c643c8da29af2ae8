// Home through Apollo Gateway with its five subgraphs in the same process: `node apollo_local.mjs FILE [PORT]`.
import { readFileSync } from 'node:fs';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { measuredOrServed } from './measured.mjs';

const [file, port] = process.argv.slice(2);
const { supergraph, subgraphs, query, root, entities } = JSON.parse(readFileSync(file, 'utf8'));

function subgraph(name) {
  const resolvers = { Query: {} };
  const typeDefs = parse(subgraphs[name]);
  for (const type of typeDefs.definitions) {
    if (!type.name || !['ObjectTypeDefinition', 'UnionTypeDefinition', 'InterfaceTypeDefinition'].includes(type.kind)) continue;
    if (type.kind !== 'ObjectTypeDefinition') resolvers[type.name.value] = { __resolveType: (value) => value.__typename };
    else if (type.name.value === 'Query') {
      for (const { name } of type.fields) if (name.value in root) resolvers.Query[name.value] = () => root[name.value];
    } else if (type.directives.some((directive) => directive.name.value === 'key')) {
      const known = entities[type.name.value] ?? {};
      resolvers[type.name.value] = { __resolveReference: async ({ id }) => known[id] ?? null };
    }
  }
  return buildSubgraphSchema({ typeDefs, resolvers });
}

const gateway = new ApolloGateway({
  supergraphSdl: supergraph,
  buildService: ({ name }) => new LocalGraphQLDataSource(subgraph(name)),
});
const server = new ApolloServer({ gateway });

async function serve(port) {
  await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
}

async function answer() {
  const { body } = await server.executeOperation({ query });
  return JSON.stringify(body.singleResult);
}

if (!port) await server.start();
await measuredOrServed(port, answer, serve);
