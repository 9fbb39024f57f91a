// The essentials with the npm package openai: what the Python suite shows, seen by the other official SDK.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import OpenAI from 'openai';

import {startGateway} from './gateway.mjs';
import {KEY, configuration, startProvider} from './provider.mjs';

const MODELS = ['claude-sonnet-4-6', 'gpt-5.2', 'gemini-2.5-flash', 'qwen3-32B', 'kimi-k2.5', 'gpt-oss-120b'];

const CITY = {type: 'object', additionalProperties: false, required: ['city'], properties: {city: {type: 'string'}}};
const TOOLS = ['get_weather', 'get_time'].map((name) => (
    {type: 'function', function: {name, description: `Runs ${name}.`, parameters: CITY}}));
const user = (content) => ({role: 'user', content});
const open = (url, apiKey = 'sk-any') => new OpenAI({baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000});

describe('demo mode', () => {
  let gateway, client;
  before(async () => {
    gateway = await startGateway();
    client = open(gateway.url);
  });
  after(() => gateway.stop());

  test('models are listed', async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    for (const model of MODELS) assert.ok(ids.includes(model), model);
  });

  test('an unknown model is a NotFoundError that names the nearest', async () => {
    await assert.rejects(client.chat.completions.create({model: 'claude-sonet-4-6', messages: [user('Hello.')]}), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, 'model_not_found');
      assert.match(error.message, /claude-sonnet-4-6/);
      assert.ok(error.requestID);
      return true;
    });
  });

  for (const model of MODELS) {
    describe(model, () => {
      test('an answer', async () => {
        const {data, response} = await client.chat.completions.create({model, messages: [user('Say hello.')]}).withResponse();
        assert.equal(data.model, model);
        assert.equal(data.choices[0].finish_reason, 'stop');
        assert.ok(data.choices[0].message.content);
        assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
        assert.equal(data.request_id, response.headers.get('x-request-id'));
      });

      test('a stream says the same', async () => {
        const body = {model, messages: [user('Say hello.')]};
        const plain = await client.chat.completions.create(body);
        const stream = await client.chat.completions.create({...body, stream: true, stream_options: {include_usage: true}});
        let text = '', usage, requestIds = new Set();
        for await (const chunk of stream) {
          text += chunk.choices[0]?.delta.content ?? '';
          usage = chunk.usage ?? usage;
          requestIds.add(chunk.request_id);
        }
        assert.equal(text, plain.choices[0].message.content);
        assert.deepEqual([usage.prompt_tokens, usage.completion_tokens],
                         [plain.usage.prompt_tokens, plain.usage.completion_tokens]);
        assert.equal(requestIds.size, 1);
      });

      test('parallel calls over a stream, put together by the SDK', async () => {
        const runner = client.chat.completions.stream(
            {model, messages: [user('call get_weather and call get_time')], tools: TOOLS});
        const {choices: [choice]} = await runner.finalChatCompletion();
        assert.equal(choice.finish_reason, 'tool_calls');
        assert.deepEqual(choice.message.tool_calls.map((c) => c.function.name), ['get_weather', 'get_time']);
        assert.equal(new Set(choice.message.tool_calls.map((c) => c.id)).size, 2);
        for (const call of choice.message.tool_calls) assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
      });

      test('an agent that runs tools until there is nothing left to call', async () => {
        const messages = [];
        let calls = 0;
        for (let step = 0; step < 10; ++step) {
          messages.push(user(`Step ${step}: call get_weather`));
          for (let message; message === undefined || message.tool_calls?.length;) {
            ({message} = (await client.chat.completions.create({model, messages, tools: TOOLS})).choices[0]);
            messages.push(message);
            for (const call of message.tool_calls ?? []) {
              messages.push({role: 'tool', tool_call_id: call.id, content: JSON.stringify({step})});
              assert.ok(++calls <= 20, 'it never stops');
            }
          }
        }
        assert.ok(calls >= 10);
        assert.ok(messages.at(-1).content);
      });

      test('an answer after a JSON schema', async () => {
        const answer = await client.chat.completions.create({
          model, messages: [user('Name a city.')],
          response_format: {type: 'json_schema', json_schema: {name: 'city', strict: true, schema: CITY}},
        });
        const value = JSON.parse(answer.choices[0].message.content);
        assert.deepEqual(Object.keys(value), ['city']);
        assert.equal(typeof value.city, 'string');
      });
    });
  }
});

describe('a provider that follows a script', () => {
  let gateway, provider, answer;
  before(async () => {
    provider = await startProvider((...everything) => answer(...everything));
    gateway = await startGateway(configuration(provider.url));
  });
  after(async () => {
    await gateway.stop();
    provider.stop();
  });

  const ask = (client, more) => client.chat.completions.create({model: 'test-model', messages: [user('Hello.')], ...more});

  test('a wrong key is an AuthenticationError', async () => {
    await assert.rejects(ask(open(gateway.url, 'sk-wrong')), OpenAI.AuthenticationError);
  });

  for (const [status, exception] of [
    [400, OpenAI.BadRequestError], [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError]]) {
    test(`the provider's ${status} is a ${exception.name}`, async () => {
      answer = (_, response) => {
        response.writeHead(status, {'content-type': 'application/json'});
        response.end(JSON.stringify({error: {message: 'in its own words', type: 'some_error'}}));
      };
      await assert.rejects(ask(open(gateway.url, KEY)), (error) => {
        assert.ok(error instanceof exception, `${error}`);
        assert.match(error.message, /in its own words/);
        return true;
      });
    });
  }

  test('a stream let go is let go upstream within a tenth of a second', async () => {
    let hungUp;
    const closed = new Promise((resolve) => (hungUp = resolve));
    answer = (_, response) => {
      response.writeHead(200, {'content-type': 'text/event-stream'});
      const chunk = {id: 'c', object: 'chat.completion.chunk', created: 1, model: 'native-model',
                     choices: [{index: 0, delta: {role: 'assistant', content: 'On and on'}, finish_reason: null}]};
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      response.on('close', () => hungUp(Date.now()));
    };
    const stream = await ask(open(gateway.url, KEY), {stream: true});
    for await (const chunk of stream) if (chunk.choices[0].delta.content) break;
    const gone = Date.now();
    assert.ok((await closed) - gone < 100);
  });
});
