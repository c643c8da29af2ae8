// The audits of GraphQL over HTTP by graphql-http against an endpoint: `node audit.mjs URL` prints {passed, failed: [...]}.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
const failed = results.filter((result) => result.status !== 'ok').map((result) => `${result.id} ${result.name}`);
console.log(JSON.stringify({ passed: results.length - failed.length, failed }));
