/** The keys of all sessions' records in Redis; one prefix per cluster. */
export function sessionKeys(cluster: string) {
  const prefix = `podkeeper:${cluster}:`;
  return {
    record: (key: string) => `${prefix}session:${key}`,
    leases: (key: string) => `${prefix}leases:${key}`,
    gateways: `${prefix}gateways`,
    epoch: `${prefix}epoch`,
    slots: `${prefix}admission`,
    reservations: `${prefix}admission:reservations`,
    tenantSlots: `${prefix}admission:tenants`,
    starts: (tenant: string) => `${prefix}admission:starts:${tenant}`,
  } as const;
}

export type SessionKeys = ReturnType<typeof sessionKeys>;
