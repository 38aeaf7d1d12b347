-- A session was ended and drains: its pod gets no new request from now on, and those in flight are waited for. Unlike one that
-- drains for idleness it is not called back; gateways learn of it with their next renewal.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases
-- ARGV[1]  incarnation
--
-- Output   1 when a lease is live and is not another pod's; else 0

local now, found = clock(), record(KEYS[1])
if found and found.incarnation ~= tonumber(ARGV[1]) then return 0 end
if found and found.state == 'ready' then redis.call('HSET', KEYS[1], 'state', 'draining') end
local leases = redis.call('HVALS', KEYS[2])
for index = 1, #leases do
  if tonumber(leases[index]) > now then return 1 end
end
return 0
