-- Reserves a slot for a session that is about to start. Repeated for one session it changes nothing.
--
-- KEYS[1]  slots: session -> "<tenant> <run>" ("<tenant> " while only reserved); #epoch is the
--          epoch they are complete in, #rebuild the one they were begun in
-- KEYS[2]  reservations: session, by when they end
-- KEYS[3]  slots taken, by tenant
-- KEYS[4]  the tenant's starts: tokens left, and as of when
-- KEYS[5]  epoch
-- ARGV[1]  session (its key)
-- ARGV[2]  tenant (a hash)
-- ARGV[3]  slots in all
-- ARGV[4]  slots a tenant may take
-- ARGV[5]  starts a second a tenant may make
-- ARGV[6]  starts it may make at once
-- ARGV[7]  milliseconds a reservation lasts
--
-- Output   { admitted | known | rebuilding | cluster_limit | tenant_limit | too_fast; milliseconds until it is worth asking again }

local now = clock()
local current = epoch(KEYS[5], now)
if redis.call('HGET', KEYS[1], '#epoch') ~= current then return { 'rebuilding', 0 } end

local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', whole(now), 'LIMIT', 0, 100)
for index = 1, #ended do
  local slot = redis.call('HGET', KEYS[1], ended[index])
  if slot then
    redis.call('HDEL', KEYS[1], ended[index])
    free(KEYS[3], string.match(slot, '^(%S*) '))
  end
  redis.call('ZREM', KEYS[2], ended[index])
end

if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return { 'known', 0 } end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local soonest = first[2] and math.max(1, tonumber(first[2]) - now) or tonumber(ARGV[7])
if redis.call('HLEN', KEYS[1]) - 2 >= tonumber(ARGV[3]) then return { 'cluster_limit', soonest } end
if tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or '0') >= tonumber(ARGV[4]) then return { 'tenant_limit', soonest } end

local rate, burst = tonumber(ARGV[5]), tonumber(ARGV[6])
local bucket = redis.call('HMGET', KEYS[4], 'tokens', 'at')
local tokens = burst
if bucket[1] then tokens = math.min(burst, tonumber(bucket[1]) + math.max(0, now - tonumber(bucket[2])) * rate / 1000) end
if tokens < 1 then return { 'too_fast', math.ceil((1 - tokens) * 1000 / rate) } end
redis.call('HSET', KEYS[4], 'tokens', tostring(tokens - 1), 'at', whole(now))
redis.call('PEXPIRE', KEYS[4], math.ceil(burst * 1000 / rate) + 1000)

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ')
redis.call('HINCRBY', KEYS[3], ARGV[2], 1)
redis.call('ZADD', KEYS[2], whole(now + tonumber(ARGV[7])), ARGV[1])
return { 'admitted', 0 }
