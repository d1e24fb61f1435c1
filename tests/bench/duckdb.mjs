// An embedded columnar database on the same results, asked the same questions. Prints a line of JSON: the median of each question in
// milliseconds, and sums over its answer to compare.
//   node duckdb.mjs PACKAGES RESULTS.csv THREADS
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const [packages, file, threads] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(`${packages}/package.json`)("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:", { threads });
const connection = await instance.connect();
await connection.run(
  `CREATE TABLE result AS SELECT * FROM read_csv('${file.replaceAll("'", "''")}', header = false, columns = {'win': 'UTINYINT', ` +
    `'school': 'UTINYINT', 'subject': 'UTINYINT', 'groups': 'UTINYINT', 'score': 'USMALLINT'}, nullstr = '')`,
);

// Count and mean by school and subject: all, disadvantaged pupils, the others.
const question = (where) =>
  `SELECT school, subject, count(score), avg(score), count(score) FILTER (groups & 1 = 1), avg(score) FILTER (groups & 1 = 1), ` +
  `count(score) FILTER (groups & 1 = 0), avg(score) FILTER (groups & 1 = 0) FROM result ${where} GROUP BY school, subject`;

async function ask(where) {
  const times = [];
  let rows = [];
  for (let i = 0; i < 25; i++) {
    const start = performance.now();
    rows = (await connection.runAndReadAll(question(where))).getRows();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const sum = (column) => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);
  return { ms: times[12], cells: rows.length, count: sum(2), group: sum(4), mean: sum(3) };
}

console.log(JSON.stringify({ all: await ask(""), one: await ask("WHERE win = 9") }));
