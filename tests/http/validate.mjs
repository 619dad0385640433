// Checks answers against the schemas of /openapi.json: {openapi, answers: [{name, schema, body}]} on standard
// input, one line of JSON out for each that does not hold.
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { openapi, answers } = JSON.parse(text);
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi.json', ...openapi });
for (const { name, schema, body } of answers) {
  const validate = ajv.getSchema(`openapi.json${schema}`);
  if (!validate) console.log(JSON.stringify({ name, errors: `no schema ${schema}` }));
  else if (!validate(body)) console.log(JSON.stringify({ name, errors: validate.errors.slice(0, 3) }));
}
