// Stands between the supervisor and a program that is not ours: the program ends when the supervisor does, however that
// goes. `guard.js <program> <arguments…>`; it must be started with a channel.
import { spawn } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2).filter((argument) => argument !== '--supervised');

const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const end = (): void => void child.kill('SIGTERM');

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
process.on('disconnect', end);
process.channel?.unref();
if (!process.connected) end();

child.on('error', (error) => {
  process.stderr.write(`cannot run ${program}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
