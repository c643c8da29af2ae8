// GraphiQL with a picker on top: who asks (sets the Authorization header) and what is asked (fills the editor).
// What there is to pick comes from /graphiql/demo.json:
// {personas: [{name, token | null, hat | null, description}], operations: [{name, query, variables?}]}
"use strict";

const { createElement: element, useState } = React;
const explorer = GraphiQLPluginExplorer.explorerPlugin();

function headersOf(persona) {
  if (!persona || !persona.token) return "";
  const hat = persona.hat ? { "Jishi-Hat": persona.hat } : {};
  return JSON.stringify({ Authorization: `Bearer ${persona.token}`, ...hat }, null, 2);
}

function Picker({ label, choices, chosen, onChoose }) {
  if (choices.length === 0) return null;
  const options = choices.map((choice, index) => element("option", { key: choice.name, value: index }, choice.name));
  const placeholder = element("option", { key: "", value: -1, disabled: true }, "choose");
  return element(
    "label",
    null,
    label,
    element(
      "select",
      { "aria-label": label, value: chosen, onChange: (event) => onChoose(Number(event.target.value)) },
      chosen < 0 ? [placeholder, ...options] : options,
    ),
  );
}

function Page({ demo, fetcher }) {
  const [persona, choosePersona] = useState(demo.personas.length ? 0 : -1);
  const [operation, chooseOperation] = useState(demo.operations.length ? 0 : -1);
  const asker = demo.personas[persona];
  const asked = demo.operations[operation];
  const picker = element(
    "div",
    { className: "picker", key: "picker" },
    element(Picker, { key: "who", label: "Ask as", choices: demo.personas, chosen: persona, onChoose: choosePersona }),
    element("span", { key: "about", className: "about" }, asker ? asker.description || "" : ""),
    element(Picker, {
      key: "what",
      label: "Operation",
      choices: demo.operations,
      chosen: operation,
      onChoose: chooseOperation,
    }),
  );
  const editor = element(GraphiQL, {
    fetcher,
    headers: headersOf(asker),
    query: asked ? asked.query : undefined,
    variables: asked && asked.variables ? JSON.stringify(asked.variables, null, 2) : "",
    defaultEditorToolsVisibility: asker && asker.token ? "headers" : undefined,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    plugins: [explorer],
  });
  const children = [element("div", { className: "editor", key: "editor" }, editor)];
  if (demo.personas.length + demo.operations.length > 0) children.unshift(picker);
  return element("div", { className: "page" }, children);
}

async function start() {
  const answer = await fetch("/graphiql/demo.json");
  const demo = answer.ok ? await answer.json() : { personas: [], operations: [] };
  const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
  ReactDOM.createRoot(document.getElementById("app")).render(element(Page, { demo, fetcher }));
}

start();
