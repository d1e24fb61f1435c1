// What we hold ourselves to: locked-down pods, graceful ends, and that every name leads somewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { containersOf, id, matches, objects, ofKind, podOf, rendered, root, seconds, settings } from './manifests.mjs';

// Made outside; k8s/README.md lists them.
const readme = fs.readFileSync(path.join(root, 'k8s/README.md'), 'utf8');

for (const folder of rendered) {
  const deployments = ofKind(folder, 'Deployment');
  const pods = deployments.map((deployment) => ({ labels: deployment.spec.template.metadata.labels, containers: podOf(deployment).containers }));

  describe(folder, () => {
    it('locks its pods down', () => {
      for (const deployment of deployments) {
        const pod = podOf(deployment);
        assert.equal(pod.securityContext.runAsNonRoot, true, id(deployment));
        assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', id(deployment));
        assert.equal(pod.automountServiceAccountToken, false, id(deployment));
        for (const container of containersOf(deployment)) {
          const where = `${id(deployment)} ${container.name}`;
          assert.equal(container.securityContext.allowPrivilegeEscalation, false, where);
          assert.equal(container.securityContext.readOnlyRootFilesystem, true, where);
          assert.deepEqual(container.securityContext.capabilities, { drop: ['ALL'] }, where);
        }
      }
    });

    it('says what each container needs and may take', () => {
      for (const deployment of deployments) {
        for (const { name, resources } of containersOf(deployment)) {
          assert.ok(resources?.requests?.cpu && resources.requests.memory && resources.limits?.memory, `${id(deployment)} ${name}`);
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
            assert.ok(!container.startupProbe.grpc && !container.readinessProbe.grpc, `${id(deployment)} ${container.name}`);
          }
        }
      }
    });

    it('gives a pod the time that its drain may take', () => {
      for (const deployment of deployments) {
        for (const container of podOf(deployment).containers) {
          const { FIVESTRAND_DRAIN_DELAY: delay, FIVESTRAND_MAX_DEADLINE: deadline } = settings(folder, container);
          assert.equal(podOf(deployment).terminationGracePeriodSeconds, seconds(delay) + seconds(deadline) + 5, id(deployment));
        }
      }
    });

    it('keeps a store with one writer to one pod', () => {
      for (const deployment of deployments) {
        const embedded = podOf(deployment).containers.some((container) => settings(folder, container).FIVESTRAND_DATA_DIR);
        if (embedded) assert.deepEqual([deployment.spec.replicas, deployment.spec.strategy.type], [1, 'Recreate'], id(deployment));
        else assert.equal(deployment.spec.strategy.type, 'RollingUpdate', id(deployment));
      }
    });

    it('migrates before it serves, on the same store', () => {
      const leadership = deployments.find((deployment) => deployment.metadata.name === 'leadership');
      if (!leadership) return;
      const [migrate] = podOf(leadership).initContainers;
      const [serve] = podOf(leadership).containers;
      assert.deepEqual(migrate.args, ['migrate']);
      assert.equal(migrate.image, serve.image);
      for (const key of ['FIVESTRAND_DATA_DIR', 'FIVESTRAND_DB_URL_FILE']) {
        assert.equal(settings(folder, migrate)[key], settings(folder, serve)[key], key);
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
        pods.filter(({ labels }) => matches(selector, labels)).flatMap(({ containers }) => containers.flatMap(({ ports }) => ports.map(({ name }) => name)));
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
      for (const deployment of deployments) {
        const volumes = new Set((podOf(deployment).volumes ?? []).map(({ name }) => name));
        for (const container of containersOf(deployment)) {
          for (const { name } of container.volumeMounts ?? []) assert.ok(volumes.has(name), `${id(deployment)} ${container.name} mounts ${name}`);
        }
        for (const { secret, persistentVolumeClaim } of podOf(deployment).volumes ?? []) {
          if (secret) assert.ok(readme.includes(`\`${secret.secretName}\``), `${id(deployment)}: ${secret.secretName}`);
          if (persistentVolumeClaim) {
            assert.ok(ofKind(folder, 'PersistentVolumeClaim').some(({ metadata }) => metadata.name === persistentVolumeClaim.claimName), id(deployment));
          }
        }
        assert.ok(ofKind(folder, 'ServiceAccount').some(({ metadata }) => metadata.name === podOf(deployment).serviceAccountName), id(deployment));
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
      for (const deployment of deployments) {
        for (const { image } of containersOf(deployment)) assert.match(image, /:\d+\.\d+\.\d+$/, id(deployment));
      }
    });
  });
}
