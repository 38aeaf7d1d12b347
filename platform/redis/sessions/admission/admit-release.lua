-- A session's run gives its slot back. A slot of another run, or one that is only reserved (for the next run), stays.
--
-- KEYS[1]  slots
-- KEYS[2]  reservations
-- KEYS[3]  slots taken, by tenant
-- ARGV[1]  session
-- ARGV[2]  run
--
-- Output   1 given back; 0 it was not this run's

local slot = redis.call('HGET', KEYS[1], ARGV[1])
if not slot then return 0 end
local tenant, run = string.match(slot, '^(%S*) (.*)$')
if run ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
free(KEYS[3], tenant)
return 1
