#!/usr/bin/env node
// Finds, installs and starts a real nats-server for tests and for the stack. Plain JavaScript that runs on Node 20, because
// it is also used before anything is built. `node tools/nats-server.mjs` prints the path of the program.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** Debian installs it in /usr/sbin, which the PATH of an ordinary user often leaves out. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin'];
const START_DEADLINE_MS = 10_000;
const INSTALL_DEADLINE_MS = 300_000;

const HOW_TO_INSTALL = `nats-server was not found. Install it and try again:
  Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y nats-server
  macOS            brew install nats-server
  anything else    https://docs.nats.io/running-a-nats-service/introduction/installation
It is enough that the program is on the PATH; no service needs to run.`;

/** The path of an installed nats-server, or undefined. */
export const locateNatsServer = () => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS];
  const names = process.platform === 'win32' ? ['nats-server.exe'] : ['nats-server'];
  return folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram);
};

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/**
 * The path of nats-server: from the PATH, or, as root on Debian, after installing Debian's package.
 * Throws an error that says how to install it where neither works.
 */
export const findNatsServer = async ({ log = (line) => process.stderr.write(`${line}\n`) } = {}) => {
  const found = locateNatsServer();
  if (found) return found;
  if (!canUseApt()) throw new Error(HOW_TO_INSTALL);
  await withInstallLock(() => {
    if (!locateNatsServer()) installWithApt(log);
  });
  const installed = locateNatsServer();
  if (!installed) throw new Error(HOW_TO_INSTALL);
  return installed;
};

const canUseApt = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

/** Test workers may look for it at the same time: one installs, the others wait. */
const withInstallLock = async (install) => {
  const lock = join(tmpdir(), 'hearth-nats-server-install.lock');
  const deadline = Date.now() + INSTALL_DEADLINE_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (locateNatsServer()) return;
      if (Date.now() > deadline)
        throw new Error(
          `Another process seems to install nats-server. If not, remove ${lock} and try again.`,
        );
      await sleep(500);
    }
  }
  try {
    install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

const installWithApt = (log) => {
  const apt = (...args) => {
    log(`nats-server is missing, so: apt-get ${args.join(' ')}`);
    const { status, error } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0)
      throw new Error(`apt-get ${args[0]} failed${error ? `: ${error.message}` : ''}. ${HOW_TO_INSTALL}`);
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'nats-server');
  // The package enables a service on port 4222. It was not asked for: only the program was.
  if (existsSync('/run/systemd/system'))
    spawnSync('systemctl', ['disable', '--now', 'nats-server.service'], { stdio: 'ignore' });
};

/**
 * Starts nats-server on 127.0.0.1 and resolves when it answers. Without `port` the server takes a free one. It ends with
 * this process, at the latest.
 */
export const startNatsServer = async ({ port, maxPayload, program, log } = {}) => {
  const path = program ?? (await findNatsServer(log ? { log } : {}));
  const folder = mkdtempSync(join(tmpdir(), 'hearth-nats-'));
  const config = join(folder, 'nats.conf');
  await writeFile(config, maxPayload === undefined ? '' : `max_payload: ${maxPayload}\n`);

  const args = ['-c', config, '-a', '127.0.0.1', '-p', String(port ?? -1), '--ports_file_dir', folder];
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4_000)));
  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve();
    });
    child.once('exit', resolve);
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => {
    process.off('exit', endWithUs);
    rmSync(folder, { recursive: true, force: true });
  });

  const deadline = Date.now() + START_DEADLINE_MS;
  // Written by this very process once it listens; a port alone may be answered by somebody else.
  const ports = join(folder, `nats-server_${child.pid}.ports`);
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      throw new Error(`nats-server did not start${port ? ` on port ${port}` : ''}:\n${output}`);
    const taken = await portFrom(ports);
    if (taken !== undefined && (await answers(taken)))
      return {
        url: `nats://127.0.0.1:${taken}`,
        port: taken,
        pid: child.pid,
        exited,
        stop: async (signal = 'SIGTERM') => {
          child.kill(signal);
          if (signal !== 'SIGKILL') child.kill('SIGCONT');
          await exited;
        },
      };
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`nats-server was not ready within ${START_DEADLINE_MS} ms:\n${output}`);
    }
    await sleep(10);
  }
};

/** The server writes down which port it took. */
const portFrom = async (file) => {
  try {
    const { nats } = JSON.parse(await readFile(file, 'utf8'));
    return Number(new URL(nats[0]).port);
  } catch {
    return undefined;
  }
};

/** True when whoever listens there greets as NATS does. */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (ready) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (data) => end(data.toString('latin1').startsWith('INFO ')));
  });

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const path = await findNatsServer();
    process.stdout.write(`${path}\n`);
    process.stderr.write(execFileSync(path, ['--version'], { encoding: 'utf8' }));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
