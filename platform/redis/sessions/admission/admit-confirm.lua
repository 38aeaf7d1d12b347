-- A session's run takes its slot for as long as it lives. A slot that is missing (lost with Redis' records) is made: for a
-- session that has its pod always, for one that is about to make it only while the limit allows.
--
-- KEYS[1]  slots
-- KEYS[2]  reservations
-- KEYS[3]  slots taken, by tenant
-- KEYS[4]  epoch
-- ARGV[1]  session
-- ARGV[2]  tenant
-- ARGV[3]  run (its id)
-- ARGV[4]  slots in all, for a session that has no pod yet; else empty
--
-- Output   confirmed; not without a slot: admission_rebuilding, cluster_limit

local slot = redis.call('HGET', KEYS[1], ARGV[1])
if not slot then
  if ARGV[4] ~= '' then
    if redis.call('HGET', KEYS[1], '#epoch') ~= epoch(KEYS[4], clock()) then return 'admission_rebuilding' end
    if redis.call('HLEN', KEYS[1]) - 2 >= tonumber(ARGV[4]) then return 'cluster_limit' end
  end
  redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
else
  local tenant = string.match(slot, '^(%S*) ')
  if tenant ~= ARGV[2] then
    free(KEYS[3], tenant)
    redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[1])
return 'confirmed'
