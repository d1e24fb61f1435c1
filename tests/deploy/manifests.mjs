// The manifests as kustomize renders them, and questions that several tests ask of them.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

// Everything that somebody may apply: the overlays, the base alone, and the base with each component.
export const rendered = ['k8s/base', 'k8s/overlays/demo', 'k8s/overlays/production'];

const cache = new Map();

/** The objects of one folder, in kustomize's order. Fails when kustomize warns. */
export function objects(folder) {
  if (!cache.has(folder)) {
    const text = execFileSync(process.env.KUBECTL ?? 'kubectl', ['kustomize', path.join(root, folder)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    cache.set(
      folder,
      parseAllDocuments(text)
        .map((document) => document.toJS())
        .filter(Boolean),
    );
  }
  return cache.get(folder);
}

export const id = (object) => `${object.kind}/${object.metadata.name}`;
export const ofKind = (folder, kind) => objects(folder).filter((object) => object.kind === kind);
const templateOf = (workload) => workload.spec.jobTemplate?.spec.template ?? workload.spec.template;
export const podOf = (workload) => templateOf(workload).spec;
export const labelsOf = (workload) => templateOf(workload).metadata.labels;
export const containersOf = (workload) => [...(podOf(workload).initContainers ?? []), ...podOf(workload).containers];

/** Whether a selector (of a Service, or with matchLabels and matchExpressions) takes a pod with these labels. */
export function matches(selector, labels) {
  const { matchLabels = selector.matchExpressions ? {} : selector, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels?.[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels?.[key]))
  );
}

/** A container's settings: its own env over what it takes from config maps. */
export function settings(folder, container) {
  const values = {};
  for (const source of container.envFrom ?? []) {
    Object.assign(values, ofKind(folder, 'ConfigMap').find((map) => map.metadata.name === source.configMapRef.name)?.data);
  }
  for (const { name, value, valueFrom } of container.env ?? []) values[name] = value ?? valueFrom;
  return values;
}

/** Seconds of "5s", "500ms" or "1m". */
export function seconds(duration) {
  const [, number, unit] = /^([\d.]+)(ms|s|m)$/.exec(duration);
  return Number(number) * { ms: 0.001, s: 1, m: 60 }[unit];
}
