-- The last word before a pod is deleted: after it no lease is granted. An idle session is not sealed while anything
-- speaks against it; one that was asked to end, or has no pod any more, always is.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases
-- KEYS[3]  epoch
-- KEYS[4]  gateways
-- ARGV[1]  incarnation
-- ARGV[2]  1 when it ends for idleness, else 0
-- ARGV[3]  milliseconds for which an epoch is young
-- ARGV[4]  milliseconds the record is kept as a tombstone
-- ARGV[5]  milliseconds after which a gateway counts as dead
--
-- Output   sealed; superseded: a newer pod's record is there, untouched; else why not: lease, missing, young,
--          unheard: a gateway was not heard of since it drains;
--          active: a gateway told late of a request that has ended, it drains for less idleness than was believed

local now, incarnation = clock(), tonumber(ARGV[1])
local found = record(KEYS[1])
if found and found.incarnation > incarnation then return 'superseded' end
if ARGV[2] == '1' and not (found and found.incarnation == incarnation and found.state == 'gone') then
  if not found or found.incarnation < incarnation then return 'missing' end
  local _, age = epoch(KEYS[3], now)
  if age < tonumber(ARGV[3]) then return 'young' end
  local leases = redis.call('HVALS', KEYS[2])
  for index = 1, #leases do
    if tonumber(leases[index]) > now then return 'lease' end
  end
  if unheard(KEYS[4], found.drained, now, tonumber(ARGV[5])) then return 'unheard' end
  if found.believed and found.activity > found.believed then return 'active' end
end
redis.call('HSET', KEYS[1], 'state', 'gone', 'incarnation', whole(incarnation))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[4]))
redis.call('DEL', KEYS[2])
return 'sealed'
