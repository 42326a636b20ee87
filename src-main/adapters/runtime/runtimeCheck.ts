// Imported first by every entry, whoever starts it. better-sqlite3 13 needs N-API 10 and crashes without a word below it.
const napi = Number(process.versions['napi'] ?? 0);
if (!(napi >= 10)) {
  process.stderr.write(
    `Strikedesk needs Node 22.14 or newer (N-API 10); this is Node ${process.versions.node} (N-API ${napi}). ` +
      'Start it with npm (npm start, npm run serve ...), which uses the Node that comes with the project.\n',
  );
  process.exit(1);
}

export const napiVersion = napi;
