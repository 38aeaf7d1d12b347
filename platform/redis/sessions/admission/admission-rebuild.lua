-- After Redis was emptied or replaced: the slots of all sessions that have a pod, in parts; the last part lets sessions
-- start again. Their runs confirm them at their next idle check; until then they are reservations, which each sweep of the
-- pods prolongs in the same way. A slot that a run has confirmed is not touched.
--
-- KEYS[1]  slots
-- KEYS[2]  reservations
-- KEYS[3]  slots taken, by tenant
-- KEYS[4]  epoch
-- ARGV[1]  the epoch the pods were listed in; empty asks for it
-- ARGV[2]  1 with the last part
-- ARGV[3]  milliseconds until a slot that no run confirms ends
-- ARGV[4 ..]  session, tenant, in pairs
--
-- Output   the epoch; when it is not the one given, nothing was taken in and the pods must be listed again

local now = clock()
local current = epoch(KEYS[4], now)
if ARGV[1] ~= current then return current end
-- Only the first of several that rebuild at once begins anew; the others add to it.
if redis.call('HGET', KEYS[1], '#rebuild') ~= current then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[1], '#rebuild', current)
end
for index = 4, #ARGV, 2 do
  if redis.call('HSETNX', KEYS[1], ARGV[index], ARGV[index + 1] .. ' ') == 1 then
    redis.call('HINCRBY', KEYS[3], ARGV[index + 1], 1)
    redis.call('ZADD', KEYS[2], whole(now + tonumber(ARGV[3])), ARGV[index])
  else
    -- XX: only of a slot that is reserved. GT: never sooner than it would end.
    redis.call('ZADD', KEYS[2], 'XX', 'GT', whole(now + tonumber(ARGV[3])), ARGV[index])
  end
end
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], '#epoch', current) end
return current
