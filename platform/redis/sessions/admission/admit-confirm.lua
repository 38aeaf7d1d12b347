-- A session's run takes its slot for as long as it lives. Slots follow what runs say: one that is missing is made.
--
-- KEYS[1]  slots
-- KEYS[2]  reservations
-- KEYS[3]  slots taken, by tenant
-- ARGV[1]  session
-- ARGV[2]  tenant
-- ARGV[3]  run (its id)
--
-- Output   1

local slot = redis.call('HGET', KEYS[1], ARGV[1])
if not slot then
  redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
else
  local tenant = string.match(slot, '^(%S*) ')
  if tenant ~= ARGV[2] then
    redis.call('HINCRBY', KEYS[3], tenant, -1)
    redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
