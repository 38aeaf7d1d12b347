-- Grants a gateway the right to send requests to one pod of a session, for a while. Running it again extends the lease.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases: gateway -> when the lease ends
-- ARGV[1]  incarnation of the pod the gateway would send to
-- ARGV[2]  gateway (its boot id)
-- ARGV[3]  milliseconds the lease lasts
--
-- Output   granted; draining: ask the session's run to call it back; gone: that pod takes no more requests;
--          missing: Redis knows nothing of the session, its run does

local found = record(KEYS[1])
if not found then return 'missing' end
local incarnation = tonumber(ARGV[1])
if found.incarnation < incarnation then return 'missing' end
if found.incarnation > incarnation or found.state == 'gone' then return 'gone' end
if found.state ~= 'ready' then return 'draining' end
redis.call('HSET', KEYS[2], ARGV[2], whole(clock() + tonumber(ARGV[3])))
keep(KEYS[2])
return 'granted'
