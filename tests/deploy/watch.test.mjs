// Alerts lead to runbooks and back, and dashboards can be read by Grafana.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { root } from './manifests.mjs';

const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const alerts = parse(read('k8s/alerts/fivestrand.yaml')).groups.flatMap(({ rules }) => rules);
const alertTests = parse(read('tests/deploy/alerts/fivestrand_test.yaml')).tests.flatMap((test) => test.alert_rule_test);

it('each alert has a runbook, and each runbook an alert', () => {
  const named = alerts.map(({ annotations }) => annotations.runbook_url).sort();
  const pages = fs.readdirSync(path.join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
  assert.deepEqual(named, pages.map((name) => `docs/runbooks/${name}`).sort());
  const list = read('docs/runbooks/README.md');
  for (const { alert } of alerts) assert.ok(list.includes(`| ${alert} |`), alert);
});

it('each alert is seen to fire and to keep quiet', () => {
  for (const { alert } of alerts) {
    const tests = alertTests.filter(({ alertname }) => alertname === alert);
    assert.ok(tests.some(({ exp_alerts }) => exp_alerts.length > 0), `${alert} fires`);
    assert.ok(tests.some(({ exp_alerts }) => exp_alerts.length === 0), `${alert} keeps quiet`);
  }
});

it('dashboards are whole', () => {
  for (const name of fs.readdirSync(path.join(root, 'k8s/dashboards')).filter((file) => file.endsWith('.json'))) {
    const board = JSON.parse(read(`k8s/dashboards/${name}`));
    assert.ok(board.uid && board.title, name);
    assert.equal(new Set(board.panels.map(({ id }) => id)).size, board.panels.length, name);
    const variables = new Set(board.templating.list.map((variable) => variable.name));
    for (const panel of board.panels) {
      assert.ok(panel.title && panel.targets.length > 0, `${name}: ${panel.title}`);
      for (const { expr } of panel.targets) {
        for (const [, variable] of expr.matchAll(/\$(\w+)/g)) assert.ok(variables.has(variable), `${name}: ${panel.title}: $${variable}`);
      }
    }
  }
});

it('alerts and dashboards ask only for metrics that exist', () => {
  const known = new Set([...read('docs/reference/metrics.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
  const boards = ['rpc', 'school-adherence'].flatMap((name) => JSON.parse(read(`k8s/dashboards/${name}.json`)).panels);
  for (const expr of [...alerts.map((alert) => alert.expr), ...boards.flatMap(({ targets }) => targets.map((target) => target.expr))]) {
    for (const [name] of expr.matchAll(/\b(grpc_server|fivestrand)_\w+/g)) {
      assert.ok(known.has(name.replace(/_(bucket|sum|count)$/, '')), `${name} in ${expr}`);
    }
  }
});
