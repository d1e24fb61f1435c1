// What we hold ourselves to: locked-down pods, graceful ends, and that every name leads somewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { containersOf, id, labelsOf, matches, objects, ofKind, podOf, rendered, root, seconds, settings } from './manifests.mjs';

const nameOf = (object) => object.metadata.name;

// Made outside; k8s/README.md lists them.
const readme = fs.readFileSync(path.join(root, 'k8s/README.md'), 'utf8');

for (const folder of rendered) {
  const deployments = ofKind(folder, 'Deployment');
  const workloads = [...deployments, ...ofKind(folder, 'CronJob')];
  const pods = workloads.map((workload) => ({ labels: labelsOf(workload), containers: podOf(workload).containers }));

  describe(folder, () => {
    it('locks its pods down', () => {
      for (const workload of workloads) {
        const pod = podOf(workload);
        assert.equal(pod.securityContext.runAsNonRoot, true, id(workload));
        assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', id(workload));
        assert.equal(pod.automountServiceAccountToken, false, id(workload));
        for (const container of containersOf(workload)) {
          const where = `${id(workload)} ${container.name}`;
          assert.equal(container.securityContext.allowPrivilegeEscalation, false, where);
          assert.equal(container.securityContext.readOnlyRootFilesystem, true, where);
          assert.deepEqual(container.securityContext.capabilities, { drop: ['ALL'] }, where);
        }
      }
    });

    it('says what each container needs and may take', () => {
      for (const workload of workloads) {
        for (const { name, resources } of containersOf(workload)) {
          assert.ok(resources?.requests?.cpu && resources.requests.memory && resources.limits?.memory, `${id(workload)} ${name}`);
        }
      }
    });

    it('asks every container after its health', () => {
      for (const deployment of deployments) {
        for (const container of podOf(deployment).containers) {
          for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
            assert.ok(container[probe]?.grpc || container[probe]?.httpGet, `${id(deployment)} ${container.name} ${probe}`);
          }
          // With TLS the kubelet has no certificate for the gRPC port.
          if (settings(folder, container).FIVESTRAND_TLS_CERT_FILE) {
            assert.ok((settings(folder, container).FIVESTRAND_JWKS_URL ?? 'https:').startsWith('https:'), 'keys come over TLS');
            assert.ok(!container.startupProbe.grpc && !container.readinessProbe.grpc, `${id(deployment)} ${container.name}`);
          }
        }
      }
    });

    it('sets only what the programs know', () => {
      // The page lists the suite's keys: those of a service with its name in front, the rest as they are.
      const known = new Set([...fs.readFileSync(path.join(root, 'docs/reference/config.md'), 'utf8').matchAll(/`FIVESTRAND_(\w+)`/g)].map(([, key]) => key));
      assert.ok(known.size > 20);
      for (const workload of workloads) {
        for (const container of containersOf(workload)) {
          for (const name of Object.keys(settings(folder, container))) {
            const key = name.replace(/^FIVESTRAND_/, '');
            const service = container.image.replace(/^fivestrand-|:.*$/g, '').toUpperCase();
            // The suite needs no address of keys: they are in the same process.
            const outsideOnly = ['JWKS_URL', 'SERVICE_JWKS_DIR'].includes(key);
            assert.ok(known.has(key) || known.has(`${service}_${key}`) || outsideOnly, `${id(workload)} ${container.name}: ${name}`);
          }
        }
      }
    });

    it('gives a pod the time that its drain may take', () => {
      for (const deployment of deployments) {
        for (const container of podOf(deployment).containers) {
          const { FIVESTRAND_DRAIN_DELAY: delay, FIVESTRAND_SHUTDOWN_TIMEOUT: shutdown, FIVESTRAND_MAX_DEADLINE: deadline } = settings(folder, container);
          assert.equal(podOf(deployment).terminationGracePeriodSeconds, seconds(delay) + seconds(shutdown) + 5, id(deployment));
          assert.ok(seconds(deadline) <= seconds(shutdown), id(deployment));
        }
      }
    });

    it('keeps a store with one writer to one pod', () => {
      for (const deployment of deployments) {
        const embedded = podOf(deployment).containers.some((container) => {
          const { FIVESTRAND_DATA_DIR: data, FIVESTRAND_DB_URL: url } = settings(folder, container);
          return data && !url;
        });
        if (embedded) assert.deepEqual([deployment.spec.replicas, deployment.spec.strategy.type], [1, 'Recreate'], id(deployment));
        else assert.equal(deployment.spec.strategy.type, 'RollingUpdate', id(deployment));
      }
    });

    it('migrates before it serves, and checks the audit, on the same store', () => {
      const services = deployments.filter((deployment) => labelsOf(deployment)['fivestrand/tier'] === 'service');
      if (!folder.includes('demo')) assert.deepEqual(services.map(nameOf).sort(), ['assessment', 'cpd', 'leadership', 'welfare']);
      for (const service of services) {
        const name = nameOf(service);
        const [migrate] = podOf(service).initContainers;
        const [serve] = podOf(service).containers;
        assert.equal(serve.image.split(':')[0], `fivestrand-${name}`);
        assert.deepEqual(migrate.args, ['store', 'migrate']);
        assert.equal(settings(folder, serve).FIVESTRAND_MIGRATIONS, 'check');
        const job = ofKind(folder, 'CronJob').find((each) => nameOf(each) === `${name}-audit`);
        const [audit] = containersOf(job);
        for (const other of [migrate, audit]) {
          assert.equal(other.image, serve.image);
          for (const key of ['FIVESTRAND_DATA_DIR', 'FIVESTRAND_DB_URL', 'FIVESTRAND_KEYRING_FILE']) {
            assert.deepEqual(settings(folder, other)[key], settings(folder, serve)[key], `${other.name} ${key}`);
          }
        }
        const sourceOf = (pod, volume) => podOf(pod).volumes.find((each) => each.name === volume);
        for (const volume of ['data', 'keyring']) assert.deepEqual(sourceOf(job, volume), sourceOf(service, volume), `${name} ${volume}`);
      }
    });

    it('gives no two services one secret, claim or database', () => {
      const owners = new Map();
      for (const deployment of deployments) {
        const pod = podOf(deployment);
        const own = [...(pod.volumes ?? []).flatMap(({ secret, persistentVolumeClaim }) => [secret?.secretName, persistentVolumeClaim?.claimName])];
        for (const container of containersOf(deployment)) for (const { valueFrom } of container.env ?? []) own.push(valueFrom?.secretKeyRef.name);
        for (const name of new Set(own.filter(Boolean))) {
          assert.ok(!owners.has(name), `${name} of ${id(deployment)} and ${owners.get(name)}`);
          owners.set(name, id(deployment));
        }
      }
    });

    it('sends calls to services that exist, and lets them through', () => {
      const policies = ofKind(folder, 'NetworkPolicy').filter(({ spec }) => spec.podSelector.matchLabels);
      for (const deployment of deployments) {
        for (const container of podOf(deployment).containers) {
          for (const [key, value] of Object.entries(settings(folder, container))) {
            if (!key.endsWith('_TARGET')) continue;
            const [, name, port] = /^dns:\/\/\/([\w-]+):(\d+)$/.exec(value);
            assert.equal(key, `FIVESTRAND_${name.toUpperCase()}_TARGET`);
            const service = ofKind(folder, 'Service').find((each) => nameOf(each) === name);
            const target = service?.spec.ports.find((each) => each.port === Number(port))?.targetPort;
            assert.ok(target, `${id(deployment)} ${value}`);
            const peer = deployments.find((each) => matches(service.spec.selector, labelsOf(each)));
            const allows = (from, to, rules, end) =>
              policies.some(
                ({ spec }) =>
                  matches(spec.podSelector, labelsOf(from)) &&
                  (spec[rules] ?? []).some(
                    (rule) => rule.ports.some((each) => each.port === target) && rule[end].some(({ podSelector }) => podSelector && matches(podSelector, labelsOf(to))),
                  ),
              );
            assert.ok(allows(deployment, peer, 'egress', 'to'), `${id(deployment)} may not call ${name}`);
            assert.ok(allows(peer, deployment, 'ingress', 'from'), `${name} takes no calls of ${id(deployment)}`);
          }
        }
      }
    });

    it('gives the gateway every service', () => {
      const gateway = deployments.find((deployment) => nameOf(deployment) === 'gateway');
      if (!gateway) return;
      const known = Object.keys(settings(folder, podOf(gateway).containers[0]));
      for (const service of deployments.filter((deployment) => labelsOf(deployment)['fivestrand/tier'] === 'service')) {
        assert.ok(known.includes(`FIVESTRAND_${nameOf(service).toUpperCase()}_TARGET`), nameOf(service));
      }
    });

    it('selects pods that exist', () => {
      for (const object of objects(folder)) {
        const selector = { Service: object.spec?.selector, PodDisruptionBudget: object.spec?.selector, NetworkPolicy: object.spec?.podSelector }[object.kind];
        if (selector) assert.ok(pods.some(({ labels }) => matches(selector, labels)), id(object));
      }
      for (const deployment of deployments) {
        assert.ok(matches(deployment.spec.selector, deployment.spec.template.metadata.labels), id(deployment));
      }
    });

    it('names ports that exist', () => {
      const portsOf = (selector) =>
        pods.filter(({ labels }) => matches(selector, labels)).flatMap(({ containers }) => containers.flatMap(({ ports }) => (ports ?? []).map(({ name }) => name)));
      for (const service of ofKind(folder, 'Service')) {
        for (const { targetPort } of service.spec.ports) {
          assert.ok(portsOf(service.spec.selector).includes(targetPort), `${id(service)} ${targetPort}`);
          assert.notEqual(targetPort, 'admin', `${id(service)}: the admin port is not for callers`);
        }
      }
      for (const policy of ofKind(folder, 'NetworkPolicy')) {
        for (const rule of policy.spec.ingress ?? []) {
          for (const { port } of rule.ports) assert.ok(portsOf(policy.spec.podSelector).includes(port), `${id(policy)} ${port}`);
        }
      }
    });

    it('mounts what exists, or what the README says is made outside', () => {
      for (const workload of workloads) {
        const pod = podOf(workload);
        const outside = (secret) => assert.ok(readme.includes(`\`${secret}\``), `${id(workload)}: ${secret}`);
        const volumes = new Set((pod.volumes ?? []).map(({ name }) => name));
        for (const container of containersOf(workload)) {
          for (const { name } of container.volumeMounts ?? []) assert.ok(volumes.has(name), `${id(workload)} ${container.name} mounts ${name}`);
          for (const { valueFrom } of container.env ?? []) if (valueFrom) outside(valueFrom.secretKeyRef.name);
        }
        for (const { secret, configMap, persistentVolumeClaim } of pod.volumes ?? []) {
          if (secret) outside(secret.secretName);
          if (configMap && !ofKind(folder, 'ConfigMap').some(({ metadata }) => metadata.name === configMap.name)) outside(configMap.name);
          if (persistentVolumeClaim) {
            assert.ok(ofKind(folder, 'PersistentVolumeClaim').some(({ metadata }) => metadata.name === persistentVolumeClaim.claimName), id(workload));
          }
        }
        assert.ok(ofKind(folder, 'ServiceAccount').some(({ metadata }) => metadata.name === pod.serviceAccountName), id(workload));
      }
    });

    it('closes the network by default and scrapes every pod', () => {
      const deny = ofKind(folder, 'NetworkPolicy').find(({ metadata }) => metadata.name === 'default-deny');
      assert.deepEqual(deny.spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      for (const deployment of deployments) {
        const { annotations } = deployment.spec.template.metadata;
        const admin = podOf(deployment).containers.flatMap(({ ports }) => ports).find(({ name }) => name === 'admin');
        assert.equal(annotations['prometheus.io/port'], String(admin.containerPort), id(deployment));
      }
    });

    it('pins its images where it is an overlay', () => {
      if (!folder.includes('overlays')) return;
      for (const workload of workloads) {
        for (const { image } of containersOf(workload)) assert.match(image, /:\d+\.\d+\.\d+$/, id(workload));
      }
    });
  });
}
