-- Has every gateway been heard of since an idle session began to drain? One that was cut off may have sent it a request that
-- nobody else knows of; its next beat counts only once it has sent all its leases, this one among them.
--
-- KEYS[1]  record of the session
-- KEYS[2]  gateways: gateway -> last beat
-- ARGV[1]  incarnation
-- ARGV[2]  milliseconds after which a gateway counts as dead
--
-- Output   1 heard of all, or it does not drain; else 0

local found = record(KEYS[1])
if not found or found.incarnation ~= tonumber(ARGV[1]) or found.state ~= 'draining' then return 1 end
return unheard(KEYS[2], found.drained, clock(), tonumber(ARGV[2])) and 0 or 1
