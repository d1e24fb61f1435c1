// Each object against the Kubernetes schemas. The schemas let unknown fields pass, so the objects are type-checked as well: an object
// literal with a field that its type does not have is an error.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { id, objects, rendered, root } from './manifests.mjs';

const tsc = createRequire(path.join(root, 'tests/e2e/package.json')).resolve('typescript/package.json').replace('package.json', 'bin/tsc');

const modelModule = (object) => {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  return `kubernetes-models/${group ? `${group}/` : ''}${version}/${object.kind}`;
};

/** What the type checker says about the objects; empty when all is well. */
function typeErrors(list) {
  const folder = fs.mkdtempSync(path.join(root, 'node_modules/.manifests-'));
  try {
    const source = list
      .map((object, n) => `import type { I${object.kind} as T${n} } from '${modelModule(object)}';\nexport const m${n}: T${n} = ${JSON.stringify(object)};`)
      .join('\n');
    fs.writeFileSync(path.join(folder, 'manifests.ts'), source);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022', '--types', ''];
    execFileSync(process.execPath, [tsc, ...options, 'manifests.ts'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return error.stdout || String(error);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

for (const folder of rendered) {
  describe(folder, () => {
    it('has only valid objects', async () => {
      assert.ok(objects(folder).length > 0);
      for (const object of objects(folder)) {
        const { [object.kind]: Model } = await import(modelModule(object));
        assert.doesNotThrow(() => new Model(object).validate(), id(object));
      }
    });

    it('has no field that Kubernetes does not know', () => assert.equal(typeErrors(objects(folder)), ''));
  });
}

it('a misspelt field is found', () => {
  const deployment = structuredClone(objects('k8s/base').find((object) => object.kind === 'Deployment'));
  deployment.spec.template.spec.containers[0].readinesProbe = {};
  assert.match(typeErrors([deployment]), /readinesProbe/);
});
