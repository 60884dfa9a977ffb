// The same records read by PouchDB from express-pouchdb: first sync, idle round, bytes on the wire.
// Usage: node pouch.mjs FOLDER-WITH-NODE_MODULES RECORDS.jsonl ; prints one JSON object.

import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , home, records] = process.argv;
const require = createRequire(join(home, "package.json"));
const PouchDB = require("pouchdb-node");
const express = require("express");
const folder = mkdtempSync(join(tmpdir(), "pouch-"));

const Served = PouchDB.defaults({ prefix: join(folder, "served-") });
const app = express();
app.use("/", require("express-pouchdb")(Served, { logPath: join(folder, "log.txt"), inMemoryConfig: true }));
const server = await new Promise((done) => {
  const listening = app.listen(0, "127.0.0.1", () => done(listening));
});

// A wire that counts what passes, both ways.
let carried = 0;
const wire = createServer((device) => {
  const town = connect(server.address().port, "127.0.0.1");
  for (const [from, to] of [[device, town], [town, device]]) {
    from.on("data", (piece) => { carried += piece.length; to.write(piece); });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
  }
});
await new Promise((done) => wire.listen(0, "127.0.0.1", done));

const docs = readFileSync(records, "utf8").trim().split("\n").map((line, n) => {
  const { id, ...body } = JSON.parse(line);
  return { _id: id ?? String(n), ...body };
});
const town = new Served("records");
for (let at = 0; at < docs.length; at += 1000) await town.bulkDocs(docs.slice(at, at + 1000));

const device = new PouchDB(join(folder, "device"));
const round = async () => {
  const before = carried, begun = performance.now();
  await PouchDB.replicate(`http://127.0.0.1:${wire.address().port}/records`, device, { batch_size: 1000 });
  return { ms: performance.now() - begun, bytes: carried - before };
};
const first = await round();
const { doc_count } = await device.info();
await round();
const idle = [];
for (let n = 0; n < 15; n += 1) idle.push(await round());
idle.sort((one, other) => one.ms - other.ms);
console.log(JSON.stringify({ docs: doc_count, first, idle: idle[7] }));
rmSync(folder, { recursive: true, force: true });
process.exit(0);
