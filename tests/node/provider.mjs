// A provider that does what a test says, as an http server of Node's own.
import {once} from 'node:events';
import {createServer} from 'node:http';

/** `answer(request, response, body)` replies. */
export async function startProvider(answer) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    answer(request, response, JSON.parse(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const KEY = 'sk-tests-0123456789abcdef';

/** One provider behind the model `test-model`. */
export const configuration = (url) => ({
  store: 'memory',
  providers: {scripted: {api: 'openai.chat', base_url: `${url}/v1`, api_key: 'provider-secret', regions: ['us']}},
  models: [{id: 'test-model', targets: [{provider: 'scripted', model: 'native-model'}]}],
  keys: [{name: 'tests', secret: KEY}],
});
