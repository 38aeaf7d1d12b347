-- Ends a gateway's lease: its last request ended a while ago. Of another incarnation than the record's it changes nothing.
--
-- KEYS[1]  record of the session
-- KEYS[2]  its leases
-- ARGV[1]  incarnation the lease is for
-- ARGV[2]  gateway
-- ARGV[3]  milliseconds since its last request ended
--
-- Output   1 released; 0 there is nothing to release from

local found = record(KEYS[1])
if not found or found.incarnation ~= tonumber(ARGV[1]) or found.state == 'gone' then return 0 end
local ended = clock() - math.max(0, tonumber(ARGV[3]))
if ended > found.activity then
  redis.call('HSET', KEYS[1], 'activity', whole(ended))
end
redis.call('HDEL', KEYS[2], ARGV[2])
return 1
