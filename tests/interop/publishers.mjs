// A subgraph with a subscription, served by graphql-ws at /ws and by graphql-sse at /sse: prints its port, and a line for each subscription that ends.
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema(`
  type Query { orders: [Order] }
  type Subscription { paid(shop: ID): Order log(lines: Int! = 50): [Order] }
  type Order { id: ID! total: Int }
`);
const { paid, log } = schema.getSubscriptionType().getFields();
async function* orders() {
  try {
    for (const number of [1, 2]) yield { paid: { id: `o${number}`, total: number } };
  } finally {
    console.log('ended');
  }
}
paid.subscribe = (_, { shop }) => {
  if (shop === 'none') throw new Error('no such shop');
  return orders();
};
log.subscribe = async function* () {
  try {
    for (;;) {
      yield { log: [] };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    console.log('left');
  }
};

const events = createHandler({ schema });
const server = createServer((request, response) => events(request, response));
useServer({ schema }, new WebSocketServer({ server, path: '/ws' }));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
