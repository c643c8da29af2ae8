// Times the planners of npm: `node planning.mjs ROUNDS < JSON`, where JSON is [{sdl, queries: [...]}, ...].
// Prints for each query {apollo, hive} in milliseconds, the median of the rounds; null where it cannot be planned.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner as ApolloPlanner } from '@apollo/query-planner';
import { QueryPlanner as HivePlanner } from '@graphql-hive/router-query-planner';
import { parse } from 'graphql';

const rounds = Number(process.argv[2]);

function median(plan) {
  const times = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      plan();
      times.push(performance.now() - start);
    }
  } catch {
    return null;
  }
  return times.sort((one, other) => one - other)[rounds >> 1];
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ sdl, queries }) => {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: null, validateSupergraph: false });
  const apollo = new ApolloPlanner(supergraph);
  const hive = new HivePlanner(sdl);
  return queries.map((query) => {
    const document = parse(query);
    return {
      apollo: median(() => apollo.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), document))),
      hive: median(() => hive.plan(query, null, new Set(), 0)),
    };
  });
});
console.log(JSON.stringify(answers));
process.exit(0);
