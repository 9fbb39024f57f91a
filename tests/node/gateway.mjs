// The real binary in demo mode as a child process, for one test file.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = resolve(root, process.env.SLUICE_BINARY || 'build/release/sluice');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Without a configuration it is demo mode. `stop` ends it by its pid and fails unless it ends in order. */
export async function startGateway(config) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-node-'));
  const port = await freePort();
  const options = ['serve', '--listen', `127.0.0.1:${port}`];
  if (config) writeFileSync(join(folder, 'sluice.yaml'), JSON.stringify(config));
  options.push(...(config ? ['--config', 'sluice.yaml'] : ['--demo']));
  const {PATH, HOME} = process.env;
  const child = spawn(binary, options, {cwd: folder, env: {PATH, HOME}, stdio: ['ignore', 'pipe', 'pipe']});
  let log = '';
  child.stdout.on('data', (bytes) => (log += bytes));
  child.stderr.on('data', (bytes) => (log += bytes));
  const ended = once(child, 'exit');

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 20_000;
  while (!(await fetch(`${url}/readyz`).then((r) => r.ok, () => false))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the gateway did not become ready:\n${log}`);
    }
    await sleep(10);
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const [status] = await ended;
      rmSync(folder, {recursive: true});
      if (status !== 0) throw new Error(`the gateway ended with status ${status}:\n${log}`);
    },
  };
}
