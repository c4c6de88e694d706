// A service for the specs: says what it does, and behaves as its first argument says.
const [mode = 'well', name = 'service'] = process.argv.slice(2);
const say = (text: string) => console.log(`${name} ${text} ${process.pid}`);
const keepAlive = setInterval(() => undefined, 60_000);

const end = (): void => {
  say('stopped');
  clearInterval(keepAlive);
  process.disconnect?.();
};

if (mode === 'fails') {
  console.error(`${name} has no disk`);
  process.exit(3);
}
process.on('SIGTERM', () => (mode === 'stubborn' ? say('ignores that') : end()));
process.on('disconnect', () => mode === 'stubborn' || clearInterval(keepAlive));
if (mode !== 'never-ready') {
  say('ready');
  process.send?.({ hearth: 'ready', url: undefined });
}
