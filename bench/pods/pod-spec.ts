import { containerNames, image, type Json, type PodShape } from './pod-shape.ts';

const variables = ['SERVICE_NAME', 'LOG_LEVEL', 'HTTP_PORT', 'DATABASE_HOST', 'QUEUE_URL', 'TRACING_ENDPOINT'];

/** The spec of a pod of a Deployment, with what admission and defaulting add to it. */
export function podSpec(shape: PodShape, scheduled: boolean): Json {
  return {
    volumes: [
      { name: 'config', configMap: { name: 'checkout-config', defaultMode: 420 } },
      { name: 'cache', emptyDir: { sizeLimit: '256Mi' } },
      {
        name: 'kube-api-access-7xk2p',
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
    containers: containerNames(shape).map(container),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'checkout',
    serviceAccount: 'checkout',
    ...(scheduled ? { nodeName: 'ip-10-0-31-184.internal' } : {}),
    securityContext: { runAsUser: 10_001, fsGroup: 10_001 },
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((taint) => ({
      key: `node.kubernetes.io/${taint}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function container(name: string): Json {
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 };
  return {
    name,
    image,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: variables.map((variable) => ({ name: variable, value: `${variable.toLowerCase()}.shop.svc.cluster.local` })),
    resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '250m', memory: '256Mi' } },
    volumeMounts: [
      { name: 'config', readOnly: true, mountPath: '/etc/checkout' },
      { name: 'cache', mountPath: '/var/cache/checkout' },
      { name: 'kube-api-access-7xk2p', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: { ...probe, initialDelaySeconds: 10, successThreshold: 1, failureThreshold: 3 },
    readinessProbe: { ...probe, successThreshold: 1, failureThreshold: 3 },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
}
