-- A gateway says that it lives and has sent all its leases. In an epoch it has not sent them to yet, it is not taken in: it
-- sends them again first, and until its next beat no session is found idle, because the epoch is young.
--
-- KEYS[1]  gateways: gateway -> last beat
-- KEYS[2]  epoch
-- ARGV[1]  gateway
-- ARGV[2]  the epoch it has sent its leases to; empty before the first
-- ARGV[3]  milliseconds after which a silent gateway counts as dead
-- ARGV[4]  1 when it is leaving (all its leases are released), else 0
--
-- Output   the epoch

local now = clock()
local current = epoch(KEYS[2], now)
local beats = redis.call('HGETALL', KEYS[1])
for index = 1, #beats, 2 do
  if now - tonumber(beats[index + 1]) > tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], beats[index]) end
end
if ARGV[4] == '1' then
  redis.call('HDEL', KEYS[1], ARGV[1])
elseif ARGV[2] == current then
  redis.call('HSET', KEYS[1], ARGV[1], whole(now))
end
return current
