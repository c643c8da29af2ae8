// Composes subgraphs with the composers of npm.
//
//   node compose.mjs NAME=FILE ...      one composition
//   node compose.mjs --batch < JSON     many: [[{name, url, sdl}, ...], ...], answers a list
//
// Each answer is {apollo: {sdl} or {errors: [{code, message}]}, guild: the same}. NODE_PATH or JISHI_NPM may name the
// directory whose node_modules to use; default is the one beside this file.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = process.env.JISHI_NPM ?? dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(home, 'package.json'));
const { parse } = require('graphql');
const apollo = require('@apollo/composition');
const guild = require('@theguild/federation-composition');

function answer(compose) {
  try {
    const { supergraphSdl, errors } = compose();
    if (supergraphSdl) return { sdl: supergraphSdl };
    return { errors: errors.map((error) => ({ code: error.extensions?.code ?? null, message: error.message })) };
  } catch (error) {
    return { errors: [{ code: error.extensions?.code ?? error.code ?? 'INVALID_GRAPHQL', message: String(error.message) }] };
  }
}

function composed(sources) {
  const services = () => sources.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  return {
    apollo: answer(() => apollo.composeServices(services())),
    guild: answer(() => guild.composeServices(services())),
  };
}

const argumentsGiven = process.argv.slice(2);
if (argumentsGiven[0] === '--batch') {
  console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(composed)));
} else {
  const sources = argumentsGiven.map((pair) => {
    const [name, file] = pair.split('=');
    return { name, url: `http://${name}.invalid`, sdl: readFileSync(file, 'utf8') };
  });
  console.log(JSON.stringify(composed(sources), null, 2));
}
